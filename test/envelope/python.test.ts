import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allSuites, openBuffer, sealBuffer } from '../../envelope/index.ts';
import * as web from '../../envelope/web.ts';
import { findPython, startPythonClient } from '../support/encryption-sdk-python/client.ts';
import { createRawDataKeys } from '../support/raw-data-keys.ts';
import { isSoak } from '../support/soak.ts';

// The Python program takes seconds to start.
const python = isSoak ? findPython() : undefined;

describe.skipIf(python === undefined)('the AWS Encryption SDK for Python', { timeout: 1_200_000 }, () => {
  const dataKeys = createRawDataKeys();
  const commitmentPolicy = 'REQUIRE_ENCRYPT_ALLOW_DECRYPT';
  const names = fc.string({ minLength: 1, maxLength: 12 }).filter((name) => !name.startsWith('aws-crypto-'));
  const messages = fc.record({
    suite: fc.constantFrom(...allSuites.map(({ id }) => id)),
    // Python requires a multiple of 128. 0 is an unframed body.
    frameLength: fc.constantFrom(0, 128, 256, 4096, 65_536),
    frames: fc.nat(3),
    near: fc.integer({ min: -1, max: 1 }),
    encryptionContext: fc.dictionary(names, fc.string({ maxLength: 20 }), { maxKeys: 4, noNullPrototype: true }),
  });

  test('opens the messages of this code, and the reverse', async () => {
    const client = startPythonClient(python as string, dataKeys);
    try {
      await fc.assert(
        fc.asyncProperty(messages, async ({ suite, frameLength, frames, near, encryptionContext }) => {
          const plaintext = randomBytes(Math.max(0, frames * (frameLength || 1000) + near));
          const theirs = await client.seal(plaintext, { suite, frameLength, encryptionContext });
          for (const open of [openBuffer, web.openBuffer]) {
            const opened = await open(theirs, { dataKeys, commitmentPolicy, encryptionContext });
            expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
            expect(opened.encryptionContext).toEqual(encryptionContext);
          }
          if (suite < 0x0400 || frameLength === 0) return;
          for (const seal of [sealBuffer, web.sealBuffer]) {
            const ours = await seal(plaintext, { dataKeys, suite, frameLength, encryptionContext });
            expect(Buffer.compare(await client.open(ours), plaintext)).toBe(0);
          }
        }),
        { numRuns: 2_000 },
      );
    } finally {
      client.close();
    }
  });
});
