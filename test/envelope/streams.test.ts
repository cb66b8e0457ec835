import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOpenStream, createSealStream, type OpenResult, openBuffer, sealBuffer } from '../../envelope/index.ts';
import { openBuffer as openInBrowser } from '../../envelope/web.ts';
import { captureCode, runStream } from '../support/message-streams.ts';
import { createRawDataKeys } from '../support/raw-data-keys.ts';
import { isSoak } from '../support/soak.ts';

const dataKeys = createRawDataKeys();
const signed = 0x0578;

describe('createSealStream and createOpenStream', () => {
  test('streams and buffers open the messages of each other, whatever the sizes of chunks and frames', async () => {
    const sizes = fc.record({
      plaintext: fc.uint8Array({ maxLength: 300, size: 'max' }),
      frameLength: fc.integer({ min: 1, max: 120 }),
      sealChunks: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
      openChunks: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
      isSigned: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(sizes, async ({ plaintext, frameLength, sealChunks, openChunks, isSigned }) => {
        const options = { dataKeys, frameLength, ...(isSigned && { suite: signed }) };
        const streamed = await runStream(createSealStream(options), plaintext, sealChunks);
        expect(streamed.error).toBeUndefined();
        expect(Buffer.compare((await openBuffer(streamed.output, { dataKeys })).plaintext, plaintext)).toBe(0);

        const message = await sealBuffer(plaintext, options);
        const unsigned = { length: message.length };
        if (!isSigned) expect(streamed.output).toHaveLength(unsigned.length);
        const openStream = createOpenStream({ dataKeys, releaseBeforeSignature: true });
        const opened = await runStream(openStream, message, openChunks);
        expect(opened.error).toBeUndefined();
        expect(Buffer.compare(opened.output, plaintext)).toBe(0);
      }),
      { numRuns: isSoak ? 3000 : 80 },
    );
  });

  test('works with Web streams through the adapters of Node.js', async () => {
    const plaintext = randomBytes(200_000);
    const web = Readable.toWeb(Readable.from([plaintext]).compose(createSealStream({ dataKeys })));
    const message = Buffer.from(await new Response(web as unknown as ReadableStream).arrayBuffer());
    expect(Buffer.compare((await openBuffer(message, { dataKeys })).plaintext, plaintext)).toBe(0);
  });
});

describe('createSealStream', () => {
  test.for([
    ['more', 9],
    ['fewer', 11],
  ] as const)('fails if the plaintext has %s bytes than `plaintextLength`', async ([, plaintextLength]) => {
    const { error } = await runStream(createSealStream({ dataKeys, plaintextLength }), randomBytes(10), [4]);
    expect(error).toMatchObject({ code: 'PlaintextLengthMismatch' });
  });

  test('fails if no data key can be created', async () => {
    const failing = { ...dataKeys, generate: () => Promise.reject(new Error('KMS is not available')) };
    const { error, output } = await runStream(createSealStream({ dataKeys: failing }), randomBytes(10));
    expect(error).toEqual(new Error('KMS is not available'));
    expect(output).toHaveLength(0);
  });
});

describe('createOpenStream', () => {
  test('rejects signed messages before it decrypts the data key, unless `releaseBeforeSignature` is set', async () => {
    const message = await sealBuffer(randomBytes(100), { dataKeys, suite: signed });
    const unused = createRawDataKeys(dataKeys.wrappingKey);
    const { error, output } = await runStream(createOpenStream({ dataKeys: unused }), message);
    expect(error).toMatchObject({ code: 'SignedMessageInStream' });
    expect(output).toHaveLength(0);
    expect(unused.calls).toBe(0);
  });

  test('withholds the final frame of a signed message until the signature is verified', async () => {
    const plaintext = randomBytes(250);
    const message = await sealBuffer(plaintext, { dataKeys, suite: signed, frameLength: 100 });
    message[message.length - 1] = (message.at(-1) as number) ^ 1;
    const stream = createOpenStream({ dataKeys, releaseBeforeSignature: true });
    const { error, output } = await runStream(stream, message);
    expect(error).toMatchObject({ code: 'SignatureInvalid' });
    expect(output.equals(plaintext.subarray(0, 200))).toBe(true);
  });

  test('emits each frame as soon as its bytes have arrived', async () => {
    const plaintext = randomBytes(250);
    const message = await sealBuffer(plaintext, { dataKeys, frameLength: 100 });
    const { output, error } = await runStream(createOpenStream({ dataKeys }), message.subarray(0, message.length - 1));
    expect(error).toMatchObject({ code: 'MessageTruncated' });
    expect(output.equals(plaintext.subarray(0, 200))).toBe(true);
  });

  test('reports the authenticated header before the first plaintext', async () => {
    const events: unknown[] = [];
    const message = await sealBuffer(randomBytes(100), { dataKeys, encryptionContext: { team: 'app' } });
    const onHeader = ({ encryptionContext }: Omit<OpenResult, 'plaintext'>) => events.push(encryptionContext);
    const stream = createOpenStream({ dataKeys, onHeader });
    stream.on('data', () => events.push('plaintext'));
    await runStream(stream, message);
    expect(events).toEqual([{ team: 'app' }, 'plaintext']);
  });

  test('rejects more frames than `maxFrames`, in streams and in buffers of Node.js and browsers', async () => {
    const message = await sealBuffer(randomBytes(3), { dataKeys, frameLength: 1 });
    for (const open of [openBuffer, openInBrowser]) {
      expect((await open(message, { dataKeys, maxFrames: 3 })).plaintext).toHaveLength(3);
      expect(await captureCode(open(message, { dataKeys, maxFrames: 2 }))).toBe('LimitExceeded');
    }
    const stream = createOpenStream({ dataKeys, maxFrames: 2 });
    expect((await runStream(stream, message)).error).toMatchObject({ code: 'LimitExceeded' });
  });

  test('rejects an invalid limit when the stream is created', async () => {
    expect(() => createOpenStream({ dataKeys, maxFrameLength: 0 })).toThrow(
      '`maxFrameLength` must be a positive number.',
    );
    expect(await captureCode(openBuffer(new Uint8Array(0), { dataKeys, maxHeaderBytes: -1 }))).toBe('InvalidOption');
  });
});
