import { randomBytes } from 'node:crypto';
import { build } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeSignature, encodeSignature } from '../../envelope/format/ecdsa-signature.ts';
import { allSuites, formatSuite, openBuffer, readHeader, sealBuffer } from '../../envelope/index.ts';
import * as web from '../../envelope/web.ts';
import { createAwsClient } from '../support/aws-encryption-client.ts';
import { captureCode } from '../support/message-streams.ts';
import { createRawDataKeys } from '../support/raw-data-keys.ts';
import { isSoak } from '../support/soak.ts';

const dataKeys = createRawDataKeys();
const aws = createAwsClient(dataKeys);
const commitmentPolicy = 'REQUIRE_ENCRYPT_ALLOW_DECRYPT';
const encryptionContext = { team: 'app' };
const frameLength = 100;

describe('the WebCrypto build', () => {
  test.for(allSuites.map((suite) => [formatSuite(suite), suite.id] as const))(
    "opens messages of AWS's library with suite %s",
    async ([, suite]) => {
      for (const bytes of [0, 99, 100, 101, 250]) {
        const plaintext = randomBytes(bytes);
        const message = await aws.seal(plaintext, { suite, frameLength, encryptionContext });
        const opened = await web.openBuffer(message, { dataKeys, commitmentPolicy });
        expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
        expect(opened.encryptionContext).toEqual(encryptionContext);
      }
    },
  );

  test.for([0x0478, 0x0578])('seals messages that the Node.js build and AWS open (suite %i)', async (suite) => {
    for (const bytes of [0, 99, 100, 101, 250]) {
      const plaintext = randomBytes(bytes);
      const message = await web.sealBuffer(plaintext, { dataKeys, suite, frameLength, encryptionContext });
      expect(Buffer.compare((await openBuffer(message, { dataKeys })).plaintext, plaintext)).toBe(0);
      expect(Buffer.compare((await aws.open(message)).plaintext, plaintext)).toBe(0);
    }
  });

  test('rejects a changed message with the same code as the Node.js build', async () => {
    for (const suite of [0x0478, 0x0578]) {
      const message = await sealBuffer(randomBytes(150), { dataKeys, suite, frameLength });
      const codes = async (changed: Uint8Array) =>
        expect(await captureCode(web.openBuffer(changed, { dataKeys }))).toBe(
          await captureCode(openBuffer(changed, { dataKeys })),
        );
      for (let index = 0; index < message.length; index += isSoak ? 1 : 3) {
        const changed = Uint8Array.from(message);
        changed[index] = (changed[index] as number) ^ 0x01;
        await codes(changed);
        await codes(message.subarray(0, index));
      }
      await codes(Buffer.concat([message, Buffer.of(1)]));
      expect(await captureCode(web.openBuffer(message, { dataKeys }))).toBe('no error');
    }
  });

  test('reuses data keys and signing keys from a cache', async () => {
    const raw = createRawDataKeys();
    const cache = web.createDataKeyCache({ maxAgeSeconds: 60, maxMessages: 10, maxBytes: 1000 });
    const cached = cache.wrap(raw, { partition: '', keyIds: [] });
    const seal = () => web.sealBuffer(randomBytes(10), { dataKeys: cached, suite: 0x0578 });
    const messages = [await seal(), await seal()];
    expect(raw.calls).toBe(1);
    for (const message of messages) await web.openBuffer(message, { dataKeys: cached });
    const [first, second] = messages.map((message) => readHeader(message)?.encryptionContext);
    expect(first).toEqual(second);
  });

  test('overwrites all plaintext data keys with zeros, after it used them', async () => {
    const raw = createRawDataKeys();
    await web.openBuffer(await web.sealBuffer(randomBytes(10), { dataKeys: raw }), { dataKeys: raw });
    expect(raw.handedOut.map((key) => Buffer.from(key).toString('hex'))).toEqual(Array(2).fill('00'.repeat(32)));
  });

  test('contains no Node.js modules, and loads elliptic curves only for signed messages', async () => {
    const { metafile, outputFiles } = await build({
      entryPoints: ['envelope/web.ts'],
      ...({ bundle: true, platform: 'browser', format: 'esm', minify: true, splitting: true } as const),
      ...({ outdir: 'unwritten', write: false, metafile: true, logLevel: 'silent' } as const),
    });
    const files = Object.keys(metafile.inputs);
    expect(files.filter((file) => !/^(envelope|node_modules\/@noble)\//.test(file))).toEqual([]);
    expect(files.filter((file) => file.startsWith('envelope/node/'))).toEqual([]);
    const entry = outputFiles.find(({ path }) => path.endsWith('/web.js'));
    expect(entry?.contents.length).toBeLessThan(25_000);
  });
});

describe('signatures in DER', () => {
  const numbers = fc.tuple(coordinates(), coordinates()).map(([r, s]) => Uint8Array.from([...r, ...s]));

  /** Numbers with any count of zero bytes at the start. */
  function coordinates(): fc.Arbitrary<number[]> {
    const tail = fc.array(fc.nat(255), { maxLength: 48 });
    return tail.map((bytes) => [...Array<number>(48 - bytes.length).fill(0), ...bytes]);
  }

  test('convert to the two numbers of WebCrypto and back', () => {
    fc.assert(
      fc.property(numbers, (bytes) => {
        expect(decodeSignature(encodeSignature(bytes), 48)).toEqual(bytes);
      }),
    );
  });

  test.for([
    ['an empty structure', '3000'],
    ['a wrong length', '3007020101020101'],
    ['another tag', '3106020101020101'],
    ['a negative number', '3006020181020101'],
    ['an unnecessary zero byte', '300702020001020101'],
    ['a missing number', '3003020101'],
    ['a third number', '3009020101020101020101'],
    ['an empty number', '30050200020101'],
    ['a number that is too long', `3035${`0231${'01'.repeat(49)}`}020100`],
  ])('are rejected with %s', ([, hex]) => {
    expect(decodeSignature(Buffer.from(hex as string, 'hex'), 48)).toBeUndefined();
  });
});
