import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BatchesProgress,
  type Client,
  createClient,
  http,
  type IndexedResult,
  KmsFunctionsClientError,
  sendInBatches,
  type Transport,
} from '../../client/index.ts';
import { type Emulator, startEmulator } from '../../emulator/index.ts';
import type { JsonObject } from '../../shared/declaration/operation.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { type LocalStage, startLocalStage } from '../support/local-stage.ts';
import { isSoak } from '../support/operations.ts';

/** 200 symmetric requests per second, which is the default quota of AWS multiplied by this factor. */
const quotas = 0.02;

let emulator: Emulator;
let stage: LocalStage;
let client: Client;
let KeyId: string;
beforeAll(async () => {
  emulator = await startEmulator({ quotas });
  setLocalEnvironment(emulator.endpoint);
  stage = await startLocalStage();
  client = createClient({ transport: http({ endpoint: stage.url }) });
  const kms = new KMSClient({
    endpoint: emulator.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
  kms.destroy();
});
afterAll(async () => {
  await stage.close();
  await emulator.close();
});

const encode = (text: string) => new TextEncoder().encode(text);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

async function* generate(count: number) {
  for (let index = 0; index < count; index += 1)
    yield { Reference: String(index), Plaintext: encode(`text ${index}`), EncryptionContext: { index: String(index) } };
}

/** A transport that answers batches itself: `answer` returns the results of a call's items. */
function createFake(answer: (items: readonly JsonObject[], call: number) => readonly object[]) {
  const calls: (readonly JsonObject[])[] = [];
  const transport: Transport = {
    send: async (_, { Items }) => {
      calls.push(Items as readonly JsonObject[]);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      return { body: { Results: answer(Items as readonly JsonObject[], calls.length) } };
    },
  };
  return { calls, client: createClient({ transport }) };
}

const retryable = { Error: { code: 'ThrottlingException', detail: 'slow', retryable: true } };
const numbered = (count: number) => Array.from({ length: count }, (_, index) => ({ Message: encode(String(index)) }));
const request = { KeyId: 'alias/app', MacAlgorithm: 'HMAC_SHA_256' } as const;

describe('sendInBatches', () => {
  const count = isSoak ? 10_000 : 700;

  test('with a quota of 200 requests per second, every item succeeds, in the order of the items', {
    timeout: isSoak ? 300_000 : 60_000,
  }, async () => {
    const progress: BatchesProgress[] = [];
    const results = await collect(
      sendInBatches(client, 'encryptBatch', { KeyId }, generate(count), {
        itemsPerCall: isSoak ? 1_000 : 250,
        onProgress: (now) => progress.push(now),
      }),
    );
    expect(results.map(({ index }) => index)).toEqual(Array.from({ length: count }, (_, index) => index));
    expect(results.filter(({ result }) => result.Error !== undefined)).toEqual([]);
    expect(results.map(({ result }) => result.Reference)).toEqual(results.map(({ index }) => String(index)));
    expect(progress.at(-1)).toEqual({ succeeded: count, failed: 0 });
  });

  test('only items with retryable errors are sent again, and errors of single items do not end the iteration', async () => {
    const fake = createFake((items, call) =>
      items.map(({ Message }) => {
        const number = Number(Buffer.from(String(Message), 'base64').toString());
        if (number === 3) return { Error: { code: 'InvalidKeyUsageException', detail: 'no', retryable: false } };
        return call === 1 && number % 2 === 0 ? retryable : { Mac: Message };
      }),
    );
    const results = await collect(sendInBatches(fake.client, 'generateMacBatch', request, numbered(6)));
    expect(fake.calls.map(({ length }) => length)).toEqual([6, 3]);
    expect(results.map(({ result }) => result.Error?.code)).toEqual([
      ...[undefined, undefined, undefined],
      ...['InvalidKeyUsageException', undefined, undefined],
    ]);
    expect(results.map(({ result }) => 'Mac' in result && Buffer.from(result.Mac).toString())).toEqual([
      ...['0', '1', '2'],
      false,
      ...['4', '5'],
    ]);
  });

  test('an item that fails in every attempt has its error, and other items still succeed', async () => {
    const fake = createFake((items) => items.map(({ Message }) => (Message === 'MA==' ? retryable : { Mac: Message })));
    const options = { attempts: 2 };
    const results = await collect(sendInBatches(fake.client, 'generateMacBatch', request, numbered(2), options));
    expect(results.map(({ result }) => result.Error?.code)).toEqual(['ThrottlingException', undefined]);
    expect(fake.calls.map(({ length }) => length)).toEqual([2, 1, 1]);
  });

  test('items are split over calls by number and size, and only as many are read as are needed', async () => {
    const fake = createFake((items) => items.map(({ Plaintext }) => ({ CiphertextBlob: Plaintext })));
    let read = 0;
    async function* items() {
      for (; read < 2_000; read += 1) yield { Plaintext: new Uint8Array(4_096) };
    }
    const iterator = sendInBatches(fake.client, 'encryptBatch', { KeyId }, items(), { callsInFlight: 1 });
    await iterator.next();
    expect(read).toBeLessThan(1_000);
    const others = await collect(iterator);
    expect(others).toHaveLength(1_999);
    expect(Math.max(...fake.calls.map(({ length }) => length))).toBe(712);
    const small = createFake((items) => items.map(({ Message }) => ({ Mac: Message })));
    await collect(sendInBatches(small.client, 'generateMacBatch', request, numbered(25), { itemsPerCall: 10 }));
    expect(small.calls.map(({ length }) => length)).toEqual([10, 10, 5]);
  });

  test('an error of a whole call ends the iteration after the results before it', async () => {
    const failed = new KmsFunctionsClientError('AccessDeniedException', 'no', { status: 403 });
    const fake = createFake((items, call) => {
      if (call > 1) throw failed;
      return items.map(({ Message }) => ({ Mac: Message }));
    });
    const received: IndexedResult<unknown>[] = [];
    const iterate = async () => {
      const options = { itemsPerCall: 10, callsInFlight: 1 };
      for await (const each of sendInBatches(fake.client, 'generateMacBatch', request, numbered(30), options))
        received.push(each);
    };
    await expect(iterate()).rejects.toBe(failed);
    expect(received.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test.for(['itemsPerCall', 'callsInFlight', 'attempts'] as const)(
    'the option %s must be at least 1, so that no item is left out without an error',
    async (option) => {
      const fake = createFake((items) => items.map(({ Message }) => ({ Mac: Message })));
      for (const value of [0, Number.NaN]) {
        const results = sendInBatches(fake.client, 'generateMacBatch', request, numbered(3), { [option]: value });
        await expect(collect(results)).rejects.toThrow(`\`${option}\` must be a number from 1.`);
      }
    },
  );

  test('a caller that stops the iteration closes the source of the items', async () => {
    const fake = createFake((items) => items.map(({ Message }) => ({ Mac: Message })));
    let isClosed = false;
    async function* items() {
      try {
        yield* numbered(100);
      } finally {
        isClosed = true;
      }
    }
    const options = { itemsPerCall: 10, callsInFlight: 2 };
    for await (const _ of sendInBatches(fake.client, 'generateMacBatch', request, items(), options)) break;
    expect(isClosed).toBe(true);
  });

  test('an aborted signal ends the iteration with its reason', async () => {
    const fake = createFake((items) => items.map(() => retryable));
    const controller = new AbortController();
    const results = collect(
      sendInBatches(fake.client, 'generateMacBatch', request, numbered(3), { signal: controller.signal }),
    );
    controller.abort(new Error('stopped'));
    await expect(results).rejects.toThrow('stopped');
  });
});

test('1,000 plaintexts are encrypted and decrypted with one request each', { timeout: 60_000 }, async () => {
  const Items = await collect(generate(1_000));
  const encrypted = await client.encryptBatch({ KeyId, Items });
  const ciphertexts = encrypted.Results.map((result, index) => {
    if (result.Error !== undefined) throw new Error(result.Error.detail);
    return { CiphertextBlob: result.CiphertextBlob, EncryptionContext: { index: String(index) } };
  });
  const decrypted = await client.decryptBatch({ KeyId, Items: ciphertexts });
  expect(
    decrypted.Results.map((result) => 'Plaintext' in result && Buffer.from(result.Plaintext ?? '').toString()),
  ).toEqual(Items.map((_, index) => `text ${index}`));
});
