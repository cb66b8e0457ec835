import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DisableKeyCommand,
  EncryptCommand,
  PutKeyPolicyCommand,
  TagResourceCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as all from '../../../functions/operations.ts';
import { keyMembers, type Operation } from '../../../shared/declaration/operation.ts';
import { buildBearerEvent, createGatewayContext, loadDeployedHandler } from '../../support/deployed.ts';
import { clientFor, useEmulator } from '../../support/emulator.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';
import { operations } from '../../support/operations.ts';
import { invoke, type Outcome } from '../../support/outcome.ts';

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
  test.for(naming)('a token without the requested key is rejected: $name', async ({ operation }) => {
    for (const keys of [undefined, '', '[]', 'alias/other', '1234abcd-12ab-34cd-56ef-1234567890ab', 'tag:team=other']) {
      expect(await callAs(keys, operation), String(keys)).toMatchObject(rejected);
    }
  });
});

describe('a token with the requested keys', () => {
  test.for(naming)('a token with the requested keys is accepted: $name', async ({ operation }) => {
    const { input } = operation.example;
    const named = keyMembers(operation).flatMap((member) => (member in input ? [String(input[member])] : []));
    // A request without a key cannot be restricted to some keys, so it requires a token for all keys.
    if (named.length === 0) return expect(await callAs('alias/*', operation)).toMatchObject(rejected);
    expect(await callAs(`[${named.join(' ')}]`, operation)).toMatchObject({ ok: true });
  });
});

describe('a token with only some of the requested keys', () => {
  const two = naming.filter(({ operation }) => keyMembers(operation).length > 1);
  test.for(two)('a token with only some of the requested keys is rejected: $name', async ({ operation }) => {
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

  test.for(rows)('a token with the keys %s has access to the key %s: %s', async ([list, key, isAllowed]) => {
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
  ])('Decrypt without a KeyId checks the key of the ciphertext against the list %s', async (list, expected) => {
    expect(await callAs(list, operation, input)).toMatchObject(expected);
  });
});

describe('a direct invoker', () => {
  const operation = all.encrypt;
  test.each([
    ['alias/example', { ok: true }],
    ['alias/other', rejected],
    [undefined, { ok: true }],
  ])('a direct invoker may use only the keys in directKeys (%s)', async (directKeys, expected) => {
    const handler = await loadDeployedHandler(operation, { ...jwt, directKeys });
    expect(await invoke(handler, operation.example.input)).toMatchObject(expected);
  });
});

function problemOf(outcome: Outcome): unknown {
  if (outcome.ok || outcome.trigger !== 'http') throw new Error(outcome.text);
  const { requestId: _, ...problem } = outcome.problem;
  return problem;
}

describe('a key outside the key list', () => {
  const encrypt = async (KeyId: string, EncryptionContext: Record<string, string>) => {
    const { CiphertextBlob = new Uint8Array() } = await used.client.send(
      new EncryptCommand({ KeyId, EncryptionContext, Plaintext: Buffer.from('secret') }),
    );
    return Buffer.from(CiphertextBlob).toString('base64');
  };
  const createKey = async () => {
    const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
    return KeyMetadata?.KeyId ?? '';
  };

  test.for(['alias/example', exampleKey, 'tag:team=payments'])(
    'a key outside the key list has the same error for a ciphertext in every key state, with the list %s',
    async (list) => {
      const [foreign, disabled] = [await createKey(), await createKey()];
      const CiphertextBlob = await encrypt(foreign, { a: 'b' });
      const context = { EncryptionContext: { a: 'b' } };
      const inputs = [
        { CiphertextBlob, ...context },
        { CiphertextBlob },
        { CiphertextBlob, ...context, DryRun: true },
        { CiphertextBlob: await encrypt(disabled, { a: 'b' }), ...context },
        { CiphertextBlob: Buffer.from('not a ciphertext').toString('base64') },
      ];
      await used.client.send(new DisableKeyCommand({ KeyId: disabled }));
      const problems = await Promise.all(
        inputs.map(async (input) => problemOf(await callAs(list, all.decrypt, input))),
      );
      for (const problem of problems) expect(problem).toEqual(problems[0]);
      expect(problems[0]).toMatchObject({ status: 403, code: 'CallerNotAllowedError' });
      expect(JSON.stringify(problems)).not.toContain('arn:');
    },
  );

  test('a key list does not hide an error for a key in the list', async () => {
    const disabled = await createKey();
    const CiphertextBlob = await encrypt(disabled, {});
    await used.client.send(new DisableKeyCommand({ KeyId: disabled }));
    expect(await callAs(disabled, all.decrypt, { CiphertextBlob })).toMatchObject({ code: 'DisabledException' });
    expect(await callAs('*', all.decrypt, { CiphertextBlob })).toMatchObject({ code: 'DisabledException' });
  });

  test.for(['alias/listed', exampleKey, 'tag:team=payments'])(
    'a key outside the key list has the same error as a key that does not exist, with the list %s',
    async (list) => {
      const KeyId = await createKey();
      await used.client.send(new CreateAliasCommand({ AliasName: `alias/foreign-${KeyId}`, TargetKeyId: KeyId }));
      for (const [existing, absent] of [
        [KeyId, '12345678-1234-1234-1234-123456789012'],
        [`${arnPrefix}key/${KeyId}`, `${arnPrefix}key/12345678-1234-1234-1234-123456789012`],
        [`alias/foreign-${KeyId}`, 'alias/absent'],
      ] as const) {
        const outcome = await callAs(list, all.describeKey, { KeyId: existing });
        expect(outcome, existing).toMatchObject(rejected);
        expect(problemOf(await callAs(list, all.describeKey, { KeyId: absent }))).toEqual(problemOf(outcome));
      }
    },
  );

  test.for([exampleKey, 'tag:team=payments', `${exampleKey} alias/listed tag:team=payments`])(
    "a key behind an alias has the same error if the function's role may not use the key, with the list %s",
    async (list) => {
      const KeyId = await createKey();
      const alias = `alias/outside-${KeyId}`;
      await used.client.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: KeyId }));
      const other = { AWS: 'arn:aws:iam::000000000000:role/other' };
      const Statement = { Effect: 'Allow', Principal: other, Action: 'kms:*', Resource: '*' };
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
      await used.client.send(new PutKeyPolicyCommand({ KeyId, Policy, BypassPolicyLockoutSafetyCheck: true }));
      for (const prefix of ['', arnPrefix]) {
        const outcome = await callAs(list, all.describeKey, { KeyId: `${prefix}${alias}` });
        expect(outcome).toMatchObject(rejected);
        const absent = await callAs(list, all.describeKey, { KeyId: `${prefix}alias/absent` });
        expect(problemOf(absent)).toEqual(problemOf(outcome));
      }
    },
  );
});

test('an alias in a key list allows no alias with the same name in another Region', async () => {
  const region = 'eu-west-1';
  const there = clientFor(used.emulator.endpoint, { region });
  const { KeyMetadata } = await there.send(new CreateKeyCommand({}));
  await there.send(new CreateAliasCommand({ AliasName: 'alias/example', TargetKeyId: KeyMetadata?.KeyId }));
  const handler = await loadDeployedHandler(all.encrypt, { ...jwt, regions: ['us-east-1', region] });
  const KeyId = `arn:aws:kms:${region}:000000000000:alias/example`;
  const call = (list: string) => {
    const input = { ...all.encrypt.example.input, KeyId };
    return invoke(handler, buildBearerEvent(all.encrypt, { kms_keys: list }, input), createGatewayContext());
  };
  expect(await call('alias/example')).toMatchObject(rejected);
  expect(await call(`${arnPrefix}alias/example`)).toMatchObject(rejected);
  expect(await call(KeyId)).toMatchObject({ ok: true });
  await there.send(new DeleteAliasCommand({ AliasName: 'alias/example' }));
  there.destroy();
});

test('an alias in a key list allows no alias in the Region of the other key in the request', async () => {
  const region = 'eu-west-1';
  const there = clientFor(used.emulator.endpoint, { region });
  const [hidden, allowed] = await Promise.all([
    there.send(new CreateKeyCommand({})),
    there.send(new CreateKeyCommand({})),
  ]);
  // The seed has an alias with the same name in the function's Region.
  await there.send(new CreateAliasCommand({ AliasName: 'alias/example', TargetKeyId: hidden.KeyMetadata?.KeyId }));
  const { CiphertextBlob = new Uint8Array() } = await there.send(
    new EncryptCommand({ KeyId: hidden.KeyMetadata?.KeyId, Plaintext: Buffer.from('secret') }),
  );
  const DestinationKeyId = allowed.KeyMetadata?.Arn ?? '';
  const input = {
    SourceKeyId: 'alias/example',
    DestinationKeyId,
    CiphertextBlob: Buffer.from(CiphertextBlob).toString('base64'),
  };
  const handler = await loadDeployedHandler(all.reEncrypt, { ...jwt, regions: ['us-east-1', region] });
  const call = (list: string) =>
    invoke(handler, buildBearerEvent(all.reEncrypt, { kms_keys: list }, input), createGatewayContext());
  expect(await call(`alias/example ${DestinationKeyId}`)).toMatchObject(rejected);
  expect(await call(`arn:aws:kms:${region}:000000000000:alias/example ${DestinationKeyId}`)).toMatchObject({
    ok: true,
  });
  await there.send(new DeleteAliasCommand({ AliasName: 'alias/example' }));
  there.destroy();
});

describe('an identifier that AWS does not allow is rejected with 400 before the key list is checked', () => {
  test.for(naming)(
    'a malformed identifier is rejected with 400 before the key list is checked: $name',
    async ({ operation }) => {
      for (const member of keyMembers(operation)) {
        for (const value of [`alias/${'/'.repeat(251)}`, `${arnPrefix}alias/${'a'.repeat(251)}`, 'x'.repeat(2_049)]) {
          const outcome = await callAs('alias/*/*/*', operation, { ...operation.example.input, [member]: value });
          expect(outcome, value).toMatchObject({ code: 'ValidationException', problem: { status: 400 } });
        }
      }
    },
  );
});

test('RetireGrant rejects a token together with a key, because only the key is checked', async () => {
  const input = { KeyId: `${arnPrefix}key/${exampleKey}`, GrantToken: 'x'.repeat(100) };
  expect(await callAs('*', all.retireGrant, input)).toMatchObject({
    code: 'ValidationException',
    problem: { errors: [{ pointer: '/GrantToken', detail: 'must not be combined with KeyId' }] },
  });
});
