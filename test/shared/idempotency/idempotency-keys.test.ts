import { CreateGrantCommand, CreateKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKey } from '../../../functions/keys/create-key/operation.ts';
import type { FunctionConfig } from '../../../shared/config/function-config.ts';
import { acceptsIdempotencyKey } from '../../../shared/declaration/idempotency-key.ts';
import type { JsonObject, Operation } from '../../../shared/declaration/operation.ts';
import { createIdempotentHandler } from '../../../shared/handler/create-idempotent-handler.ts';
import type { HttpResponse } from '../../../shared/http/http-response.ts';
import { captureLog } from '../../support/captured-log.ts';
import {
  buildBearerEvent,
  buildDeployedConfig,
  buildSignedEvent,
  claimTenancy,
  createGatewayContext,
} from '../../support/deployed.ts';
import { useEmulator } from '../../support/emulator.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';
import { loadIdempotentHandler, startTable, type TestTable } from '../../support/idempotency.ts';
import { allOperations, operations } from '../../support/operations.ts';
import { invoke, type Outcome } from '../../support/outcome.ts';

const used = useEmulator({ seed: 'none' });
let table: TestTable;

beforeAll(async () => {
  table = await startTable();
  setLocalEnvironment(used.emulator.endpoint);
});
afterAll(() => table.close());

const load = (overrides?: Partial<FunctionConfig>) =>
  loadIdempotentHandler(table.endpoint, used.emulator.endpoint, overrides);
const newKey = () => crypto.randomUUID();
const [route] = createKey.routes;
const withHeader = (value: string, input: JsonObject = {}) => {
  const event = buildHttpEvent(createKey, route, input);
  return { ...event, headers: { ...event.headers, 'idempotency-key': value } };
};
const readKeyId = (outcome: Outcome) => {
  if (!outcome.ok) throw new Error(outcome.text);
  return (outcome.body as { KeyMetadata: { KeyId: string } }).KeyMetadata.KeyId;
};

describe('an idempotency key over HTTP', () => {
  test('the header, the header with quotation marks and the member in the body are the same key', async () => {
    const handler = await load();
    const key = newKey();
    const events = [
      withHeader(key),
      withHeader(`"${key}"`),
      buildHttpEvent(createKey, route, { IdempotencyKey: key }),
      withHeader(key),
    ];
    const ids: string[] = [];
    for (const event of events) ids.push(readKeyId(await invoke(handler, event)));
    expect(new Set(ids).size).toBe(1);
  });

  test('a repeated response has the same status and the header Idempotent-Replayed', async () => {
    const handler = await load();
    const event = withHeader(newKey(), { Description: 'a' });
    const first = (await handler(event, createContext())) as HttpResponse;
    const second = (await handler(event, createContext())) as HttpResponse;
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    expect(second).toEqual({ ...first, headers: { ...first.headers, 'idempotent-replayed': 'true' } });
    expect(second.statusCode).toBe(201);
  });

  test.each([
    ['an empty key', ''],
    ['a key with a space', 'a b'],
    ['two headers', 'a,b'],
    ['a key of 129 characters', 'a'.repeat(129)],
    ['a key with other characters', 'schlüssel'],
  ])('the function rejects %s in the header and in the body', async (_, key) => {
    const handler = await load();
    for (const event of [withHeader(key), buildHttpEvent(createKey, route, { IdempotencyKey: key })]) {
      const outcome = await invoke(handler, event);
      expect(outcome).toMatchObject({ ok: false, code: 'ValidationException' });
      expect(outcome.text).toContain('/IdempotencyKey must be 1 to 128 letters');
    }
  });

  test('the function rejects a key in both places, and a key that is not text', async () => {
    const handler = await load();
    expect((await invoke(handler, withHeader('a', { IdempotencyKey: 'a' }))).text).toContain(
      'must not be sent in both',
    );
    expect(await invoke(handler, { IdempotencyKey: 7 })).toMatchObject({ code: 'ValidationException' });
  });

  test('a null member is no key', async () => {
    expect(await invoke(await load(), { IdempotencyKey: null })).toMatchObject({ ok: true });
  });
});

test.each([
  ['the header', () => withHeader('a')],
  ['the body', () => buildHttpEvent(createKey, route, { IdempotencyKey: 'a' })],
  ['a direct event', () => ({ IdempotencyKey: 'a' })],
])('a deployment without idempotency keys rejects a key in %s', async (_, build) => {
  const outcome = await invoke(await loadHandler(createKey), build());
  expect(outcome).toMatchObject({ ok: false, code: 'ValidationException' });
  expect(outcome.text).toContain(
    '/IdempotencyKey is not supported by this deployment without the parameter `idempotency=on`',
  );
});

describe('callers with the same idempotency key', () => {
  const createAs = async (event: unknown, overrides: Partial<FunctionConfig> = {}) =>
    readKeyId(await invoke(await load(buildDeployedConfig(overrides)), event, createGatewayContext()));
  const role = (name: string, session: string) => ({
    userArn: `arn:aws:sts::000000000000:assumed-role/${name}/${session}`,
  });

  test('roles are independent, and the sessions of a role are the same caller', async () => {
    const input = { IdempotencyKey: newKey() };
    const first = await createAs(buildSignedEvent(createKey, role('a', 's1'), input));
    const otherRole = await createAs(buildSignedEvent(createKey, role('b', 's1'), input));
    const otherSession = await createAs(buildSignedEvent(createKey, role('a', 's2'), input));
    expect(otherRole).not.toBe(first);
    expect(otherSession).toBe(first);
  });

  test.each([
    ['subjects', { sub: 'alice' }, { sub: 'bob' }, {}],
    ['issuers', { iss: 'https://one' }, { iss: 'https://two' }, {}],
    ['tenants', { tenant_id: 'a' }, { tenant_id: 'b' }, { tenancy: claimTenancy }],
  ])('%s are independent', async (_, one, other, overrides: Partial<FunctionConfig>) => {
    const input = { IdempotencyKey: newKey() };
    const config = { auth: 'jwt' as const, ...overrides };
    const first = await createAs(buildBearerEvent(createKey, one as never, input), config);
    expect(await createAs(buildBearerEvent(createKey, other as never, input), config)).not.toBe(first);
    expect(await createAs(buildBearerEvent(createKey, one as never, input), config)).toBe(first);
  });

  test('deployments with different service tags are independent', async () => {
    const event = buildSignedEvent(createKey, {}, { IdempotencyKey: newKey() });
    const first = await createAs(event, { serviceTag: 'one' });
    expect(await createAs(event, { serviceTag: 'two' })).not.toBe(first);
    expect(await createAs(event, { serviceTag: 'one' })).toBe(first);
  });

  test('direct invokers share their keys, which differ from those of HTTP callers', async () => {
    const input = { IdempotencyKey: newKey() };
    const handler = await load(buildDeployedConfig({}));
    const direct = readKeyId(await invoke(handler, input, createContext()));
    expect(readKeyId(await invoke(handler, input, createContext()))).toBe(direct);
    expect(await createAs(buildSignedEvent(createKey, {}, input))).not.toBe(direct);
  });
});

test('the record of a repeated response has the member replayed, and does not count a new key', async () => {
  const handler = await load({ isMetricsEnabled: true });
  const event = withHeader(newKey());
  const lines = await captureLog(async () => {
    await handler(event, createContext());
    await handler(event, createContext());
  });
  const [first, second] = lines.map(({ json }) => json);
  expect(first).toMatchObject({ outcome: 'OK', attempts: 1, KeysCreated: 1 });
  expect(first).not.toHaveProperty('replayed');
  expect(second).toMatchObject({ outcome: 'OK', attempts: 0, replayed: true, usedKeys: first.usedKeys });
  expect(second).not.toHaveProperty('KeysCreated');
  expect(lines.map(({ text }) => text).join()).not.toContain(event.headers['idempotency-key']);
});

describe('an operation whose response must not be stored', () => {
  const create = (operation: Operation, Command: new (input: never) => object = CreateKeyCommand) =>
    createIdempotentHandler(operation as typeof createKey, Command as typeof CreateKeyCommand);

  const secretOutput = allOperations.filter(({ sensitive, output }) =>
    sensitive.some((member) => member in output()._zod.def.shape),
  );
  test('operations with a secret in their output exist', () => {
    expect(secretOutput.length).toBeGreaterThan(7);
  });

  test.each(secretOutput.map((operation) => ({ name: operation.name, operation })))(
    'the handler does not load for $name, whose output is sensitive',
    ({ name, operation }) => {
      expect(() => create(operation)).toThrow(
        `${name} cannot be idempotent, because its stored response would contain`,
      );
    },
  );

  test.each(['CreateGrant', 'Encrypt', 'Sign', 'GetParametersForImport'])(
    'the handler does not load for %s, whose output contains bytes or a token',
    (name) => {
      const operation = operations.find((each) => each.name === name);
      expect(() => create(operation as Operation, CreateGrantCommand)).toThrow('cannot be idempotent');
    },
  );

  test('only CreateKey accepts idempotency keys', () => {
    expect(allOperations.filter(acceptsIdempotencyKey).map(({ name }) => name)).toEqual(['CreateKey']);
  });
});
