import { expect, test } from 'vitest';
import { describeKey } from '../../../functions/keys/describe-key/operation.ts';
import { createTenantTagReader } from '../../../shared/authorization/tenant-tags.ts';
import { createCall } from '../../../shared/call/call.ts';
import { readFunctionConfig } from '../../../shared/config/function-config.ts';
import { useFaultServer } from '../../support/fault-server.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';

const kms = useFaultServer();
const newCall = () => createCall(describeKey, readFunctionConfig(), 'id', 10_000);

test('the cache of tenant tags keeps the keys that were used last', async () => {
  kms.respond = (response) =>
    response.end(JSON.stringify({ Tags: [{ TagKey: 'tenant', TagValue: 'a' }], Truncated: false }));
  setLocalEnvironment(kms.endpoint);
  const call = newCall();
  const readTag = createTenantTagReader('tenant', 3);
  const read = (key: number) => readTag(call, `key-${key}`, 'a');
  const start = kms.requests;
  for (let key = 0; key < 3; key += 1) await read(key);
  expect(kms.requests - start).toBe(3);
  expect(await read(0)).toBe('a');
  expect(kms.requests - start).toBe(3);
  await read(3);
  // The least recently used key is 1, because 0 was used again.
  await read(0);
  expect(kms.requests - start).toBe(4);
  await read(1);
  expect(kms.requests - start).toBe(5);
});

test('the cache of tenant tags is not reduced when a key is used that is not the least recently used one', async () => {
  kms.respond = (response) => response.end(JSON.stringify({ Truncated: false }));
  setLocalEnvironment(kms.endpoint);
  const readTag = createTenantTagReader('tenant', 2);
  const start = kms.requests;
  for (const key of [0, 1, 1, 0]) expect(await readTag(newCall(), `key-${key}`, 'a')).toBeUndefined();
  expect(kms.requests - start).toBe(2);
});

test('the cache of tenant tags sends one request for concurrent calls', async () => {
  setLocalEnvironment(kms.endpoint);
  kms.respond = (response) => response.end(JSON.stringify({ Tags: [{ TagKey: 'tenant', TagValue: 'a' }] }));
  const readTag = createTenantTagReader('tenant');
  const start = kms.requests;
  const tags = await Promise.all([1, 2, 3].map(() => readTag(newCall(), 'key', 'a')));
  expect([tags, kms.requests - start]).toEqual([['a', 'a', 'a'], 1]);
});
