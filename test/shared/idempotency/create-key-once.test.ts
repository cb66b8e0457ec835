import {
  DescribeKeyCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createKey } from '../../../functions/keys/create-key/operation.ts';
import type { Handler } from '../../../shared/handler/create-handler.ts';
import { useEmulator } from '../../support/emulator.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { createContext, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';
import { loadIdempotentHandler, startTable, type TestTable } from '../../support/idempotency.ts';
import { invoke, type Outcome } from '../../support/outcome.ts';

const used = useEmulator({ seed: 'none' });
let table: TestTable;
/** The proxies in front of KMS, DynamoDB and the Resource Groups Tagging API. */
let kms: FaultProxy;
let dynamo: FaultProxy;
let tagging: FaultProxy;
let handler: Handler;
const isOf = (name: string) => (operation: string) => operation === name;

beforeAll(async () => {
  table = await startTable();
  kms = await startFaultProxy(used.emulator.endpoint);
  dynamo = await startFaultProxy(table.endpoint);
  tagging = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(kms.endpoint);
  handler = await loadIdempotentHandler(dynamo.endpoint, tagging.endpoint);
  // The first call loads most modules. 50 calls that wait for them on a busy machine exceed the time limit of requests.
  await create(newKey());
});
beforeEach(() => {
  for (const proxy of [kms, dynamo, tagging]) {
    proxy.requests.clear();
    proxy.executed.clear();
  }
});
afterEach(() => {
  vi.useRealTimers();
  for (const proxy of [kms, dynamo, tagging]) Object.assign(proxy, { fault: 'none', appliesTo: () => true });
});
afterAll(() => Promise.all([kms.close(), dynamo.close(), tagging.close(), table.close()]));

interface Created {
  readonly KeyMetadata: { readonly KeyId: string; readonly Arn: string; readonly Description: string };
}

const newKey = () => crypto.randomUUID();
const create = (IdempotencyKey: string, input: Record<string, unknown> = {}, use = handler, timeoutMs = 26_000) =>
  invoke(use, { ...input, IdempotencyKey }, createContext(timeoutMs));

function readCreated(outcome: Outcome): Created['KeyMetadata'] {
  if (!outcome.ok) throw new Error(outcome.text);
  return (outcome.body as Created).KeyMetadata;
}
const countKeys = async () => (await used.client.send(new ListKeysCommand({ Limit: 1_000 }))).Keys?.length ?? 0;
/** Advances the clock of the functions, but not of the emulator. */
const advance = (seconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1_000 });

describe('CreateKey with an idempotency key', () => {
  test('creates one key for 50 concurrent calls, and returns it to later calls', async () => {
    const key = newKey();
    const before = await countKeys();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => create(key, { Description: 'once' })));
    const created = outcomes.filter(({ ok }) => ok).map(readCreated);
    const others = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.code]));
    expect(await countKeys()).toBe(before + 1);
    expect(new Set(created.map(({ KeyId }) => KeyId)).size).toBe(1);
    // A busy machine answers some requests to the table too late.
    const retryable = ['IdempotencyInProgressError', 'IdempotencyUnavailableError'];
    expect(others.filter((code) => !retryable.includes(code))).toEqual([]);
    expect(readCreated(await create(key, { Description: 'once' }))).toEqual(created[0]);
    expect(kms.executed.get('CreateKey')).toBe(1);
  });

  test('returns exactly the first response, without a request to KMS', async () => {
    const key = newKey();
    const first = await create(key, { Description: 'a', Tags: [] });
    kms.requests.clear();
    const second = await create(key, { Tags: [], Description: 'a' });
    expect(second.text).toBe(first.text);
    expect(kms.requests.size).toBe(0);
  });

  test('adds a tag to the key that does not reveal the idempotency key', async () => {
    const key = newKey();
    const { KeyId } = readCreated(await create(key, { Tags: [{ TagKey: 'team', TagValue: 'payments' }] }));
    const { Tags = [] } = await used.client.send(new ListResourceTagsCommand({ KeyId }));
    expect(Tags.map(({ TagKey }) => TagKey)).toEqual(['kms-functions:idempotency', 'kms-functions:request-id', 'team']);
    expect(Tags[0]?.TagValue).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    const records = await table.list();
    expect(JSON.stringify(records)).not.toContain(key);
    expect(records.map(({ id }) => id?.S)).toContain(`CreateKey#${Tags[0]?.TagValue}`);
  });

  test('returns 422 for another request with the same idempotency key, and creates nothing', async () => {
    const key = newKey();
    await create(key, { Description: 'a' });
    const before = await countKeys();
    const outcome = await create(key, { Description: 'b' });
    expect(outcome).toMatchObject({ ok: false, code: 'IdempotencyKeyReusedError' });
    expect(await countKeys()).toBe(before);
  });

  test('creates another key for another idempotency key', async () => {
    const [first, second] = [readCreated(await create(newKey())), readCreated(await create(newKey()))];
    expect(first.KeyId).not.toBe(second.KeyId);
  });

  test('creates a key for each call without an idempotency key, and stores nothing', async () => {
    const before = (await table.list()).length;
    const outcomes = [await invoke(handler, {}), await invoke(handler, {})].map(readCreated);
    expect(outcomes[0]?.KeyId).not.toBe(outcomes[1]?.KeyId);
    expect(await table.list()).toHaveLength(before);
  });

  test('starts again after 24 hours', async () => {
    const key = newKey();
    const first = readCreated(await create(key));
    advance(24 * 60 * 60 - 10);
    expect(readCreated(await create(key)).KeyId).toBe(first.KeyId);
    advance(20);
    expect(readCreated(await create(key)).KeyId).not.toBe(first.KeyId);
  });

  test('can be sent again immediately if KMS rejects the request', async () => {
    const key = newKey();
    const rejected = await create(key, { KeySpec: 'RSA_2048' });
    expect(rejected).toMatchObject({ ok: false, code: 'ValidationException' });
    expect(await create(key, { Description: 'other' })).toMatchObject({ ok: true });
  });

  test('can be sent again immediately if KMS throttles the request', async () => {
    const key = newKey();
    kms.fault = 'throttling';
    expect(await create(key)).toMatchObject({ ok: false, code: 'ThrottlingException' });
    kms.fault = 'none';
    expect(await create(key)).toMatchObject({ ok: true });
  });

  test('can be sent again immediately if the function cannot connect to KMS', async () => {
    const key = newKey();
    const closed = await startFaultProxy(used.emulator.endpoint);
    await closed.close();
    const unreachable = await loadIdempotentHandler(dynamo.endpoint, tagging.endpoint, { endpoint: closed.endpoint });
    const outcome = await create(key, {}, unreachable);
    expect(outcome).toMatchObject({ ok: false, code: 'KmsUnreachableError' });
    expect(await create(key)).toMatchObject({ ok: true });
  });

  test('sends nothing to KMS if too little time is left to store the response, and can be sent again', async () => {
    const key = newKey();
    expect(await create(key, {}, handler, 2_000)).toMatchObject({ ok: false, code: 'TimeoutError' });
    expect(kms.requests.size).toBe(0);
    expect(await create(key)).toMatchObject({ ok: true });
  });

  test('does not use the table for an invalid request', async () => {
    const outcome = await create(newKey(), { KeySpek: 'RSA_2048' });
    expect(outcome).toMatchObject({ ok: false, code: 'ValidationException' });
    expect(dynamo.requests.size).toBe(0);
  });
});

describe('a call whose outcome is not known', () => {
  const lost = async (key: string, fault: FaultProxy['fault'], timeoutMs?: number) => {
    Object.assign(kms, { fault, appliesTo: isOf('CreateKey') });
    const outcome = await create(key, { Description: 'lost' }, handler, timeoutMs);
    kms.fault = 'none';
    return outcome;
  };

  test.each([
    ['an error after the execution', 'KMSInternalException', undefined],
    ['a reset after the execution', 'KmsUnreachableError', undefined],
    ['no response', 'TimeoutError', 4_000],
  ] as const)('finds the key by its tag after %s, and creates no other key', async (fault, code, timeoutMs) => {
    const key = newKey();
    const before = await countKeys();
    const outcome = await lost(key, fault, timeoutMs);
    expect(outcome).toMatchObject({ ok: false, code });
    expect(outcome.text).toContain('Send the request again with the same idempotency key.');
    const found = readCreated(await create(key, { Description: 'lost' }));
    expect(await countKeys()).toBe(before + 1);
    const { KeyMetadata } = await used.client.send(new DescribeKeyCommand({ KeyId: found.KeyId }));
    expect(found).toEqual(JSON.parse(JSON.stringify(KeyMetadata)));
    // The result is stored, so that the next call does not search.
    tagging.requests.clear();
    expect(readCreated(await create(key, { Description: 'lost' }))).toEqual(found);
    expect(tagging.requests.size).toBe(0);
  });

  test('returns 409 with the request id for the search if no key is found, and never creates one', async () => {
    const key = newKey();
    const before = await countKeys();
    const context = createContext(26_000);
    Object.assign(kms, { fault: 'a reset before the execution', appliesTo: isOf('CreateKey') });
    await invoke(handler, { IdempotencyKey: key }, context);
    kms.fault = 'none';
    const event = buildHttpEvent(createKey, createKey.routes[0], {});
    const retry = () => invoke(handler, { ...event, headers: { ...event.headers, 'idempotency-key': key } });
    // Without an authenticated gateway, HTTP callers have another identity. The direct call is the same caller.
    const soon = await create(key);
    expect(soon).toMatchObject({ ok: false, code: 'IdempotencyUnfinishedError' });
    expect(soon.text).toContain(`npm run find-key -- ${context.awsRequestId}`);
    advance(23 * 60 * 60);
    expect(await create(key)).toMatchObject({ ok: false, code: 'IdempotencyUnfinishedError' });
    expect(await countKeys()).toBe(before);
    expect(await retry()).toMatchObject({ ok: true, status: 201 });
    advance(2 * 60 * 60);
    expect(await create(key)).toMatchObject({ ok: true });
  });

  test('finds the key of the unfinished attempt, and not one that an expired attempt created', async () => {
    const key = newKey();
    const old = readCreated(await create(key, { Description: 'old' }));
    advance(25 * 60 * 60);
    Object.assign(kms, { fault: 'a reset before the execution', appliesTo: isOf('CreateKey') });
    await create(key, { Description: 'new' });
    kms.fault = 'none';
    expect(await create(key, { Description: 'new' })).toMatchObject({ code: 'IdempotencyUnfinishedError' });
    advance(50 * 60 * 60);
    await lost(key, 'an error after the execution');
    const found = readCreated(await create(key, { Description: 'lost' }));
    expect(found.Description).toBe('lost');
    expect(found.KeyId).not.toBe(old.KeyId);
  });

  test('returns 409 for a key that is pending deletion, and creates no other key', async () => {
    const key = newKey();
    await lost(key, 'an error after the execution');
    const { Keys = [] } = await used.client.send(new ListKeysCommand({ Limit: 1_000 }));
    for (const { KeyId } of Keys) {
      const { KeyMetadata } = await used.client.send(new DescribeKeyCommand({ KeyId }));
      if (KeyMetadata?.Description === 'lost' && KeyMetadata.KeyState === 'Enabled')
        await used.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    }
    const before = await countKeys();
    const outcome = await create(key, { Description: 'lost' });
    expect(outcome).toMatchObject({ ok: false, code: 'KMSInvalidStateException' });
    expect(outcome.text).toContain('which is pending deletion');
    expect(await countKeys()).toBe(before);
  });

  test('returns 422 for another request with the same idempotency key', async () => {
    const key = newKey();
    await lost(key, 'an error after the execution');
    expect(await create(key, { Description: 'other' })).toMatchObject({ code: 'IdempotencyKeyReusedError' });
  });

  test('returns 503 while the search fails, and creates nothing', async () => {
    const key = newKey();
    await lost(key, 'an error after the execution');
    const before = await countKeys();
    tagging.fault = 'throttling';
    expect(await create(key, { Description: 'lost' })).toMatchObject({ code: 'IdempotencyUnavailableError' });
    tagging.fault = 'none';
    expect(await create(key, { Description: 'lost' })).toMatchObject({ ok: true });
    expect(await countKeys()).toBe(before);
  });

  test('returns 409 with the ARN while KMS does not allow the function to read the key', async () => {
    const key = newKey();
    await lost(key, 'an error after the execution');
    Object.assign(kms, { fault: 'denied', appliesTo: isOf('DescribeKey') });
    const outcome = await create(key, { Description: 'lost' });
    expect(outcome).toMatchObject({ code: 'IdempotencyUnfinishedError' });
    expect(outcome.text).toMatch(/created the key arn:aws:kms:us-east-1:000000000000:key\/[0-9a-f-]{36}, /);
  });
});

describe('a failure of DynamoDB', () => {
  test.each([
    ['cannot be reached', 'a reset before the execution'],
    ['throttles the function', 'throttling'],
    ['does not respond', 'no response'],
  ] as const)('returns 503 and creates nothing if DynamoDB %s', async (_, fault) => {
    const key = newKey();
    const before = await countKeys();
    dynamo.fault = fault;
    const outcome = await create(key, {}, handler, 1_200);
    expect(outcome).toMatchObject({ ok: false, code: 'IdempotencyUnavailableError' });
    dynamo.fault = 'none';
    expect(kms.requests.size).toBe(0);
    expect(await countKeys()).toBe(before);
    advance(6);
    expect(await create(key)).toMatchObject({ ok: true });
    expect(await countKeys()).toBe(before + 1);
  });

  test('creates one key if the response to the first write is lost', async () => {
    const isFirst = (operation: string, count: number) => operation === 'PutItem' && count === 1;
    Object.assign(dynamo, { fault: 'a reset after the execution', appliesTo: isFirst });
    expect(await create(newKey())).toMatchObject({ ok: true });
    expect(dynamo.requests.get('PutItem')).toBe(2);
  });

  test('creates one key if the response to the mark is lost', async () => {
    const isFirst = (operation: string, count: number) => operation === 'UpdateItem' && count === 1;
    Object.assign(dynamo, { fault: 'a reset after the execution', appliesTo: isFirst });
    expect(await create(newKey())).toMatchObject({ ok: true });
    expect(kms.executed.get('CreateKey')).toBe(1);
  });

  test('removes the record if the mark fails, so that the caller can try again immediately', async () => {
    const key = newKey();
    Object.assign(dynamo, { fault: 'a reset after the execution', appliesTo: isOf('UpdateItem') });
    expect(await create(key)).toMatchObject({ code: 'IdempotencyUnavailableError' });
    dynamo.fault = 'none';
    expect(await create(key)).toMatchObject({ ok: true });
    expect(kms.executed.get('CreateKey')).toBe(1);
  });

  test('returns the key although its response cannot be stored, and finds the key later', async () => {
    const key = newKey();
    const isLast = (operation: string, count: number) => operation === 'UpdateItem' && count > 1;
    Object.assign(dynamo, { fault: 'a reset before the execution', appliesTo: isLast });
    const first = readCreated(await create(key));
    dynamo.fault = 'none';
    expect(await create(key)).toMatchObject({ code: 'IdempotencyInProgressError' });
    advance(30);
    expect(readCreated(await create(key)).KeyId).toBe(first.KeyId);
    expect(kms.executed.get('CreateKey')).toBe(1);
  });
});
