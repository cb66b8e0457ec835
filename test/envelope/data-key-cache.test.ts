import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  createDataKeyCache,
  createSealStream,
  type DataKeyCacheOptions,
  type DataKeys,
  type DataKeyUse,
  openBuffer,
  readHeader,
  type SealOptions,
  sealBuffer,
} from '../../envelope/index.ts';
import { runStream } from '../support/message-streams.ts';
import { createRawDataKeys, type RawDataKeys } from '../support/raw-data-keys.ts';

const scope = { partition: 'caller', keyIds: ['key'] };
const limits = { maxAgeSeconds: 300, maxMessages: 10, maxBytes: 1_000 };
const plaintext = randomBytes(50);

afterEach(() => {
  vi.useRealTimers();
});

interface CacheTest {
  readonly raw: RawDataKeys;
  readonly uses: DataKeyUse[];
  readonly dataKeys: DataKeys;
  readonly cache: ReturnType<typeof createDataKeyCache>;
  seal(options?: Partial<SealOptions>, bytes?: number): Promise<Uint8Array>;
}

function setUp(options: Partial<DataKeyCacheOptions> = {}): CacheTest {
  const raw = createRawDataKeys();
  const uses: DataKeyUse[] = [];
  const cache = createDataKeyCache({ ...limits, onUse: (use) => uses.push(use), ...options });
  const dataKeys = cache.wrap(raw, scope);
  const seal = (more = {}, bytes = plaintext.length) => sealBuffer(randomBytes(bytes), { dataKeys, ...more });
  return { raw, uses, cache, dataKeys, seal };
}

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const results = (uses: readonly DataKeyUse[]) => uses.map(({ result }) => result);

describe('a data-key cache, when messages are sealed', () => {
  test('uses a data key again, with another message id and so another derived key', async () => {
    const { raw, seal, uses } = setUp();
    const messages = [await seal(), await seal()];
    expect(raw.calls).toBe(1);
    for (const message of messages) await openBuffer(message, { dataKeys: raw });
    const headers = messages.map((message) => readHeader(message));
    expect(results(uses)).toEqual(['miss', 'hit']);
    expect(headers[0]?.encryptedDataKeys).toEqual(headers[1]?.encryptedDataKeys);
    expect(headers[0]?.messageId).not.toEqual(headers[1]?.messageId);
    expect(headers[0]?.commitmentKey).not.toEqual(headers[1]?.commitmentKey);
  });

  test('creates another data key after `maxMessages` messages', async () => {
    const { raw, seal } = setUp({ maxMessages: 3 });
    for (let index = 0; index < 7; index += 1) await seal();
    expect(raw.calls).toBe(3);
  });

  test('creates another data key before `maxBytes` bytes are exceeded', async () => {
    const { raw, seal } = setUp({ maxBytes: 100 });
    for (const bytes of [60, 40, 1, 99, 100]) await seal({}, bytes);
    expect(raw.calls).toBe(3);
  });

  test('creates another data key after `maxAgeSeconds`, counted from before the call', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { raw, seal } = setUp();
    await seal();
    vi.advanceTimersByTime(299_999);
    await seal();
    expect(raw.calls).toBe(1);
    vi.advanceTimersByTime(1);
    await seal();
    expect(raw.calls).toBe(2);
  });

  test('creates another data key after the clock was set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { raw, seal } = setUp();
    await seal();
    vi.setSystemTime(Date.now() - 1);
    await seal();
    expect(raw.calls).toBe(2);
  });

  test('does not cache a message that is larger than `maxBytes`, or whose length is not known', async () => {
    const { raw, seal, uses, dataKeys } = setUp();
    await seal({}, 1_001);
    await runStream(createSealStream({ dataKeys }), plaintext);
    expect(results(uses)).toEqual(['bypass', 'bypass']);
    await runStream(createSealStream({ dataKeys, plaintextLength: plaintext.length }), plaintext);
    await seal();
    expect(results(uses).slice(2)).toEqual(['miss', 'hit']);
    expect(raw.calls).toBe(3);
  });

  test.for([
    ['context', {}, { encryptionContext: { team: 'app' } }],
    ['value in the context', { encryptionContext: { team: 'web' } }, { encryptionContext: { team: 'app' } }],
    ['suite', {}, { suite: 0x0578 }],
  ] as [string, Partial<SealOptions>, Partial<SealOptions>][])(
    'never shares a data key between messages with another %s',
    async ([, first, second]) => {
      const { raw, seal } = setUp();
      await seal(first);
      await seal(second);
      expect(raw.calls).toBe(2);
    },
  );

  test.for([
    ['partition', { partition: 'another caller', keyIds: ['key'] }],
    ['list of keys', { partition: 'caller', keyIds: ['key', 'another key'] }],
  ] as const)('never shares a data key between scopes with another %s', async ([, otherScope]) => {
    const { raw, seal, cache } = setUp();
    await seal();
    await seal({ dataKeys: cache.wrap(raw, otherScope) });
    expect(raw.calls).toBe(2);
  });

  test('ignores the order of the context', async () => {
    const { raw, seal } = setUp();
    await seal({ encryptionContext: { a: '1', b: '2' } });
    await seal({ encryptionContext: { b: '2', a: '1' } });
    expect(raw.calls).toBe(1);
  });

  test('reuses the signing key of signed messages together with the data key', async () => {
    const { raw, seal, dataKeys } = setUp();
    const messages = [await seal({ suite: 0x0578 }), await seal({ suite: 0x0578 })];
    const [first, second] = messages.map((message) => readHeader(message)?.encryptionContext);
    expect(first).toEqual(second);
    expect(raw.calls).toBe(1);
    for (const message of messages) await openBuffer(message, { dataKeys });
  });

  test('loads one data key for concurrent messages', async () => {
    const { raw, seal, uses } = setUp();
    await Promise.all(Array.from({ length: 10 }, () => seal()));
    expect(raw.calls).toBe(1);
    expect(results(uses)).toEqual(['miss', ...Array(9).fill('hit')]);
  });

  test('applies `maxMessages` to concurrent messages', async () => {
    const { raw, seal } = setUp({ maxMessages: 3 });
    await Promise.all(Array.from({ length: 10 }, () => seal()));
    expect(raw.calls).toBe(4);
  });

  test('reports an error to all concurrent messages, and does not cache it', async () => {
    const { seal, cache, raw } = setUp();
    let isFailing = true;
    const generate: DataKeys['generate'] = (request) =>
      isFailing ? Promise.reject(new Error('KMS is not available')) : raw.generate(request);
    const dataKeys = cache.wrap({ ...raw, generate }, scope);
    const outcomes = await Promise.allSettled([seal({ dataKeys }), seal({ dataKeys })]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isFailing = false;
    await seal({ dataKeys });
    expect(raw.calls).toBe(1);
  });

  test('removes the least recently used data key beyond `maxEntries`', async () => {
    const { raw, seal } = setUp({ maxEntries: 2 });
    const contexts = ['a', 'b', 'a', 'c', 'a', 'b'].map((team) => ({ team }));
    for (const encryptionContext of contexts) await seal({ encryptionContext });
    // The calls are for a, b, c, and again b.
    expect(raw.calls).toBe(4);
  });
});

describe('a data-key cache, when messages are opened', () => {
  test('decrypts the data key of several messages once, and reports that it was cached', async () => {
    const { raw, seal, dataKeys, uses } = setUp();
    const messages = [await seal(), await seal()];
    const opened = [];
    for (const message of messages) opened.push(await openBuffer(message, { dataKeys }));
    expect(opened.map(({ isCached }) => isCached)).toEqual([false, true]);
    expect(opened[1]?.encryptedDataKey).toEqual(readHeader(messages[1] as Uint8Array)?.encryptedDataKeys[0]);
    expect(raw.calls).toBe(2);
    expect(uses.at(-1)).toEqual({ operation: 'decrypt', result: 'hit' });
  });

  test('does not count messages that are opened toward `maxMessages`', async () => {
    const { raw, seal, dataKeys } = setUp({ maxMessages: 1 });
    const message = await seal();
    for (let index = 0; index < 3; index += 1) await openBuffer(message, { dataKeys });
    expect(raw.calls).toBe(2);
  });

  test('never opens a message with the data key of another scope', async () => {
    const { raw, seal, dataKeys, cache } = setUp();
    const message = await seal();
    await openBuffer(message, { dataKeys });
    const denied = { ...raw, decrypt: () => Promise.reject(new Error('denied')) };
    const other = cache.wrap(denied, { ...scope, partition: 'another caller' });
    await expect(openBuffer(message, { dataKeys: other })).rejects.toThrow('denied');
  });

  test('does not cache a message whose header is unusually long', async () => {
    const { seal, dataKeys, uses } = setUp();
    const message = await seal({ encryptionContext: { long: 'x'.repeat(20_000) } });
    await openBuffer(message, { dataKeys });
    await openBuffer(message, { dataKeys });
    expect(results(uses)).toEqual(['bypass', 'bypass', 'bypass']);
  });
});

describe('a data-key cache', () => {
  test('overwrites data keys with zeros when it is cleared, and then creates others', async () => {
    const { raw, seal, cache } = setUp();
    const generated: string[] = [];
    const generate: DataKeys['generate'] = async (request) => {
      const dataKey = await raw.generate(request);
      generated.push(toHex(dataKey.plaintext));
      return dataKey;
    };
    const dataKeys = cache.wrap({ ...raw, generate }, scope);
    await seal({ dataKeys });
    const overwritten: string[] = [];
    const { fill } = Uint8Array.prototype;
    vi.spyOn(Uint8Array.prototype, 'fill').mockImplementation(function (this: Uint8Array, ...values) {
      overwritten.push(toHex(this));
      return fill.apply(this, values);
    });
    cache.clear();
    vi.restoreAllMocks();
    expect(overwritten).toEqual(generated);
    await seal();
    expect(raw.calls).toBe(2);
  });

  test('does not keep a data key that was requested before the cache was cleared', async () => {
    const { raw, seal, cache } = setUp();
    const sealing = seal();
    cache.clear();
    await sealing;
    await seal();
    expect(raw.calls).toBe(2);
  });

  test.for([
    ['maxAgeSeconds', []],
    ['maxMessages', [0.5]],
    ['maxBytes', [0.5]],
    ['maxEntries', [0.5]],
  ] as const)('requires a positive, finite %s', async ([name, more]) => {
    for (const limit of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '300', null, true, ...more])
      expect(() => createDataKeyCache({ ...limits, [name]: limit } as never), String(limit)).toThrow(
        expect.objectContaining({ code: 'InvalidOption', message: expect.stringContaining(`\`${name}\``) }),
      );
  });

  test.for(['maxAgeSeconds', 'maxMessages', 'maxBytes'] as const)('cannot be created without %s', (absent) => {
    const { [absent]: _, ...others } = limits;
    for (const options of [others, { ...others, [absent]: undefined }])
      expect(() => createDataKeyCache(options as never)).toThrow(`The cache needs \`${absent}\`, a positive `);
  });
});
