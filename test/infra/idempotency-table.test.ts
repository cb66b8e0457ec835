import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { buildIdempotencyTable } from '../../infra/idempotency/table.ts';
import { openIdempotencyTable } from '../../infra/local/idempotency-table.ts';
import { buildServiceParts } from '../../infra/service.ts';
import { lockFile } from '../../shared/files/lock-file.ts';
import { deployment, everyOperation } from '../support/deployments.ts';
import { useDirectory } from '../support/project-copy.ts';

const used = useDirectory();
const TableName = 'attempts';
const Key = { id: { S: 'CreateKey#hash' } };

function createClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
}

test('the local table keeps its records, and is shared with a process that opens it at the same time', async () => {
  const directory = join(used.directory, 'shared');
  const first = await openIdempotencyTable(directory, TableName);
  const second = await openIdempotencyTable(directory, TableName);
  expect(second.endpoint).toBe(first.endpoint);
  await createClient(first.endpoint).send(
    new PutItemCommand({ TableName, Item: { ...Key, status: { S: 'COMPLETED' } } }),
  );
  await second.close();
  await first.close();
  expect(existsSync(join(directory, 'endpoint.json'))).toBe(false);
  const later = await openIdempotencyTable(directory, TableName);
  const { Item } = await createClient(later.endpoint).send(new GetItemCommand({ TableName, Key }));
  expect(Item?.status).toEqual({ S: 'COMPLETED' });
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  await later.close();
});

test('the local table reports a process that uses the files but does not respond', async () => {
  const directory = join(used.directory, 'locked');
  await (await openIdempotencyTable(directory, TableName)).close();
  const unlock = lockFile(join(directory, 'lock'));
  await expect(openIdempotencyTable(directory, TableName)).rejects.toThrow(
    `Another process uses the table in ${directory}, but does not respond. Stop it, and try again.`,
  );
  unlock?.();
  await (await openIdempotencyTable(directory, TableName)).close();
});

test('a deployment has the table, its permissions and its variable only with idempotency=on', () => {
  const off = buildServiceParts(deployment(everyOperation));
  const on = buildServiceParts(deployment({ ...everyOperation, idempotency: 'on' }));
  expect(buildIdempotencyTable(deployment(everyOperation))).toEqual({});
  const added = Object.keys(on.resources.Resources).filter((id) => !(id in off.resources.Resources));
  expect(added).toEqual(['IdempotencyTable']);
  expect(on.resources.Resources.IdempotencyTable).toMatchObject({
    Properties: {
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
    },
  });
  const changed = Object.keys(on.functions).filter(
    (name) => JSON.stringify(on.functions[name]) !== JSON.stringify(off.functions[name]),
  );
  expect(changed).toEqual(['createKey']);
  expect(on.functions.createKey).toMatchObject({
    handler: 'functions/keys/create-key/idempotent/handler.handler',
    environment: { IDEMPOTENCY_TABLE: 'kms-functions-dev-idempotency' },
  });
  const changedRoles = Object.keys(off.resources.Resources).filter(
    (id) => JSON.stringify(on.resources.Resources[id]) !== JSON.stringify(off.resources.Resources[id]),
  );
  // The roles that may change tags deny changes to the idempotency tag.
  expect(changedRoles).toEqual(['CreateKeyRole', 'TagResourceRole', 'UntagResourceRole']);
  const readActions = ({ resources }: typeof on) =>
    JSON.stringify(resources.Resources.CreateKeyRole).match(/"(dynamodb|tag|kms|logs):\w+"/g) ?? [];
  const before = new Set(readActions(off));
  expect(readActions(on).filter((action) => !before.has(action))).toEqual([
    '"dynamodb:DeleteItem"',
    '"dynamodb:GetItem"',
    '"dynamodb:PutItem"',
    '"dynamodb:UpdateItem"',
    '"tag:GetResources"',
    '"kms:DescribeKey"',
  ]);
});

test('idempotency=on requires CreateKey', () => {
  expect(() => deployment({ operations: 'crypto', idempotency: 'on' })).toThrow(
    '`idempotency` has no effect without CreateKey.',
  );
});
