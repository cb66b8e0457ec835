import { CreateKeyCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/index.ts';
import { parseSeed } from '../../emulator/seed/read-seed.ts';
import { createKey } from '../../functions/keys/create-key/operation.ts';
import { buildFunctionRole } from '../../infra/roles/function-role.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { buildDeployedConfig } from '../support/deployed.ts';
import { deployment, everyOperation } from '../support/deployments.ts';
import { clientFor } from '../support/emulator.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { loadIdempotentHandler, startTable, type TestTable } from '../support/idempotency.ts';
import { invoke } from '../support/outcome.ts';
import { resolveReferences } from '../support/template.ts';

const place = { account: '000000000000', region: 'us-east-1' };
const serviceTag = 'kms-functions-dev';
let emulator: Emulator;
let kms: FaultProxy;
let table: TestTable;
let handler: Handler;

/** Starts the emulator with the role of CreateKey as the caller of the function's requests. */
beforeAll(async () => {
  const role = buildFunctionRole(createKey, deployment({ ...everyOperation, idempotency: 'on' })) as {
    Properties: { Policies: object[] };
  };
  const Policies = (resolveReferences(role.Properties.Policies, place) as { PolicyDocument: object }[]).map(
    ({ PolicyDocument }) => PolicyDocument,
  );
  const Principals = [{ AccessKeyId: 'ROLECreateKey', Arn: `arn:aws:iam::${place.account}:role/CreateKey`, Policies }];
  emulator = await startEmulator({ seed: parseSeed({ Version: 1, Keys: [], Principals }) });
  kms = await startFaultProxy(emulator.endpoint);
  table = await startTable();
  setLocalEnvironment(kms.endpoint);
  process.env.AWS_ACCESS_KEY_ID = 'ROLECreateKey';
  const config = buildDeployedConfig({ serviceTag, keyScope: 'service' });
  handler = await loadIdempotentHandler(table.endpoint, emulator.endpoint, config);
});
afterAll(async () => {
  await Promise.all([kms.close(), table.close()]);
  await emulator.close();
});

const loseResponse = async (event: object) => {
  Object.assign(kms, {
    fault: 'an error after the execution',
    appliesTo: (operation: string) => operation === 'CreateKey',
  });
  expect(await invoke(handler, event)).toMatchObject({ ok: false, code: 'KMSInternalException' });
  kms.fault = 'none';
};

test("the role of CreateKey allows the idempotency tag, the search for it, and DescribeKey on the service's key", async () => {
  const event = { Description: 'lost', IdempotencyKey: crypto.randomUUID() };
  await loseResponse(event);
  const found = await invoke(handler, event);
  expect(found).toMatchObject({ ok: true, body: { KeyMetadata: { Description: 'lost' } } });
  const { Keys } = await clientFor(emulator.endpoint).send(new ListKeysCommand({}));
  expect(Keys).toHaveLength(1);
});

test('a key with the same idempotency tag but another service tag is not found', async () => {
  const IdempotencyKey = crypto.randomUUID();
  Object.assign(kms, {
    fault: 'a reset before the execution',
    appliesTo: (operation: string) => operation === 'CreateKey',
  });
  await invoke(handler, { IdempotencyKey });
  kms.fault = 'none';
  const unfinished = (await table.list()).find(({ status }) => status?.S === 'INPROGRESS');
  const TagValue = unfinished?.id?.S?.split('#')[1];
  const Tags = [
    { TagKey: 'kms-functions:idempotency', TagValue },
    { TagKey: 'kms-functions:service', TagValue: 'kms-functions-other' },
  ];
  await clientFor(emulator.endpoint).send(new CreateKeyCommand({ Tags }));
  expect(await invoke(handler, { IdempotencyKey })).toMatchObject({ code: 'IdempotencyUnfinishedError' });
});
