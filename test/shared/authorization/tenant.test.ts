import { CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadDefaultSeed } from '../../../emulator/seed/read-seed.ts';
import * as all from '../../../functions/operations.ts';
import type { FunctionConfig } from '../../../shared/config/function-config.ts';
import { type JsonObject, keyMembers, memberNames, type Operation } from '../../../shared/declaration/operation.ts';
import { bearerEvent, claimTenancy, deployedHandler, gatewayContext, signedEvent } from '../../support/deployed.ts';
import { useEmulator } from '../../support/emulator.ts';
import { pointAt } from '../../support/handlers.ts';
import { operations } from '../../support/operations.ts';
import { invoke } from '../../support/outcome.ts';

/** The default seed, with every key that tells its tags being of tenant a. */
const seed = loadDefaultSeed();
const used = useEmulator({
  seed: {
    ...seed,
    Keys: seed.Keys.map((key) => ({ ...key, Tags: [...(key.Tags ?? []), { TagKey: 'tenant', TagValue: 'a' }] })),
  },
});
beforeAll(() => pointAt(used.emulator.endpoint));
beforeEach(() => used.emulator.restoreSeed());

const bound = { auth: 'jwt', tenancy: claimTenancy } as const;
const refused = { ok: false, code: 'CallerNotAllowedError' };
const named = Object.fromEntries(operations.map((operation) => [operation.name, operation])) as Record<
  string,
  Operation
>;
const contextOperations = operations.filter((operation) =>
  memberNames(operation).some((member) => member.endsWith('EncryptionContext')),
);
const otherOperations = operations.filter(
  (operation) => !contextOperations.includes(operation) && operation.name !== 'GenerateRandom',
);

function rows(list: readonly Operation[]) {
  return list.map((operation) => ({ name: operation.name, operation }));
}

/** A call by someone of `tenant`. */
async function callOf(tenant: string, operation: Operation, input = operation.example.input, tenancy = claimTenancy) {
  const handler = await deployedHandler(operation, { ...bound, tenancy });
  return invoke(handler, bearerEvent(operation, { tenant_id: tenant }, input), gatewayContext());
}

async function bodyOf(outcome: ReturnType<typeof callOf>): Promise<Record<string, string>> {
  const ended = await outcome;
  if (!ended.ok) throw new Error(ended.text);
  return ended.body as Record<string, string>;
}

/** The ARNs of the keys that a request names. */
async function keysOf(operation: Operation): Promise<string[]> {
  const names = keyMembers(operation)
    .filter((member) => operation.name !== 'CreateAlias' || member !== 'AliasName')
    .flatMap((member) => (member in operation.example.input ? [String(operation.example.input[member])] : []));
  const keys = names.map((KeyId) => used.client.send(new DescribeKeyCommand({ KeyId })));
  return (await Promise.all(keys)).map(({ KeyMetadata }) => String(KeyMetadata?.Arn));
}

describe('what takes an encryption context is bound by it', () => {
  const [encrypt, decrypt] = [named.Encrypt as Operation, named.Decrypt as Operation];
  const Plaintext = Buffer.from('of tenant a').toString('base64');

  test('one tenant cannot open what another sealed, by any context', async () => {
    const { CiphertextBlob = '' } = await bodyOf(callOf('a', encrypt, { KeyId: 'alias/example', Plaintext }));
    const open = (tenant: string, context?: JsonObject) =>
      callOf(tenant, decrypt, { CiphertextBlob, ...(context ? { EncryptionContext: context } : {}) });
    expect(await open('a')).toMatchObject({ ok: true, body: { Plaintext } });
    expect(await open('a', { tenant: 'a' })).toMatchObject({ ok: true });
    expect(await open('b')).toMatchObject({ ok: false, code: 'InvalidCiphertextException' });
    expect(await open('b', { tenant: 'a' })).toMatchObject(refused);
    expect(await open('b', { Tenant: 'a' })).toMatchObject({ ok: false, code: 'InvalidCiphertextException' });
    expect(await open('a', { tenant: 'b' })).toMatchObject(refused);
  });

  test.for(rows(contextOperations))('a context that names another tenant is refused: $name', async ({ operation }) => {
    for (const member of memberNames(operation).filter((name) => name.endsWith('EncryptionContext'))) {
      const input = { ...operation.example.input, [member]: { tenant: 'b', more: 'x' } };
      expect(await callOf('a', operation, input), member).toMatchObject(refused);
    }
  });

  test('re-encryption binds both contexts', async () => {
    const key = { KeyId: 'alias/example', Plaintext };
    const { CiphertextBlob = '' } = await bodyOf(callOf('a', encrypt, key));
    const input = { CiphertextBlob, SourceKeyId: 'alias/example', DestinationKeyId: 'alias/example' };
    const again = await bodyOf(callOf('a', named.ReEncrypt as Operation, input));
    expect(await callOf('a', decrypt, { CiphertextBlob: again.CiphertextBlob ?? '' })).toMatchObject({ ok: true });
    expect(await callOf('b', named.ReEncrypt as Operation, input)).toMatchObject({
      code: 'InvalidCiphertextException',
    });
  });

  test('a grant is bound by its constraint', async () => {
    const createGrant = named.CreateGrant as Operation;
    const { GrantId } = await bodyOf(callOf('a', createGrant));
    const KeyId = String(createGrant.example.input.KeyId);
    const grants = await invoke(await deployedHandler(named.ListGrants as Operation, { auth: 'jwt' }), {
      KeyId,
      GrantId: String(GrantId),
    });
    expect(grants).toMatchObject({ body: { Grants: [{ Constraints: { EncryptionContextSubset: { tenant: 'a' } } }] } });
    for (const name of ['EncryptionContextSubset', 'EncryptionContextEquals']) {
      const input = { ...createGrant.example.input, Constraints: { [name]: { tenant: 'b' } } };
      expect(await callOf('a', createGrant, input)).toMatchObject(refused);
    }
  });

  test('an asymmetric key, which takes none, is bound by its tag', async () => {
    const KeyId = 'alias/tenant-rsa';
    const { KeyMetadata } = (await bodyOf(
      callOf('a', named.CreateKey as Operation, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' }),
    )) as unknown as { KeyMetadata: { KeyId: string } };
    await used.client.send(new CreateAliasCommand({ AliasName: KeyId, TargetKeyId: KeyMetadata.KeyId }));
    const input = { KeyId, Plaintext, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' };
    expect(await callOf('a', encrypt, input)).toMatchObject({ ok: true });
    expect(await callOf('b', encrypt, input)).toMatchObject(refused);
  });
});

describe('what takes none is bound by the tag of the tenant on every key that it names', () => {
  test.for(rows(otherOperations))('$name', async ({ operation }) => {
    if (operation.name === 'CreateKey' || operation.name === 'CreateGrant') return;
    const keys = await keysOf(operation);
    expect(await callOf('b', operation), 'the tag of another').toMatchObject(refused);
    expect(await callOf('a', operation), 'its tag').toMatchObject(keys.length > 0 ? { ok: true } : refused);
  });

  test('a key without the tag is of no tenant', async () => {
    const describeKey = named.DescribeKey as Operation;
    const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
    expect(await callOf('a', describeKey, { KeyId: String(KeyMetadata?.KeyId) })).toMatchObject(refused);
  });

  test('CreateKey adds the tag, and takes no other', async () => {
    const createKey = named.CreateKey as Operation;
    const { KeyMetadata } = (await bodyOf(
      callOf('a', createKey, { Tags: [{ TagKey: 'x', TagValue: 'y' }] }),
    )) as unknown as {
      KeyMetadata: { KeyId: string };
    };
    const { Tags } = await used.client.send(new ListResourceTagsCommand({ KeyId: KeyMetadata.KeyId }));
    expect(Tags).toEqual([
      { TagKey: 'tenant', TagValue: 'a' },
      { TagKey: 'x', TagValue: 'y' },
    ]);
    expect(await callOf('a', createKey, { Tags: [{ TagKey: 'tenant', TagValue: 'b' }] })).toMatchObject(refused);
  });

  test('the tag stays as it is', async () => {
    const KeyId = '5a4d1e00-0000-4000-8000-000000000001';
    const put = { KeyId, Tags: [{ TagKey: 'tenant', TagValue: 'b' }] };
    expect(await callOf('a', named.TagResource as Operation, put)).toMatchObject(refused);
    expect(await callOf('a', named.UntagResource as Operation, { KeyId, TagKeys: ['tenant'] })).toMatchObject(refused);
  });
});

describe('a tenant', () => {
  const encrypt = named.Encrypt as Operation;
  const call = async (event: object, config: Partial<FunctionConfig>) =>
    invoke(await deployedHandler(encrypt, config), event, gatewayContext());

  test('must be known', async () => {
    expect(await call(bearerEvent(encrypt, {}), bound)).toMatchObject(refused);
    expect(await callOf('', encrypt)).toMatchObject(refused);
  });

  test('that looks like an e-mail address is refused, unless the deployment allows it', async () => {
    expect(await callOf('a@example.com', encrypt)).toMatchObject(refused);
    expect(await callOf('a@example.com', encrypt, undefined, { ...claimTenancy, allowsEmails: true })).toMatchObject({
      ok: true,
    });
  });

  test('may be the account or the principal of a signed request', async () => {
    for (const [field, value] of [
      ['account', '000000000000'],
      ['principal', 'arn:aws:sts::000000000000:assumed-role/app/session'],
    ] as const) {
      const config = { auth: 'iam', tenancy: { ...claimTenancy, field } } as const;
      const mine = { ...encrypt.example.input, EncryptionContext: { tenant: value } };
      const others = { ...encrypt.example.input, EncryptionContext: { tenant: 'other' } };
      expect(await call(signedEvent(encrypt, {}, mine), config)).toMatchObject({ ok: true });
      expect(await call(signedEvent(encrypt, {}, others), config)).toMatchObject(refused);
    }
  });

  test('of a direct invoker is unknown: he is refused, unless the deployment trusts him with all', async () => {
    const { input } = encrypt.example;
    expect(await invoke(await deployedHandler(encrypt, bound), input)).toMatchObject(refused);
    expect(
      await invoke(
        await deployedHandler(encrypt, { ...bound, tenancy: { ...claimTenancy, direct: 'unbound' } }),
        input,
      ),
    ).toMatchObject({
      ok: true,
    });
  });

  test('is needed for no random bytes', async () => {
    expect(await callOf('a', named.GenerateRandom as Operation)).toMatchObject({ ok: true });
  });
});

test("the caller's own name is put into the encryption context on request", async () => {
  const encrypt = all.encrypt;
  const decrypt = all.decrypt;
  const config = { auth: 'jwt', callerContextKey: 'caller' } as const;
  const as = async (sub: string, operation: Operation, input: JsonObject) =>
    invoke(await deployedHandler(operation, config), bearerEvent(operation, { sub }, input), gatewayContext());
  const sealed = await as('anna', encrypt, { KeyId: 'alias/example', Plaintext: 'AAAA' });
  const { CiphertextBlob } = (sealed.ok ? sealed.body : {}) as { CiphertextBlob: string };
  expect(await as('anna', decrypt, { CiphertextBlob })).toMatchObject({ ok: true });
  expect(await as('bert', decrypt, { CiphertextBlob })).toMatchObject({ code: 'InvalidCiphertextException' });
  const own = { CiphertextBlob, EncryptionContext: { caller: 'anna' } };
  expect(await as('bert', decrypt, own)).toMatchObject(refused);
});
