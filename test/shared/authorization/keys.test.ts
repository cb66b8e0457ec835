import { CreateAliasCommand, TagResourceCommand, UpdateAliasCommand } from '@aws-sdk/client-kms';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as all from '../../../functions/operations.ts';
import { keyMembers, type Operation } from '../../../shared/declaration/operation.ts';
import { buildBearerEvent, createGatewayContext, loadDeployedHandler } from '../../support/deployed.ts';
import { useEmulator } from '../../support/emulator.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';
import { operations } from '../../support/operations.ts';
import { invoke } from '../../support/outcome.ts';

const used = useEmulator();
beforeAll(() => setLocalEnvironment(used.emulator.endpoint));
beforeEach(() => used.emulator.restoreSeed());

const exampleKey = '5a4d1e00-0000-4000-8000-000000000001';
const arnPrefix = 'arn:aws:kms:us-east-1:000000000000:';
const rejected = { ok: false, code: 'CallerNotAllowedError' };
const jwt = { auth: 'jwt', keysClaim: 'kms_keys' } as const;

/** Calls an operation with a token whose claim lists `keys`. `undefined` omits the claim. */
async function callAs(keys: string | undefined, operation: Operation, input = operation.example.input) {
  const claims: Record<string, string> = keys === undefined ? {} : { kms_keys: keys };
  return invoke(
    await loadDeployedHandler(operation, jwt),
    buildBearerEvent(operation, claims, input),
    createGatewayContext(),
  );
}

const naming = operations
  .filter((operation) => keyMembers(operation).length > 0)
  .map((operation) => ({ name: operation.name, operation }));

describe('a token without the requested key', () => {
  test.for(naming)('is rejected: $name', async ({ operation }) => {
    for (const keys of [undefined, '', '[]', 'alias/other', '1234abcd-12ab-34cd-56ef-1234567890ab', 'tag:team=other']) {
      expect(await callAs(keys, operation), String(keys)).toMatchObject(rejected);
    }
  });
});

describe('a token with the requested keys', () => {
  test.for(naming)('is accepted: $name', async ({ operation }) => {
    const { input } = operation.example;
    const named = keyMembers(operation).flatMap((member) => (member in input ? [String(input[member])] : []));
    // A request without a key cannot be restricted to some keys, so it requires a token for all keys.
    if (named.length === 0) return expect(await callAs('alias/*', operation)).toMatchObject(rejected);
    expect(await callAs(`[${named.join(' ')}]`, operation)).toMatchObject({ ok: true });
  });
});

describe('a token with only some of the requested keys', () => {
  const two = naming.filter(({ operation }) => keyMembers(operation).length > 1);
  test.for(two)('is rejected: $name', async ({ operation }) => {
    const { input } = operation.example;
    const named = keyMembers(operation).filter((member) => member in input);
    for (const member of named) {
      const others = named.filter((other) => other !== member).map((other) => input[other]);
      const outcome = await callAs(`[${others.join(' ')}]`, operation);
      expect(outcome, member).toMatchObject(rejected);
      expect(outcome.ok === false && outcome.text).toContain(`/${member} `);
    }
  });
});

describe('a token', () => {
  const { Encrypt: operation } = Object.fromEntries(operations.map((each) => [each.name, each]));
  const rows: [list: string, key: string, isAllowed: boolean][] = [
    [exampleKey, exampleKey, true],
    [exampleKey, `${arnPrefix}key/${exampleKey}`, true],
    [exampleKey, 'alias/example', true],
    [`${arnPrefix}key/${exampleKey}`, exampleKey, true],
    [`key/${exampleKey}`, exampleKey, true],
    ['alias/example', 'alias/example', true],
    ['alias/example', `${arnPrefix}alias/example`, true],
    ['alias/exam*', 'alias/example', true],
    ['alias/*', 'alias/example', true],
    ['alias/other,alias/example', 'alias/example', true],
    ['*', exampleKey, true],
    ['alias/example', exampleKey, false],
    ['alias/*', exampleKey, false],
    ['alias/ample', 'alias/example', false],
    ['alias/exampl', 'alias/example', false],
    ['alias/e.ample', 'alias/example', false],
    ['ALIAS/EXAMPLE', 'alias/example', false],
    ['5a4d1e00-0000-4000-8000-00000000000*', exampleKey, false],
    ['tag:team=payments', 'alias/example', true],
    ['tag:team=payments', exampleKey, true],
    ['tag:team=pay', exampleKey, false],
    ['tag:team', exampleKey, false],
    ['tag:Team=payments', exampleKey, false],
  ];

  test.for(rows)('with the keys %s has access to the key %s: %s', async ([list, key, isAllowed]) => {
    const tag = { TagKey: 'team', TagValue: 'payments' };
    await used.client.send(new TagResourceCommand({ KeyId: exampleKey, Tags: [tag] }));
    const input = { ...(operation as Operation).example.input, KeyId: key };
    const outcome = await callAs(`[${list}]`, operation as Operation, input);
    expect(outcome).toMatchObject(isAllowed ? { ok: true } : rejected);
  });
});

test('KMS uses the key that was checked, even if its alias moves after the check', async () => {
  const other = '5a4d1e00-0000-4000-8000-000000000106';
  await used.client.send(new CreateAliasCommand({ AliasName: 'alias/moving', TargetKeyId: exampleKey }));
  const operation = all.encrypt;
  const handler = await loadDeployedHandler(operation, jwt);
  const event = buildBearerEvent(
    operation,
    { kms_keys: exampleKey },
    { ...operation.example.input, KeyId: 'alias/moving' },
  );
  const calls = Array.from({ length: 20 }, () => invoke(handler, event, createGatewayContext()));
  await used.client.send(new UpdateAliasCommand({ AliasName: 'alias/moving', TargetKeyId: other }));
  for (const outcome of await Promise.all(calls)) {
    if (outcome.ok) expect(outcome.body).toMatchObject({ KeyId: `${arnPrefix}key/${exampleKey}` });
    else expect(outcome).toMatchObject(rejected);
  }
});

describe('Decrypt without a KeyId', () => {
  const operation = all.decrypt;
  const { KeyId: _, ...input } = operation.example.input;
  test.each([
    [exampleKey, { ok: true }],
    ['*', { ok: true }],
    ['alias/example', rejected],
    ['1234abcd-12ab-34cd-56ef-1234567890ab', rejected],
  ])('checks the key of the ciphertext against the list %s', async (list, expected) => {
    expect(await callAs(list, operation, input)).toMatchObject(expected);
  });
});

describe('a direct invoker', () => {
  const operation = all.encrypt;
  test.each([
    ['alias/example', { ok: true }],
    ['alias/other', rejected],
    [undefined, { ok: true }],
  ])('may use only the keys in directKeys (%s)', async (directKeys, expected) => {
    const handler = await loadDeployedHandler(operation, { ...jwt, directKeys });
    expect(await invoke(handler, operation.example.input)).toMatchObject(expected);
  });
});
