import { readFileSync } from 'node:fs';
import { CreateKeyCommand, DecryptCommand, DisableKeyCommand, EncryptCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allOperations } from '../../../functions/all-operations.ts';
import { encryptBatch, reEncryptBatch } from '../../../functions/operations.ts';
import { findBatch, type JsonObject, type Operation } from '../../../shared/declaration/operation.ts';
import { useEmulator } from '../../support/emulator.ts';
import { callDirectly, captureRecords, failDirectly } from '../../support/envelope.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';

const used = useEmulator({ seed: 'none' });
let kms: FaultProxy;
let KeyId: string;
beforeAll(async () => {
  kms = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(kms.endpoint);
  KeyId = await createKey();
});
afterAll(() => kms.close());
beforeEach(() => {
  kms.fault = 'none';
  kms.requests.clear();
});

async function createKey(): Promise<string> {
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
  return KeyMetadata?.Arn ?? '';
}

const encode = (text: string) => Buffer.from(text).toString('base64');
const Plaintext = encode('hello');
const listCodes = (results: readonly { Error?: { code: string } }[]) => results.map(({ Error: error }) => error?.code);

/** Calls an operation over HTTP, and returns the status and the body. */
async function callHttp(operation: Operation, input: JsonObject) {
  const handler = await loadHandler(operation);
  const response = await handler(buildHttpEvent(operation, operation.routes[0], input), createContext());
  const { statusCode, headers, body } = response as {
    statusCode: number;
    headers: Record<string, string>;
    body: string;
  };
  return { statusCode, type: headers['content-type'], body: JSON.parse(body) };
}

describe('the results of a batch', () => {
  test('results are in the order of the items, each with its reference and the response of the AWS operation', async () => {
    const Items = Array.from({ length: 50 }, (_, index) => ({
      Reference: `item ${index}`,
      Plaintext: encode(`text ${index}`),
      EncryptionContext: { index: String(index) },
    }));
    const { Results } = await callDirectly(encryptBatch, { KeyId, Items });
    expect(Results).toHaveLength(50);
    for (const [index, { Reference, CiphertextBlob, ...others }] of Results.entries()) {
      expect(Reference).toBe(`item ${index}`);
      expect(others).toEqual({ KeyId, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
      const ciphertext = Buffer.from(CiphertextBlob, 'base64');
      const EncryptionContext = { index: String(index) };
      const opened = await used.client.send(new DecryptCommand({ CiphertextBlob: ciphertext, EncryptionContext }));
      expect(Buffer.from(opened.Plaintext ?? '').toString()).toBe(`text ${index}`);
    }
  });

  test('an item replaces members of the request, and other items use them', async () => {
    const EncryptionContext = { purpose: 'all' };
    const Items = [{ Plaintext }, { Plaintext, EncryptionContext: { purpose: 'one' } }];
    const { Results } = await callDirectly(encryptBatch, { KeyId, EncryptionContext, Items });
    for (const [index, purpose] of ['all', 'one'].entries()) {
      const CiphertextBlob = Buffer.from(Results[index].CiphertextBlob, 'base64');
      await used.client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { purpose } }));
    }
  });

  test('an invalid item has its own error, with pointers into the item, and the other items succeed', async () => {
    const Items = [
      { Plaintext },
      { Reference: 'a', Plaintext: 'no base64!' },
      { Reference: 'b', Plaintext: encode('x'.repeat(4_097)) },
      { Reference: 'c', Plaintext, EncryptionContext: { a: 1 } },
      { Reference: 'd', plaintext: Plaintext },
      { Reference: 'e', Plaintext, KeyId },
      { Reference: 'f'.repeat(257), Plaintext },
      'text',
      null,
      { Plaintext, EncryptionContext: null },
    ];
    const { Results } = await callDirectly(encryptBatch, { KeyId, Items: Items as never });
    const pointers = Results.map((result: { Error?: { errors: { pointer: string }[] } }) =>
      result.Error?.errors.map(({ pointer }) => pointer),
    );
    expect(pointers).toEqual([
      undefined,
      ['/Plaintext'],
      ['/Plaintext'],
      ['/EncryptionContext'],
      ['/Plaintext', '/plaintext'],
      ['/KeyId'],
      ['/Reference'],
      [''],
      [''],
      undefined,
    ]);
    expect(Results.slice(1, 7).map(({ Reference }: { Reference?: string }) => Reference)).toEqual([
      ...['a', 'b', 'c', 'd', 'e'],
      undefined,
    ]);
    expect(Results[1].Error).toEqual({
      code: 'ValidationException',
      detail: '/Plaintext must be base64 (RFC 4648, with padding).',
      retryable: false,
      errors: [{ pointer: '/Plaintext', detail: 'must be base64 (RFC 4648, with padding)' }],
    });
    expect(kms.requests.get('Encrypt')).toBe(2);
  });

  test('an error of KMS is the error of its item', async () => {
    const disabled = await createKey();
    await used.client.send(new DisableKeyCommand({ KeyId: disabled }));
    const { Results } = await callDirectly(encryptBatch, { KeyId: disabled, Items: [{ Plaintext }, { Plaintext }] });
    expect(listCodes(Results)).toEqual(['DisabledException', 'DisabledException']);
    expect(Results[0].Error).toMatchObject({ retryable: false, detail: expect.stringContaining('disabled') });
  });

  test('ReEncryptBatch moves ciphertexts to another key, with the encryption context of each item', async () => {
    const DestinationKeyId = await createKey();
    const other = await createKey();
    const encrypt = async (key: string, EncryptionContext: Record<string, string>) => {
      const command = new EncryptCommand({ KeyId: key, Plaintext: Buffer.from('hello'), EncryptionContext });
      const { CiphertextBlob = new Uint8Array() } = await used.client.send(command);
      return Buffer.from(CiphertextBlob).toString('base64');
    };
    const Items = [
      { CiphertextBlob: await encrypt(KeyId, { a: '1' }), SourceEncryptionContext: { a: '1' } },
      { CiphertextBlob: await encrypt(KeyId, { a: '2' }), SourceEncryptionContext: { a: '1' } },
      { CiphertextBlob: await encrypt(other, { a: '1' }), SourceEncryptionContext: { a: '1' } },
    ];
    const { Results } = await callDirectly(reEncryptBatch, { SourceKeyId: KeyId, DestinationKeyId, Items });
    expect(listCodes(Results)).toEqual([undefined, 'InvalidCiphertextException', 'IncorrectKeyException']);
    expect(Results[0]).toMatchObject({ KeyId: DestinationKeyId, SourceKeyId: KeyId });
  });
});

describe('the status of a batch over HTTP', () => {
  const mixed = [{ Plaintext }, { Plaintext: '!' }];

  test.each([200, 207, 400])('is %i if an item fails and the caller chose it', async (PartialFailureStatus) => {
    const input = { KeyId, Items: mixed, PartialFailureStatus };
    const response = await callHttp(encryptBatch, input);
    expect(response).toMatchObject({ statusCode: PartialFailureStatus, type: 'application/json' });
    expect(listCodes(response.body.Results)).toEqual([undefined, 'ValidationException']);
  });

  test('is 207 by default if items fail, and 200 if all items succeed', async () => {
    expect((await callHttp(encryptBatch, { KeyId, Items: mixed })).statusCode).toBe(207);
    expect((await callHttp(encryptBatch, { KeyId, Items: [{ Plaintext }] })).statusCode).toBe(200);
  });

  test.each<[title: string, input: JsonObject, pointers: readonly string[]]>([
    ['no items', { Items: [] }, ['/Items']],
    ['items that are not a list', { Items: 'x' }, ['/Items']],
    ['without items', {}, ['/Items']],
    ['an unknown member', { Items: mixed, items: [] }, ['/items']],
    ['another status', { Items: mixed, PartialFailureStatus: 500 }, ['/PartialFailureStatus']],
    ['a wrong default', { Items: mixed, EncryptionContext: 'x' }, ['/EncryptionContext']],
    ['the data outside of the items', { Items: mixed, Plaintext }, ['/Plaintext']],
  ])('is 400 with pointers, without a request to KMS: %s', async (_, input, pointers) => {
    const { statusCode, type, body } = await callHttp(encryptBatch, { KeyId, ...input });
    expect({ statusCode, type }).toEqual({ statusCode: 400, type: 'application/problem+json' });
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(pointers);
    expect(kms.requests.size).toBe(0);
  });
});

describe('the size of a batch', () => {
  test('too many items are rejected with the figures, before KMS is called', async () => {
    const { maxItems } = encryptBatch.batch;
    const Items = Array.from({ length: maxItems + 1 }, () => ({ Plaintext }));
    const { statusCode, body } = await callHttp(encryptBatch, { KeyId, Items });
    expect({ statusCode, code: body.code }).toEqual({ statusCode: 413, code: 'PayloadTooLargeError' });
    expect(body.detail).toBe('/Items must contain at most 1,865 items. This request contains 1,866.');
    expect(kms.requests.size).toBe(0);
  });

  test('items whose results may not fit into the response are rejected with the figures, before KMS is called', async () => {
    const Items = Array.from({ length: 900 }, () => ({ Plaintext: encode('x'.repeat(4_096)) }));
    const message = await failDirectly(encryptBatch, { KeyId, Items });
    expect(message).toBe(
      'PayloadTooLargeError: The response could contain 7,948,800 bytes, but at most 6,290,432 are possible. Send about 712 items of this size per request.',
    );
    expect(kms.requests.size).toBe(0);
  });
});

test('the guide lists the highest number of items of each batch', () => {
  const guide = readFileSync('docs/guides/batches.md', 'utf8');
  const batches = allOperations.filter((operation) => findBatch(operation) !== undefined);
  expect(batches).toHaveLength(8);
  for (const { name, routes, batch } of batches as (typeof encryptBatch)[]) {
    const data = batch.data.map((member) => `\`${member}\``).join(', ') || 'none';
    const most = batch.maxItems.toLocaleString('en-US');
    expect(guide).toContain(`| ${name} | \`POST ${routes[0].path}\` | ${data} | ${most} |`);
  }
});

describe('the records of a batch', () => {
  test('each item has a record with the id of its batch, and the batch counts its items', async () => {
    const Items = [
      { Reference: 'canary-reference', Plaintext, EncryptionContext: { purpose: 'test' } },
      { Plaintext: '!' },
    ];
    const records = await captureRecords(() => callDirectly(encryptBatch, { KeyId, Items }));
    const [batch] = records.filter(({ message }) => message === 'call');
    expect(batch).toMatchObject({
      operation: 'EncryptBatch',
      outcome: 'PartialFailure',
      status: 207,
      usedKeys: [KeyId],
      attempts: 1,
      items: { total: 2, succeeded: 1, failed: 1, notAttempted: 0 },
    });
    expect(batch.item).toBeUndefined();
    const items = records.filter(({ message }) => message === 'item').sort((a, b) => a.item - b.item);
    expect(items).toMatchObject([
      { item: 0, outcome: 'OK', usedKeys: [KeyId], contextKeys: ['purpose'], attempts: 1 },
      { item: 1, outcome: 'ValidationException', keys: [KeyId], usedKeys: [], attempts: 0 },
    ]);
    for (const { batchId, operation, requestId } of items)
      expect({ batchId, operation, requestId }).toEqual({
        batchId: batch.requestId,
        operation: 'EncryptBatch',
        requestId: batch.requestId,
      });
    expect(JSON.stringify(records)).not.toContain('canary-reference');
  });
});

describe('a batch that KMS throttles', () => {
  test('throttled items are repeated until KMS accepts them', async () => {
    kms.fault = 'throttling';
    const ended = callDirectly(encryptBatch, { KeyId, Items: Array.from({ length: 40 }, () => ({ Plaintext })) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    kms.fault = 'none';
    expect(listCodes((await ended).Results).filter((code) => code !== undefined)).toEqual([]);
  });

  test('items for which no time is left are throttled or not attempted, and can be sent again', async () => {
    kms.fault = 'throttling';
    const handler = await loadHandler(encryptBatch);
    const Items = Array.from({ length: 100 }, () => ({ Plaintext }));
    const records = await captureRecords(async () => {
      const { Results } = (await handler({ KeyId, Items }, createContext(1_000))) as {
        Results: { Error: { code: string; retryable: boolean; detail: string } }[];
      };
      const codes = Object.groupBy(Results, ({ Error: error }) => error.code);
      expect(Object.keys(codes).sort()).toEqual(['NotAttemptedError', 'ThrottlingException']);
      expect(Results.every(({ Error: error }) => error.retryable)).toBe(true);
    });
    const [batch] = records.filter(({ message }) => message === 'call');
    const throttled = records.filter(({ message }) => message === 'item');
    expect(batch.items).toEqual({
      total: 100,
      succeeded: 0,
      failed: throttled.length,
      notAttempted: 100 - throttled.length,
    });
    expect(batch.timeLeftMs).toBeGreaterThan(0);
    expect(throttled.map(({ outcome }) => outcome)).toEqual(throttled.map(() => 'ThrottlingException'));
  });
});
