import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Handler } from '../../../shared/handler/create-handler.ts';
import { useEmulator } from '../../support/emulator.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { createContext, setLocalEnvironment } from '../../support/handlers.ts';
import { loadIdempotentHandler, startTable, type TestTable } from '../../support/idempotency.ts';
import { invoke } from '../../support/outcome.ts';
import { type RewritingProxy, startRewritingProxy } from '../../support/rewriting-proxy.ts';

/**
 * A failed condition returns the existing item, if the request asks for it
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html). dynalite does not return it.
 */
const used = useEmulator({ seed: 'none' });
let table: TestTable;
let dynamo: RewritingProxy;
let kms: FaultProxy;
let handler: Handler;
let returnedItems = 0;

beforeAll(async () => {
  table = await startTable();
  dynamo = await startRewritingProxy(table.endpoint);
  kms = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(kms.endpoint);
  handler = await loadIdempotentHandler(dynamo.url, used.emulator.endpoint);
  dynamo.rewrite = ({ target, body }, forward) => {
    if (target === 'GetItem') requests.push(target);
    return target === 'PutItem' ? addItem(body, forward) : undefined;
  };
});
afterAll(async () => {
  await Promise.all([dynamo.close(), kms.close(), table.close()]);
});

const requests: string[] = [];

async function addItem(body: string, forward: () => Promise<{ status: number; body: string }>) {
  const response = await forward();
  const { TableName, Item, ReturnValuesOnConditionCheckFailure } = JSON.parse(body);
  if (response.status !== 400 || ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return response;
  const { Item: existing } = await table.client.send(new GetItemCommand({ TableName, Key: { id: Item.id } }));
  returnedItems += 1;
  const type = { 'content-type': 'application/x-amz-json-1.0' };
  const answer = { ...JSON.parse(response.body), Item: existing };
  return { status: response.status, headers: type, body: JSON.stringify(answer) };
}

test('the function uses the record that DynamoDB returns with a failed condition, without a second read', async () => {
  const event = { Description: 'a', IdempotencyKey: crypto.randomUUID() };
  const first = await invoke(handler, event);
  requests.length = 0;
  expect(await invoke(handler, event)).toEqual(first);
  expect(await invoke(handler, { ...event, Description: 'b' })).toMatchObject({ code: 'IdempotencyKeyReusedError' });
  expect(returnedItems).toBe(2);
  expect(requests).toEqual([]);
});

test('the function finds the key of an unfinished attempt, and creates one key for concurrent calls', async () => {
  const event = { IdempotencyKey: crypto.randomUUID() };
  Object.assign(kms, {
    fault: 'an error after the execution',
    appliesTo: (operation: string) => operation === 'CreateKey',
  });
  expect(await invoke(handler, event)).toMatchObject({ code: 'KMSInternalException' });
  kms.fault = 'none';
  expect(await invoke(handler, event)).toMatchObject({ ok: true });
  kms.executed.clear();
  const concurrent = { IdempotencyKey: crypto.randomUUID() };
  await Promise.all(Array.from({ length: 10 }, () => invoke(handler, concurrent, createContext())));
  expect(kms.executed.get('CreateKey')).toBe(1);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
  expect(await invoke(handler, concurrent)).toMatchObject({ ok: true });
  vi.useRealTimers();
});
