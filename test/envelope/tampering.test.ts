import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AlgorithmSuite, findSuite } from '../../envelope/format/suites.ts';
import {
  createOpenStream,
  type OpenOptions,
  openBuffer,
  readHeader,
  rewrapMessage,
  sealBuffer,
} from '../../envelope/index.ts';
import { createAwsClient } from '../support/aws-encryption-client.ts';
import { captureCode, runStream } from '../support/message-streams.ts';
import { createRawDataKeys, WrongKeyError } from '../support/raw-data-keys.ts';
import { isSoak } from '../support/soak.ts';

const dataKeys = createRawDataKeys();
const options: OpenOptions = { dataKeys, commitmentPolicy: 'REQUIRE_ENCRYPT_ALLOW_DECRYPT' };
const plaintext = randomBytes(250);
const frameLength = 100;
const regularFrameBytes = 4 + 12 + frameLength + 16;

const messages: Record<string, Uint8Array> = {};

beforeAll(async () => {
  const aws = createAwsClient(dataKeys);
  const encryptionContext = { team: 'app' };
  messages['version 2'] = await sealBuffer(plaintext, { dataKeys, frameLength, encryptionContext });
  messages['version 2, signed'] = await sealBuffer(plaintext, { dataKeys, frameLength, suite: 0x0578 });
  messages['version 1'] = await aws.seal(plaintext, { suite: 0x0178, frameLength, encryptionContext });
  messages['version 1, signed'] = await aws.seal(plaintext, { suite: 0x0214, frameLength });
});

const names = ['version 2', 'version 2, signed', 'version 1', 'version 1, signed'] as const;

/** Opens a changed message as a buffer and as a stream. Checks that the stream emitted only plaintext of verified frames. */
async function openChanged(message: Uint8Array, chunkBytes?: readonly number[]): Promise<readonly unknown[]> {
  const stream = createOpenStream({ ...options, releaseBeforeSignature: true });
  const { error, output } = await runStream(stream, message, chunkBytes);
  expect(plaintext.subarray(0, output.length).equals(output)).toBe(true);
  const code = error === undefined ? 'no error' : ((error as { code?: string }).code ?? String(error));
  return [await openChangedBuffer(message), code];
}

function openChangedBuffer(message: Uint8Array): Promise<string> {
  return captureCode(openBuffer(message, options));
}

/** `npm test` opens every change as a buffer, and some as a stream, which takes longer. */
const isStreamed = (index: number) => isSoak || index % 7 === 0;

describe('a changed message', () => {
  test.for(names)('is rejected if any byte is changed: %s', async (name) => {
    const message = messages[name] as Uint8Array;
    const codes = new Set<unknown>();
    for (let index = 0; index < message.length; index += 1) {
      const changed = Uint8Array.from(message);
      changed[index] = (changed[index] as number) ^ 0x01;
      const buffer = await openChangedBuffer(changed);
      expect(buffer).not.toBe('no error');
      if (isStreamed(index)) expect(await openChanged(changed)).toEqual([buffer, buffer]);
      codes.add(buffer);
    }
    const expected = [
      'NotAMessage',
      'FrameAuthenticationFailed',
      'FrameOutOfOrder',
      'MessageTruncated',
      String(new WrongKeyError()),
    ];
    expect([...codes]).toEqual(expect.arrayContaining(expected));
  });

  test.for(names)('is rejected at any length that is too short: %s', async (name) => {
    const message = messages[name] as Uint8Array;
    for (let length = 0; length < message.length; length += 1) {
      const start = message.subarray(0, length);
      expect(await openChangedBuffer(start)).toBe('MessageTruncated');
      if (isStreamed(length)) expect(await openChanged(start, [7])).toEqual(['MessageTruncated', 'MessageTruncated']);
    }
  });

  test.for(names)('is rejected if other bytes follow: %s', async (name) => {
    const message = messages[name] as Uint8Array;
    expect(await openChanged(Buffer.concat([message, Buffer.of(0)]))).toEqual(['TrailingBytes', 'TrailingBytes']);
    expect(await openChanged(Buffer.concat([message, message]), [message.length])).toEqual([
      'TrailingBytes',
      'TrailingBytes',
    ]);
  });

  test.for([
    ['exchanged', [1, 0], 'FrameOutOfOrder'],
    ['repeated', [0, 0, 1], 'FrameOutOfOrder'],
    ['missing', [1], 'FrameOutOfOrder'],
    ['missing at the end', [0], 'FrameOutOfOrder'],
  ] as const)('is rejected if frames are %s', async ([, order, code]) => {
    for (const name of names) {
      const message = messages[name] as Uint8Array;
      const body = readHeader(message)?.headerBytes as number;
      const frame = (index: number) =>
        message.subarray(body + index * regularFrameBytes, body + (index + 1) * regularFrameBytes);
      const rest = message.subarray(body + 2 * regularFrameBytes);
      const changed = Buffer.concat([message.subarray(0, body), ...order.map(frame), rest]);
      expect(await openChanged(changed)).toEqual([code, code]);
    }
  });

  test('is rejected if frames are exchanged and numbered again', async () => {
    const message = Uint8Array.from(messages['version 2'] as Uint8Array);
    const body = readHeader(message)?.headerBytes as number;
    const first = message.slice(body + 4, body + regularFrameBytes);
    message.copyWithin(body + 4, body + regularFrameBytes + 4, body + 2 * regularFrameBytes);
    message.set(first, body + regularFrameBytes + 4);
    expect(await openChanged(message)).toEqual(['FrameAuthenticationFailed', 'FrameAuthenticationFailed']);
  });

  test('is rejected if it has the body of another message', async () => {
    const message = messages['version 2'] as Uint8Array;
    const other = await sealBuffer(plaintext, { dataKeys, frameLength, encryptionContext: { team: 'app' } });
    const body = readHeader(message)?.headerBytes as number;
    const changed = Buffer.concat([message.subarray(0, body), other.subarray(body)]);
    expect(await openChanged(changed)).toEqual(['FrameAuthenticationFailed', 'FrameAuthenticationFailed']);
  });

  test('is rejected if it has the encrypted data key of another message', async () => {
    const message = messages['version 2'] as Uint8Array;
    const other = await sealBuffer(plaintext, { dataKeys, frameLength, encryptionContext: { team: 'app' } });
    const key = readHeader(message)?.encryptedDataKeys[0];
    const otherKey = readHeader(other)?.encryptedDataKeys[0];
    const fields = Buffer.concat([
      key?.providerInfoBytes as Uint8Array,
      Buffer.of(0, 48),
      key?.ciphertext as Uint8Array,
    ]);
    const otherFields = Buffer.concat([
      otherKey?.providerInfoBytes as Uint8Array,
      Buffer.of(0, 48),
      otherKey?.ciphertext as Uint8Array,
    ]);
    const changed = Buffer.from(message);
    changed.set(otherFields, changed.indexOf(fields));
    expect(await openChanged(changed)).toEqual(['KeyCommitmentMismatch', 'KeyCommitmentMismatch']);
  });
});

describe('openBuffer', () => {
  test('reports the error of the data keys if they have another wrapping key', async () => {
    const opening = openBuffer(messages['version 2'] as Uint8Array, { dataKeys: createRawDataKeys() });
    await expect(opening).rejects.toThrow(WrongKeyError);
  });

  test('rejects a data key of the wrong length', async () => {
    const short = { ...dataKeys, decrypt: async () => ({ plaintext: randomBytes(16) }) };
    expect(await captureCode(openBuffer(messages['version 2'] as Uint8Array, { dataKeys: short }))).toBe(
      'InvalidDataKey',
    );
  });

  test('rejects a data key that was handed out before, and is therefore overwritten', async () => {
    const dataKey = await dataKeys.generate({ suite: findSuite(0x0478) as AlgorithmSuite, encryptionContext: {} });
    const repeating = { ...dataKeys, generate: async () => dataKey };
    await sealBuffer(plaintext, { dataKeys: repeating });
    expect(await captureCode(sealBuffer(plaintext, { dataKeys: repeating }))).toBe('InvalidDataKey');
  });

  test('returns a header that stays the same when the buffer of the message is reused', async () => {
    const message = Buffer.from(messages['version 1'] as Uint8Array);
    const { header } = await openBuffer(message, options);
    message.fill(0);
    expect(header).toEqual(readHeader(messages['version 1'] as Uint8Array));
  });

  test('requires a key commitment by default, before it decrypts the data key', async () => {
    const unused = createRawDataKeys(dataKeys.wrappingKey);
    const message = messages['version 1'] as Uint8Array;
    expect(await captureCode(openBuffer(message, { dataKeys: unused }))).toBe('CommitmentRequired');
    expect(unused.calls).toBe(0);
  });

  test('rejects a commitment policy that does not exist', async () => {
    const commitmentPolicy = 'FORBID_ENCRYPT_ALLOW_DECRYPT' as 'REQUIRE_ENCRYPT_ALLOW_DECRYPT';
    const opening = openBuffer(messages['version 2'] as Uint8Array, { dataKeys, commitmentPolicy });
    expect(await captureCode(opening)).toBe('InvalidOption');
  });

  test.for([
    ['another value', { team: 'web' }],
    ['a missing name', { team: 'app', stage: 'prod' }],
    ['a name that only the prototype has', { toString: 'app' }],
  ] as [string, Record<string, string>][])(
    'rejects an expected encryption context with %s',
    async ([, encryptionContext]) => {
      const opening = openBuffer(messages['version 2'] as Uint8Array, { dataKeys, encryptionContext });
      expect(await captureCode(opening)).toBe('EncryptionContextMismatch');
    },
  );

  test('accepts a message that contains more pairs than expected', async () => {
    const opened = await openBuffer(messages['version 2'] as Uint8Array, { dataKeys, encryptionContext: {} });
    expect(opened.encryptionContext).toEqual({ team: 'app' });
  });

  test('recognizes a message in base64', async () => {
    for (const name of names) {
      const text = Buffer.from(Buffer.from(messages[name] as Uint8Array).toString('base64'));
      await expect(openBuffer(text, options)).rejects.toThrow(
        'The input is a message in base64. Decode it before you open it.',
      );
    }
  });

  test('overwrites all plaintext data keys with zeros', async () => {
    const keys = createRawDataKeys();
    const message = await sealBuffer(plaintext, { dataKeys: keys });
    await openBuffer(message, { dataKeys: keys });
    message[message.length - 1] = (message.at(-1) as number) ^ 1;
    await captureCode(openBuffer(message, { dataKeys: keys }));
    expect(keys.handedOut.map((key) => Buffer.from(key).toString('hex'))).toEqual(Array(3).fill('00'.repeat(32)));
  });
});

describe('rewrapMessage', () => {
  test.for(names)('seals the same plaintext and context under other keys: %s', async (name) => {
    const newDataKeys = createRawDataKeys();
    const message = messages[name] as Uint8Array;
    const rewrapped = await rewrapMessage(message, { ...options, newDataKeys });
    const opened = await openBuffer(rewrapped, { dataKeys: newDataKeys });
    expect(Buffer.compare(opened.plaintext, plaintext)).toBe(0);
    expect(opened.encryptionContext).toEqual((await openBuffer(message, options)).encryptionContext);
    expect(opened.header.suite.id).toBe(0x0478);
    await expect(openBuffer(rewrapped, { dataKeys })).rejects.toThrow(WrongKeyError);
  });

  test('never uses the message id, and so the derived key, of the first message again', async () => {
    const message = messages['version 2'] as Uint8Array;
    const rewrapped = await rewrapMessage(message, { dataKeys, newDataKeys: dataKeys });
    expect(readHeader(rewrapped)?.messageId).not.toEqual(readHeader(message)?.messageId);
  });

  test('rejects a message whose body was changed', async () => {
    const message = Uint8Array.from(messages['version 2'] as Uint8Array);
    message[message.length - 20] = (message.at(-20) as number) ^ 1;
    expect(await captureCode(rewrapMessage(message, { dataKeys, newDataKeys: dataKeys }))).toBe(
      'FrameAuthenticationFailed',
    );
  });
});
