import { expect, test } from 'vitest';
import { describeKey } from '../../../functions/keys/describe-key/operation.ts';
import { createTenantTagReader } from '../../../shared/authorization/tenant-tags.ts';
import { createCall } from '../../../shared/call/call.ts';
import { readFunctionConfig } from '../../../shared/config/function-config.ts';
import { useFaultServer } from '../../support/fault-server.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';

const kms = useFaultServer();

test('the cache of tenant tags keeps the keys that were used last', async () => {
  kms.respond = (response) =>
    response.end(JSON.stringify({ Tags: [{ TagKey: 'tenant', TagValue: 'a' }], Truncated: false }));
  setLocalEnvironment(kms.endpoint);
  const call = createCall(describeKey, readFunctionConfig(), 'id', 10_000);
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
