import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allSuites, formatSuite, openBuffer, sealBuffer } from '../../envelope/index.ts';
import { createAwsClient } from '../support/aws-encryption-client.ts';
import { createRawDataKeys } from '../support/raw-data-keys.ts';
import { isSoak } from '../support/soak.ts';

const dataKeys = createRawDataKeys();
const aws = createAwsClient(dataKeys);
const commitmentPolicy = 'REQUIRE_ENCRYPT_ALLOW_DECRYPT';

const contexts = fc.dictionary(
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter(isCallerName),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  {
    maxKeys: 5,
  },
);

function isCallerName(name: string): boolean {
  return name !== '' && !name.startsWith('aws-crypto-');
}

/** A frame length, and a plaintext whose length is near a multiple of it. */
const layouts = fc
  .record({
    frameLength: fc.constantFrom(1, 2, 15, 16, 17, 100, 4096, 65_536),
    frames: fc.nat(3),
    near: fc.integer({ min: -1, max: 1 }),
  })
  .map(({ frameLength, frames, near }) => ({ frameLength, bytes: Math.max(0, frames * frameLength + near) }));

const runs = { numRuns: isSoak ? 500 : 15 };

test.for(allSuites.map((suite) => [formatSuite(suite), suite.id] as const))(
  "opens messages of AWS's library with suite %s",
  async ([, suite]) => {
    await fc.assert(
      fc.asyncProperty(layouts, contexts, async ({ bytes, frameLength }, encryptionContext) => {
        const plaintext = randomBytes(bytes);
        const message = await aws.seal(plaintext, { suite, frameLength, encryptionContext });
        const opened = await openBuffer(message, { dataKeys, commitmentPolicy });
        expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
        expect(opened.encryptionContext).toEqual(encryptionContext);
        expect(opened.header.suite.id).toBe(suite);
      }),
      runs,
    );
  },
);

test.for(allSuites.filter(({ isCommitting }) => isCommitting).map((suite) => [formatSuite(suite), suite.id] as const))(
  "seals messages that AWS's library opens with suite %s",
  async ([, suite]) => {
    await fc.assert(
      fc.asyncProperty(layouts, contexts, async ({ bytes, frameLength }, encryptionContext) => {
        const plaintext = randomBytes(bytes);
        const message = await sealBuffer(plaintext, { dataKeys, suite, frameLength, encryptionContext });
        const opened = await aws.open(message);
        expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
        expect(opened.encryptionContext).toMatchObject(encryptionContext);
        const ours = await openBuffer(message, { dataKeys });
        expect(Buffer.compare(ours.plaintext, plaintext)).toBe(0);
      }),
      runs,
    );
  },
);
