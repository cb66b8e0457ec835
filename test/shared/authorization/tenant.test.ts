import { CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as all from '../../../functions/operations.ts';
import type { FunctionConfig } from '../../../shared/config/function-config.ts';
import { type JsonObject, keyMembers, memberNames, type Operation } from '../../../shared/declaration/operation.ts';
import {
  buildBearerEvent,
  buildSignedEvent,
  claimTenancy,
  createGatewayContext,
  loadDeployedHandler,
} from '../../support/deployed.ts';
import { useEmulator } from '../../support/emulator.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';
import { operations } from '../../support/operations.ts';
import { invoke } from '../../support/outcome.ts';
import { buildTenantInput, seedOfTenant, toTenantAlias } from '../../support/tenants.ts';

const used = useEmulator({ seed: seedOfTenant() });
beforeAll(() => setLocalEnvironment(used.emulator.endpoint));
beforeEach(() => used.emulator.restoreSeed());

const bound = { auth: 'jwt', tenancy: claimTenancy } as const;
const rejected = { ok: false, code: 'CallerNotAllowedError' };
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

/** Calls an operation with a tenant's token. By default, sends the example of tenant a. */
async function callAs(tenant: string, operation: Operation, given?: JsonObject) {
  const input = given ?? (await buildTenantInput(operation, used.client));
  const handler = await loadDeployedHandler(operation, bound);
  return invoke(handler, buildBearerEvent(operation, { tenant_id: tenant }, input), createGatewayContext());
}

async function readBody(outcome: ReturnType<typeof callAs>): Promise<Record<string, string>> {
  const ended = await outcome;
  if (!ended.ok) throw new Error(ended.text);
  return ended.body as Record<string, string>;
}

/** Returns the ARNs of the keys in an operation's example. */
async function findKeyArns(operation: Operation): Promise<string[]> {
  const names = keyMembers(operation)
    .filter((member) => operation.name !== 'CreateAlias' || member !== 'AliasName')
    .flatMap((member) =>
      member in operation.example.input ? [toTenantAlias(String(operation.example.input[member]))] : [],
    );
  const keys = names.map((KeyId) => used.client.send(new DescribeKeyCommand({ KeyId })));
  return (await Promise.all(keys)).map(({ KeyMetadata }) => String(KeyMetadata?.Arn));
}

describe('a tenant in the encryption context', () => {
  const [encrypt, decrypt] = [named.Encrypt as Operation, named.Decrypt as Operation];
  const Plaintext = Buffer.from('of tenant a').toString('base64');

  test("a tenant cannot decrypt another tenant's ciphertext with any encryption context", async () => {
    const { CiphertextBlob = '' } = await readBody(callAs('a', encrypt, { KeyId: 'alias/a/example', Plaintext }));
    const open = (tenant: string, context?: JsonObject) =>
      callAs(tenant, decrypt, { CiphertextBlob, ...(context ? { EncryptionContext: context } : {}) });
    expect(await open('a')).toMatchObject({ ok: true, body: { Plaintext } });
    expect(await open('a', { tenant: 'a' })).toMatchObject({ ok: true });
    expect(await open('b')).toMatchObject(rejected);
    expect(await open('b', { tenant: 'a' })).toMatchObject(rejected);
    expect(await open('b', { Tenant: 'a' })).toMatchObject(rejected);
    expect(await open('a', { tenant: 'b' })).toMatchObject(rejected);
  });

  test.for(rows(contextOperations))(
    'a tenant cannot use an encryption context with another tenant: $name',
    async ({ operation }) => {
      for (const member of memberNames(operation).filter((name) => name.endsWith('EncryptionContext'))) {
        const input = { ...(await buildTenantInput(operation, used.client)), [member]: { tenant: 'b', more: 'x' } };
        expect(await callAs('a', operation, input), member).toMatchObject(rejected);
      }
    },
  );

  test("the caller's tenant is added to both encryption contexts of ReEncrypt", async () => {
    const key = { KeyId: 'alias/a/example', Plaintext };
    const { CiphertextBlob = '' } = await readBody(callAs('a', encrypt, key));
    const input = { CiphertextBlob, SourceKeyId: 'alias/a/example', DestinationKeyId: 'alias/a/example' };
    const again = await readBody(callAs('a', named.ReEncrypt as Operation, input));
    expect(await callAs('a', decrypt, { CiphertextBlob: again.CiphertextBlob ?? '' })).toMatchObject({ ok: true });
    expect(await callAs('b', named.ReEncrypt as Operation, input)).toMatchObject(rejected);
  });

  test("the caller's tenant is added to a grant's constraints", async () => {
    const createGrant = named.CreateGrant as Operation;
    const { GrantId } = await readBody(callAs('a', createGrant));
    const KeyId = String(createGrant.example.input.KeyId);
    const grants = await invoke(await loadDeployedHandler(named.ListGrants as Operation, { auth: 'jwt' }), {
      KeyId,
      GrantId: String(GrantId),
    });
    expect(grants).toMatchObject({ body: { Grants: [{ Constraints: { EncryptionContextSubset: { tenant: 'a' } } }] } });
    for (const name of ['EncryptionContextSubset', 'EncryptionContextEquals']) {
      const input = { ...createGrant.example.input, Constraints: { [name]: { tenant: 'b' } } };
      expect(await callAs('a', createGrant, input)).toMatchObject(rejected);
    }
  });

  test("the caller's tenant is compared with the tag of an asymmetric key, which does not support an encryption context", async () => {
    const KeyId = 'alias/a/rsa';
    const { KeyMetadata } = (await readBody(
      callAs('a', named.CreateKey as Operation, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' }),
    )) as unknown as { KeyMetadata: { KeyId: string } };
    await used.client.send(new CreateAliasCommand({ AliasName: KeyId, TargetKeyId: KeyMetadata.KeyId }));
    const input = { KeyId, Plaintext, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' };
    expect(await callAs('a', encrypt, input)).toMatchObject({ ok: true });
    expect(await callAs('b', encrypt, input)).toMatchObject(rejected);
  });
});

describe('the tenant tag of a key', () => {
  test.for(rows(otherOperations))(
    "the tenant tag of a key must contain the caller's tenant: $name",
    async ({ operation }) => {
      if (operation.name === 'CreateKey') return;
      const keys = await findKeyArns(operation);
      expect(await callAs('b', operation), "another tenant's tag").toMatchObject(rejected);
      expect(await callAs('a', operation), "the tenant's tag").toMatchObject(keys.length > 0 ? { ok: true } : rejected);
    },
  );

  test('the tenant tag of a key is required', async () => {
    const describeKey = named.DescribeKey as Operation;
    const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
    expect(await callAs('a', describeKey, { KeyId: String(KeyMetadata?.KeyId) })).toMatchObject(rejected);
  });

  test("CreateKey adds the tenant tag and rejects another tenant's tag", async () => {
    const createKey = named.CreateKey as Operation;
    const { KeyMetadata } = (await readBody(
      callAs('a', createKey, { Tags: [{ TagKey: 'x', TagValue: 'y' }] }),
    )) as unknown as {
      KeyMetadata: { KeyId: string };
    };
    const { Tags } = await used.client.send(new ListResourceTagsCommand({ KeyId: KeyMetadata.KeyId }));
    expect(Tags).toEqual([
      expect.objectContaining({ TagKey: 'kms-functions:request-id' }),
      { TagKey: 'tenant', TagValue: 'a' },
      { TagKey: 'x', TagValue: 'y' },
    ]);
    expect(await callAs('a', createKey, { Tags: [{ TagKey: 'tenant', TagValue: 'b' }] })).toMatchObject(rejected);
  });

  test('a caller cannot change or remove the tenant tag', async () => {
    const KeyId = '5a4d1e00-0000-4000-8000-000000000001';
    const put = { KeyId, Tags: [{ TagKey: 'tenant', TagValue: 'b' }] };
    expect(await callAs('a', named.TagResource as Operation, put)).toMatchObject(rejected);
    expect(await callAs('a', named.UntagResource as Operation, { KeyId, TagKeys: ['tenant'] })).toMatchObject(rejected);
  });
});

describe("a caller's tenant", () => {
  const encrypt = named.Encrypt as Operation;
  const call = async (event: object, config: Partial<FunctionConfig>) =>
    invoke(await loadDeployedHandler(encrypt, config), event, createGatewayContext());

  test("a caller's tenant is required", async () => {
    expect(await call(buildBearerEvent(encrypt, {}), bound)).toMatchObject(rejected);
    expect(await callAs('', encrypt)).toMatchObject(rejected);
  });

  test.for([
    'aws',
    'shared',
    'Shared',
    'a@example.com',
    'a/b',
    'a:b',
    'a b',
    '[a b]',
    'a.b',
    'ä',
    'a\n',
    'x'.repeat(65),
    'constructor/',
  ])("a caller's tenant is rejected if its name is not valid: %j", async (tenant) => {
    expect(await callAs(tenant, encrypt)).toMatchObject(rejected);
  });

  test.for(['a', 'A-1_b', 'x'.repeat(64)])("a caller's tenant is accepted if its name is valid: %s", async (tenant) => {
    expect(await callAs(tenant, named.GenerateRandom as Operation)).toMatchObject({ ok: true });
  });

  const roleConfig = { auth: 'iam', tenancy: { ...claimTenancy, field: 'role' } } as const;
  const sts = (resource: string) => `arn:aws:sts::000000000000:${resource}`;

  test("a caller's tenant can be the name of the role that signs the request, regardless of the session", async () => {
    for (const userArn of [sts('assumed-role/a/i-0123'), sts('assumed-role/a/i-0456')]) {
      const as = async (tenant: string) => {
        const input = { ...(await buildTenantInput(encrypt, used.client)), EncryptionContext: { tenant } };
        return call(buildSignedEvent(encrypt, { userArn }, input), roleConfig);
      };
      expect(await as('a')).toMatchObject({ ok: true });
      expect(await as('b')).toMatchObject(rejected);
    }
  });

  test.for([
    ['a user', 'arn:aws:iam::000000000000:user/a'],
    ['the root user', 'arn:aws:iam::000000000000:root'],
    ['a federated user', sts('federated-user/a')],
    ['a role of IAM Identity Center', sts('assumed-role/AWSReservedSSO_Admin_0123456789abcdef/anna')],
    ['a role whose name is not a valid tenant', sts('assumed-role/team.a/session')],
  ] as const)("a caller's tenant is missing for %s with tenantField=role", async ([, userArn]) => {
    expect(await call(buildSignedEvent(encrypt, { userArn }), roleConfig)).toMatchObject({
      ...rejected,
      trigger: 'http',
      problem: { status: 403 },
    });
  });

  test('a direct invoker has no tenant, and is rejected unless the deployment trusts direct invokers', async () => {
    const { input } = encrypt.example;
    expect(await invoke(await loadDeployedHandler(encrypt, bound), input)).toMatchObject(rejected);
    expect(
      await invoke(
        await loadDeployedHandler(encrypt, { ...bound, tenancy: { ...claimTenancy, direct: 'unbound' } }),
        input,
      ),
    ).toMatchObject({
      ok: true,
    });
  });

  test("a caller's tenant does not restrict GenerateRandom", async () => {
    expect(await callAs('a', named.GenerateRandom as Operation)).toMatchObject({ ok: true });
  });
});

test("the caller's principal is added to the encryption context if callerContextKey is set", async () => {
  const encrypt = all.encrypt;
  const decrypt = all.decrypt;
  const config = { auth: 'jwt', callerContextKey: 'caller' } as const;
  const as = async (sub: string, operation: Operation, input: JsonObject) =>
    invoke(
      await loadDeployedHandler(operation, config),
      buildBearerEvent(operation, { sub }, input),
      createGatewayContext(),
    );
  const encrypted = await as('anna', encrypt, { KeyId: 'alias/example', Plaintext: 'AAAA' });
  const { CiphertextBlob } = (encrypted.ok ? encrypted.body : {}) as { CiphertextBlob: string };
  expect(await as('anna', decrypt, { CiphertextBlob })).toMatchObject({ ok: true });
  expect(await as('bert', decrypt, { CiphertextBlob })).toMatchObject({ code: 'InvalidCiphertextException' });
  const own = { CiphertextBlob, EncryptionContext: { caller: 'anna' } };
  expect(await as('bert', decrypt, own)).toMatchObject(rejected);
});
