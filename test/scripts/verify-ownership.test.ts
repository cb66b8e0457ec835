import { expect, test } from 'vitest';
import { inProcess } from '../../client/index.ts';
import { buildDocumentationKey, CreatedResources } from '../../scripts/verify/created-resources.ts';
import { functionName, type JsonObject } from '../../shared/declaration/operation.ts';
import { operationRows } from '../support/operations.ts';

const own = { KeyId: '5a4d1e00-0000-4000-8000-00000000aaaa', Arn: 'arn:aws:kms:us-east-1:000000000000:key/own' };

/** Returns a guarded transport to functions that only count their calls. */
function connect() {
  const calls = { count: 0 };
  const handler = () => {
    calls.count += 1;
    return { KeyMetadata: own };
  };
  const created = new CreatedResources();
  const handlers = Object.fromEntries(operationRows.map(({ operation }) => [functionName(operation), handler]));
  const transport = created.guard(inProcess({ handlers }));
  const limits = { signal: new AbortController().signal, timeoutMs: 10_000 };
  const send = (name: string, input: JsonObject) => {
    const row = operationRows.find(({ operation }) => operation.name === name);
    if (row === undefined) throw new Error(`there is no operation ${name}`);
    return transport.send(row.operation, input, limits);
  };
  return { calls, created, send };
}

const rows = operationRows.filter(({ name }) => name !== 'CreateKey');

test.for(rows)('npm run verify cannot call $name with the key of its example', async ({ name, operation }) => {
  const { calls, send } = connect();
  // Without a key, Decrypt uses only ciphertexts that the run created.
  const input = name === 'Decrypt' ? { ...operation.example.input, KeyId: 'alias/example' } : operation.example.input;
  await expect(send(name, input)).rejects.toThrow(TypeError);
  expect(calls.count).toBe(0);
});

test('npm run verify can use only keys that it has created', async () => {
  const { calls, created, send } = connect();
  await expect(send('DescribeKey', { KeyId: own.KeyId })).rejects.toThrow('which this run did not create');
  await send('CreateKey', {});
  expect(created.keys).toMatchObject([{ id: own.KeyId, arn: own.Arn }]);
  await send('DescribeKey', { KeyId: own.KeyId });
  await send('ScheduleKeyDeletion', { KeyId: own.Arn });
  expect(calls.count).toBe(3);
});

test('npm run verify creates and deletes only an alias with the id of the run', async () => {
  const { calls, created, send } = connect();
  await send('CreateKey', {});
  const foreign = { AliasName: 'alias/payments', TargetKeyId: own.KeyId };
  await expect(send('CreateAlias', foreign)).rejects.toThrow('must end with the run id');
  await expect(send('DeleteAlias', { AliasName: 'alias/payments' })).rejects.toThrow('which this run did not create');
  const AliasName = created.aliasName();
  await send('CreateAlias', { AliasName, TargetKeyId: own.KeyId });
  await send('DeleteAlias', { AliasName });
  expect(calls.count).toBe(3);
});

test('the only foreign key in the checks of npm run verify is in the AWS documentation account', async () => {
  const { calls, send } = connect();
  await send('DescribeKey', { KeyId: buildDocumentationKey('aws', 'us-east-1') });
  expect(calls.count).toBe(1);
});
