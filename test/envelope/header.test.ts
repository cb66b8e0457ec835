import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { concatBytes, encodeBlock, encodeUint16 } from '../../envelope/format/byte-writer.ts';
import { encodeEncryptedDataKeys } from '../../envelope/format/encrypted-data-keys.ts';
import { decodeEncryptionContext, encodeEncryptionContext } from '../../envelope/format/encryption-context.ts';
import { boundPlaintext, checkFrameNumber, divideIntoFrames, measureBody } from '../../envelope/format/frames.ts';
import {
  createOpenStream,
  EnvelopeError,
  openBuffer,
  readHeader,
  type SealOptions,
  sealBuffer,
} from '../../envelope/index.ts';
import * as web from '../../envelope/web.ts';
import { createAwsClient } from '../support/aws-encryption-client.ts';
import { captureCode, runStream } from '../support/message-streams.ts';
import { mutate, RandomNumbers } from '../support/random-mutations.ts';
import { createRawDataKeys, WrongKeyError } from '../support/raw-data-keys.ts';
import { isSoak } from '../support/soak.ts';

const dataKeys = createRawDataKeys();
const plaintext = randomBytes(250);
const frameLength = 100;
let version1: Uint8Array;
let version2: Uint8Array;
let unframed: Uint8Array;

beforeAll(async () => {
  const aws = createAwsClient(dataKeys);
  version1 = await aws.seal(plaintext, { suite: 0x0178, frameLength });
  version2 = await sealBuffer(plaintext, { dataKeys, frameLength, encryptionContext: { team: 'app' } });
  unframed = sealUnframed(version1);
});

/** Replaces the body of a version 1 message by the start of an unframed body. Its tags do not match. */
function sealUnframed(message: Uint8Array): Uint8Array {
  const end = readHeader(message)?.headerBytes as number;
  const header = Buffer.from(message.subarray(0, end));
  header[end - 12 - 16 - 10] = 1;
  header.fill(0, end - 12 - 16 - 4, end - 12 - 16);
  return Buffer.concat([header, Buffer.alloc(12), Buffer.from('000000ffffffffff', 'hex')]);
}

/** Replaces bytes at an offset. A negative offset counts from the end of the part that the header's tag authenticates. */
function replace(message: Uint8Array, offset: number, hex: string): Uint8Array {
  const changed = Buffer.from(message);
  const end = readHeader(message)?.authenticatedBytes as number;
  changed.set(Buffer.from(hex, 'hex'), offset < 0 ? end + offset : offset);
  return changed;
}

describe('a header', () => {
  test.for([
    ['an unknown version', () => replace(version2, 0, '03'), 'NotAMessage'],
    ['an unknown type', () => replace(version1, 1, '81'), 'NotAMessage'],
    ['an unknown suite', () => replace(version2, 1, '0479'), 'UnsupportedSuite'],
    ['a suite of the other version', () => replace(version2, 1, '0178'), 'MalformedHeader'],
    ['a signed suite without a public key', () => replace(version2, 1, '0578'), 'MalformedHeader'],
    ['a context that is longer than its pairs', () => replace(version2, 35, '0010'), 'MalformedHeader'],
    ['a context that is shorter than its pairs', () => replace(version2, 35, '000c'), 'MalformedHeader'],
    ['a context without pairs', () => replace(version2, 37, '0000'), 'MalformedHeader'],
    ['a context that is not UTF-8', () => replace(version2, 41, 'ff'), 'MalformedHeader'],
    ['no encrypted data keys', () => replace(version1, 22, '0000'), 'MalformedHeader'],
    ['a key provider id that is not UTF-8', () => replace(version1, 26, 'ff'), 'MalformedHeader'],
    ['more encrypted data keys than the limit', () => replace(version1, 22, 'ffff'), 'LimitExceeded'],
    ['an unknown content type', () => replace(version2, -37, '03'), 'MalformedHeader'],
    ['reserved bytes that are not zero', () => replace(version1, -9, '01'), 'MalformedHeader'],
    ['another IV length', () => replace(version1, -5, '10'), 'MalformedHeader'],
    ['frames of length 0', () => replace(version2, -36, '00000000'), 'MalformedHeader'],
    ['a frame length although it is unframed', () => replace(version1, -10, '01'), 'MalformedHeader'],
    ['a frame length above the limit', () => replace(version2, -36, 'ffffffff'), 'LimitExceeded'],
  ] as const)('is rejected with %s', async ([, change, code]) => {
    const message = change();
    expect(await captureCode((async () => readHeader(message))())).toBe(code);
    expect(
      await captureCode(openBuffer(message, { dataKeys, commitmentPolicy: 'REQUIRE_ENCRYPT_ALLOW_DECRYPT' })),
    ).toBe(code);
  });

  test('is read as soon as its bytes are complete', () => {
    const { headerBytes } = readHeader(version2) as { headerBytes: number };
    for (let length = 0; length < headerBytes; length += 1)
      expect(readHeader(version2.subarray(0, length))).toBeUndefined();
    expect(readHeader(version2.subarray(0, headerBytes))).toEqual(readHeader(version2));
  });

  test('is rejected as soon as its fields are longer than `maxHeaderBytes`', () => {
    const start = replace(version2, 35, 'ffff').subarray(0, 37);
    expect(() => readHeader(start, { maxHeaderBytes: 1_000 })).toThrow('The message header is longer than 1000 bytes.');
  });

  test.for([
    ['a frame length', () => replace(version2, -36, 'ffffffff')],
    ['a number of encrypted data keys', () => replace(version1, 22, 'ffff')],
    ['a length of an encrypted data key', () => replace(version1, 24, 'ffff')],
  ] as const)('causes no allocation for %s that it only claims', async ([, change]) => {
    const message = change();
    const limits = { maxFrameLength: 2 ** 32, maxEncryptedDataKeys: 2 ** 16, maxHeaderBytes: 2 ** 32, maxFrames: 1 };
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    await captureCode(openBuffer(message, { dataKeys, ...limits, commitmentPolicy: 'REQUIRE_ENCRYPT_ALLOW_DECRYPT' }));
    const after = process.memoryUsage();
    expect(after.arrayBuffers - arrayBuffers).toBeLessThan(1_000_000);
    expect(after.heapUsed - heapUsed).toBeLessThan(10_000_000);
  });

  test('may have as many encrypted data keys as `maxEncryptedDataKeys`', async () => {
    const [key] = readHeader(version2)?.encryptedDataKeys ?? [];
    const many = {
      ...dataKeys,
      generate: async (...request: Parameters<typeof dataKeys.generate>) => {
        const dataKey = await dataKeys.generate(...request);
        return { ...dataKey, encryptedDataKeys: [...Array(20).fill(key), ...dataKey.encryptedDataKeys] };
      },
    };
    const message = await sealBuffer(plaintext, { dataKeys: many });
    expect(await captureCode(openBuffer(message, { dataKeys }))).toBe('LimitExceeded');
    const opened = await openBuffer(message, { dataKeys, maxEncryptedDataKeys: 21 });
    expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
  });
});

describe('an unframed body', () => {
  test('is rejected if it claims more bytes than the limit, before they arrive', async () => {
    // The header's tag does not match either, so this checks the limit below the header.
    const { parseFrameHead } = await import('../../envelope/format/frames.ts');
    const head = unframed.subarray(-20);
    const parse = (maxFrameLength: number) =>
      parseFrameHead(
        head,
        1,
        { isFramed: false, frameLength: 0 },
        { maxFrameLength, maxHeaderBytes: 1, maxEncryptedDataKeys: 1, maxFrames: 1 },
      );
    expect(() => parse(1_000)).toThrow(EnvelopeError);
    expect(parse(2 ** 40)).toMatchObject({ kind: 'unframed', contentBytes: 2 ** 40 - 1 });
  });
});

describe('the encryption context', () => {
  test('is encoded in the order of the UTF-8 bytes of its names, and decoded again', () => {
    const contexts = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(contexts, (context) => {
        const decoded = decodeEncryptionContext(encodeEncryptionContext(context));
        expect(decoded).toEqual({ ...context });
        const names = Object.keys(context).map((name) => Buffer.from(name));
        const sorted = names.toSorted(Buffer.compare).map(String);
        expect(new Set(Object.keys(decoded))).toEqual(new Set(sorted));
      }),
    );
    const astral = encodeEncryptionContext({ '\u{1f511}': '', '\uff5e': '' });
    expect(Buffer.from(astral).indexOf('\uff5e')).toBeLessThan(Buffer.from(astral).indexOf('\u{1f511}'));
  });

  test('keeps names that objects have already, and byte order marks', () => {
    const pairs = [
      ['__proto__', 'a'],
      ['constructor', '\ufeffb'],
    ] as const;
    const context = Object.fromEntries(pairs);
    const decoded = decodeEncryptionContext(encodeEncryptionContext(context));
    expect(Object.entries(decoded)).toEqual(pairs);
  });

  test('is rejected if it contains a name twice', () => {
    const pair = [...encodeBlock(Buffer.from('a')), ...encodeBlock(Buffer.from('b'))];
    expect(() => decodeEncryptionContext(concatBytes([encodeUint16(2), ...pair, ...pair]))).toThrow(
      'contains a name twice',
    );
  });
});

describe('sealBuffer', () => {
  test.for([
    [
      'a name with the prefix aws-crypto-',
      { encryptionContext: { 'aws-crypto-x': '' } },
      'must not start with aws-crypto-',
    ],
    [
      'a context of more than 65,535 bytes',
      { encryptionContext: { a: 'x'.repeat(65_535) } },
      'longer than 65535 bytes',
    ],
    ['a value that is not a string', { encryptionContext: { a: 1 } }, 'must be strings'],
    ['a lone surrogate', { encryptionContext: { a: '\ud800' } }, 'well-formed Unicode'],
    ['a frame length of 0', { frameLength: 0 }, '`frameLength` must be an integer between 1 and 67108864'],
    ['a fraction as frame length', { frameLength: 1.5 }, '`frameLength` must be an integer'],
    ['a frame length above the default limit', { frameLength: 67_108_865 }, '`frameLength` must be an integer'],
    ['a suite that does not exist', { suite: 0x0479 }, 'The algorithm suite does not exist'],
    ['a name of a suite that does not exist', { suite: 'toString' }, 'The algorithm suite does not exist'],
    ['a suite without a key commitment', { suite: 0x0178 }, 'because it has no key commitment. Use 0x0478 or 0x0578.'],
  ] as [string, Partial<SealOptions>, string][])(
    'rejects %s before it creates a data key',
    async ([, options, message]) => {
      const unused = createRawDataKeys();
      for (const seal of [sealBuffer, web.sealBuffer]) {
        const error = await seal(plaintext, { dataKeys: unused, ...options }).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(EnvelopeError);
        expect((error as EnvelopeError).code).toBe('InvalidOption');
        expect((error as EnvelopeError).message).toContain(message);
      }
    },
  );

  test('accepts the name of a suite', async () => {
    const message = await sealBuffer(plaintext, {
      dataKeys,
      suite: 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384',
    });
    expect(readHeader(message)?.suite.id).toBe(0x0578);
  });

  test('rejects encrypted data keys that do not fit into the header', () => {
    const key = { providerId: 'aws-kms', providerInfo: '', ciphertext: new Uint8Array(65_536) };
    expect(() => encodeEncryptedDataKeys([key])).toThrow('longer than 65535 bytes');
    expect(() => encodeEncryptedDataKeys([])).toThrow('between 1 and 65535');
  });
});

describe('frames', () => {
  test('divide a plaintext so that only the final frame may be shorter', () => {
    expect([...divideIntoFrames(0, 4)]).toEqual([{ kind: 'final', number: 1, contentBytes: 0 }]);
    expect([...divideIntoFrames(8, 4)]).toEqual([
      { kind: 'regular', number: 1, contentBytes: 4 },
      { kind: 'final', number: 2, contentBytes: 4 },
    ]);
  });

  test('need as many bytes as measured, and enough memory when any part of the body is opened', () => {
    const layouts = fc.record({
      bytes: fc.nat(2_000),
      length: fc.integer({ min: 1, max: 300 }),
      share: fc.double({ min: 0, max: 1.2, noNaN: true }),
    });
    fc.assert(
      fc.property(layouts, ({ bytes, length, share }) => {
        const frames = [...divideIntoFrames(bytes, length)];
        const sizes = frames.map(({ kind, contentBytes }) => contentBytes + (kind === 'final' ? 40 : 32));
        expect(measureBody(bytes, length)).toBe(sizes.reduce((sum, size) => sum + size, 0));
        const received = Math.floor(measureBody(bytes, length) * share);
        const complete = frames.filter(
          (_, index) => sizes.slice(0, index + 1).reduce((sum, size) => sum + size, 0) <= received,
        );
        const needed = complete.reduce((sum, { contentBytes }) => sum + contentBytes, 0);
        const bound = boundPlaintext(received, { isFramed: true, frameLength: length });
        expect(bound).toBeGreaterThanOrEqual(needed);
        if (share === 1) expect(bound - bytes).toBeLessThan(100);
      }),
    );
  });

  test('have numbers up to 4,294,967,295, which only the final frame may have', () => {
    const check = (kind: 'regular' | 'final', number: number) => () =>
      checkFrameNumber({ kind, number, contentBytes: 1 });
    expect(check('regular', 0xffff_fffe)).not.toThrow();
    expect(check('final', 0xffff_ffff)).not.toThrow();
    expect(check('regular', 0xffff_ffff)).toThrow('A message has at most 4294967295 frames');
    expect(check('final', 0x1_0000_0000)).toThrow('A message has at most 4294967295 frames');
  });
});

describe('mutated messages', () => {
  const runs = isSoak ? 500_000 : 2_000;
  /** Far more than the messages need, and less than one length field claims. */
  const maxExtraBytes = 1024 * 1024 * 1024;

  test(`cause only typed errors, and no unverified plaintext (${runs} messages)`, { timeout: 3_600_000 }, async () => {
    const random = new RandomNumbers(Date.now());
    const signed = await sealBuffer(plaintext, { dataKeys, frameLength, suite: 0x0578 });
    const originals = [version1, version2, unframed, signed];
    const options = { dataKeys, commitmentPolicy: 'REQUIRE_ENCRYPT_ALLOW_DECRYPT' } as const;
    const memoryBytes = process.memoryUsage.rss();
    for (let index = 0; index < runs; index += 1) {
      const original = originals[index % originals.length] as Uint8Array;
      const message = mutate(original, random);
      if (Buffer.compare(message, original) === 0) continue;
      const outcome = await runStream(createOpenStream({ ...options, releaseBeforeSignature: true }), message, [
        1 + random.below(300),
      ]);
      const hex = Buffer.from(message).toString('hex');
      if (!isTyped(outcome.error) || !plaintext.subarray(0, outcome.output.length).equals(outcome.output))
        expect.fail(hex);
      const error = await (index % 2 === 0 ? openBuffer : web.openBuffer)(message, options).catch(
        (reason: unknown) => reason,
      );
      if (!isTyped(error)) expect.fail(`${error} ${hex}`);
    }
    expect(process.memoryUsage.rss() - memoryBytes).toBeLessThan(maxExtraBytes);
  });

  function isTyped(error: unknown): boolean {
    return error instanceof EnvelopeError || error instanceof WrongKeyError;
  }
});
