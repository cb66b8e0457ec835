import * as kms from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import type { KeyOperation } from '../../emulator/core/key-states.ts';
import { everyOperation } from '../support/deployments.ts';
import { catchError } from '../support/emulator.ts';
import { importMaterial } from '../support/import.ts';
import { type CalledKey, type Input, keyCalls, kinds, replicaRegion, requestOn, send } from '../support/key-calls.ts';
import { isSoak } from '../support/soak.ts';
import { usePackaged } from '../support/template.ts';
import { formatRoleArn, useTemplateRoles } from '../support/template-roles.ts';

/** Whole workflows in which each step has only the permissions of its function's role in the compiled template. */
const accounts = ['000000000000', '111122223333'] as const;
const region = 'us-east-1';
const Tags = [{ TagKey: 'kms-functions:service', TagValue: 'kms-functions-dev' }];
const foreignTags = [{ TagKey: 'kms-functions:service', TagValue: 'kms-functions-other' }];
const app = 'app';

const packaged = usePackaged(everyOperation);
const used = useTemplateRoles(
  packaged,
  accounts.map((account) => ({ account, region })),
  [app],
);

/** The key policy that the service requires, and a denial that it accepts. */
function policyOf(account: string, ...more: object[]): string {
  const keep = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
  const denyWithoutTls = {
    ...keep,
    Effect: 'Deny',
    Principal: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [keep, denyWithoutTls, ...more] });
}

async function createKey(account: string, input: kms.CreateKeyCommandInput = {}): Promise<CalledKey> {
  const request = { Policy: policyOf(account), Tags, ...input };
  const { KeyMetadata } = await used.as('CreateKey', account).send(new kms.CreateKeyCommand(request));
  return { client: used.asRoot(account), KeyId: String(KeyMetadata?.KeyId), Arn: String(KeyMetadata?.Arn) };
}

const replicate = (account: string, KeyId: string, input: Partial<kms.ReplicateKeyCommandInput> = {}) =>
  used
    .as('ReplicateKey', account)
    .send(
      new kms.ReplicateKeyCommand({ KeyId, ReplicaRegion: replicaRegion, Policy: policyOf(account), Tags, ...input }),
    );

/** The members that differ from the calls on other keys, because every affected key must have the service tag. */
const overrides: Readonly<Partial<Record<KeyOperation, (key: CalledKey, account: string) => Promise<Input>>>> = {
  CancelKeyDeletion: async ({ client, KeyId }) => {
    await client.send(new kms.ScheduleKeyDeletionCommand({ KeyId }));
    return {};
  },
  DeleteImportedKeyMaterial: async ({ client, KeyId }) => {
    await importMaterial(client, KeyId, Buffer.alloc(32, 7));
    return {};
  },
  ReEncrypt: async ({ KeyId }) => ({ DestinationKeyId: KeyId }),
  ReplicateKey: async (_, account) => ({ ReplicaRegion: replicaRegion, Policy: policyOf(account), Tags }),
  RetireGrant: async ({ client, KeyId }, account) => {
    const RetiringPrincipal = formatRoleArn('RetireGrant', account);
    const request = { KeyId, GranteePrincipal: formatRoleArn(app, account), Operations: ['Decrypt' as const] };
    const { GrantId } = await client.send(new kms.CreateGrantCommand({ ...request, RetiringPrincipal }));
    return { GrantId };
  },
  UpdateAlias: async ({ client }, account) => {
    const other = await createKey(account);
    const AliasName = `alias/${other.KeyId}`;
    await client.send(new kms.CreateAliasCommand({ AliasName, TargetKeyId: other.KeyId }));
    return { AliasName };
  },
  UpdatePrimaryRegion: async ({ KeyId }, account) => {
    await replicate(account, KeyId);
    return {};
  },
};

/** Full runs call each operation in both accounts. Other runs call each operation in only one of them. */
const rows = (Object.keys(keyCalls) as KeyOperation[]).flatMap((name, index) =>
  accounts.filter((_, at) => isSoak || at === index % accounts.length).map((account) => ({ name, account })),
);

describe('a key that CreateKey creates with a key policy', () => {
  test.for(rows)(
    "a key with a key policy can be used by the operation's role, but not by the role in another account: $name in $account",
    async ({ name, account }) => {
      const key = await createKey(account, kinds[keyCalls[name].kind]);
      const request = { ...(await requestOn(name, key)), ...(await overrides[name]?.(key, account)) };
      const other = accounts.find((each) => each !== account) ?? '';
      const member = Object.keys(request).find((each) => request[each] === key.KeyId);
      const foreign = { ...request, ...(member === undefined ? {} : { [member]: key.Arn }) };
      const outcome = await send(used.as(name, other), name, foreign).catch((error: Error) => error);
      // ListAliases returns aliases in the caller's account only.
      if (name === 'ListAliases') expect(outcome).toMatchObject({ Aliases: [] });
      else expect(outcome).toBeInstanceOf(Error);
      await expect(send(used.as(name, account), name, request)).resolves.toBeDefined();
    },
  );

  test.for(accounts)(
    'a key with a key policy supports the whole life of a key in two Regions: account %s',
    async (account) => {
      const Plaintext = Buffer.from('plaintext');
      const { KeyId, Arn } = await createKey(account, { MultiRegion: true });
      await replicate(account, KeyId);
      const replicaArn = Arn.replace(region, replicaRegion);
      const { CiphertextBlob } = await used.as('Encrypt', account).send(new kms.EncryptCommand({ KeyId, Plaintext }));

      const RetiringPrincipal = formatRoleArn('RetireGrant', account);
      const { GrantId } = await used.as('CreateGrant', account).send(
        new kms.CreateGrantCommand({
          KeyId,
          GranteePrincipal: formatRoleArn(app, account),
          Operations: ['Decrypt'],
          RetiringPrincipal,
        }),
      );
      const decryptAsApp = () => used.as(app, account).send(new kms.DecryptCommand({ KeyId, CiphertextBlob }));
      expect((await decryptAsApp()).Plaintext).toEqual(new Uint8Array(Plaintext));
      await used.as('RetireGrant', account).send(new kms.RetireGrantCommand({ KeyId: Arn, GrantId }));
      expect(await catchError(decryptAsApp())).toMatchObject({ name: 'AccessDeniedException' });

      await used.as('RotateKeyOnDemand', account).send(new kms.RotateKeyOnDemandCommand({ KeyId }));
      const decrypt = new kms.DecryptCommand({ KeyId: replicaArn, CiphertextBlob });
      expect(await used.as('Decrypt', account, replicaRegion).send(decrypt)).toMatchObject({ KeyId: replicaArn });
      for (const [id, where] of [
        [replicaArn, replicaRegion],
        [Arn, region],
      ] as const) {
        const client = used.as('ScheduleKeyDeletion', account, where);
        await client.send(new kms.ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }));
      }
      expect(
        await catchError(used.as('Encrypt', account).send(new kms.EncryptCommand({ KeyId, Plaintext }))),
      ).toMatchObject({ name: 'KMSInvalidStateException' });
    },
  );
});

describe('the roles that create keys', () => {
  const [account] = accounts;
  const lockout = { name: 'MalformedPolicyDocumentException' };
  const denied = { name: 'AccessDeniedException' };

  test('the roles that create keys can set a key policy only on the key that they create', async () => {
    const { KeyId } = await createKey(account, { MultiRegion: true });
    const { client, KeyId: foreign } = await createKey(account);
    const aliased = await createKey(account);
    const TargetKeyId = aliased.KeyId;
    await client.send(new kms.CreateAliasCommand({ AliasName: `alias/${TargetKeyId}`, TargetKeyId }));
    await client.send(new kms.TagResourceCommand({ KeyId: foreign, Tags: foreignTags }));
    for (const role of ['CreateKey', 'ReplicateKey']) {
      const putPolicy = (id: string) =>
        used.as(role, account).send(new kms.PutKeyPolicyCommand({ KeyId: id, Policy: policyOf(account) }));
      expect(await catchError(putPolicy(foreign)), role).toMatchObject(denied);
      expect(await catchError(putPolicy(TargetKeyId)), role).toMatchObject(denied);
    }
    const bypass = { BypassPolicyLockoutSafetyCheck: true };
    expect(await catchError(createKey(account, bypass))).toMatchObject(denied);
    expect(await catchError(replicate(account, KeyId, bypass))).toMatchObject(denied);
  });

  test('the roles that create keys cannot create a key whose policy does not allow the account', async () => {
    const { KeyId } = await createKey(account, { MultiRegion: true });
    const Policy = policyOf(account).replace(`{"AWS":"${account}"}`, `{"AWS":"${formatRoleArn(app, account)}"}`);
    expect(await catchError(createKey(account, { Policy }))).toMatchObject(lockout);
    expect(await catchError(replicate(account, KeyId, { Policy }))).toMatchObject(lockout);
  });

  test("the roles that create keys cannot add the service tag to another deployment's key, or to a key with an alias", async () => {
    const root = used.asRoot(account);
    const { KeyMetadata: foreign } = await root.send(new kms.CreateKeyCommand({ Tags: foreignTags }));
    const { KeyMetadata: aliased } = await root.send(new kms.CreateKeyCommand({}));
    const TargetKeyId = String(aliased?.KeyId);
    await root.send(new kms.CreateAliasCommand({ AliasName: 'alias/outside', TargetKeyId }));
    for (const role of ['CreateKey', 'ReplicateKey']) {
      for (const KeyId of [String(foreign?.KeyId), TargetKeyId]) {
        const tag = used.as(role, account).send(new kms.TagResourceCommand({ KeyId, Tags }));
        expect(await catchError(tag), `${role} ${KeyId}`).toMatchObject(denied);
      }
    }
  });

  test('the role of ReplicateKey cannot create a replica without the service tag', async () => {
    const { KeyId } = await createKey(account, { MultiRegion: true });
    expect(await catchError(replicate(account, KeyId, { Tags: [] }))).toMatchObject(denied);
    expect(await catchError(replicate(account, KeyId, { Tags: foreignTags }))).toMatchObject(denied);
  });

  test('the role of ReplicateKey cannot create a key that is not a replica', async () => {
    for (const MultiRegion of [true, false]) {
      const create = used.as('ReplicateKey', account).send(new kms.CreateKeyCommand({ Tags, MultiRegion }));
      expect(await catchError(create)).toMatchObject(denied);
    }
  });
});

describe('the role of RetireGrant', () => {
  const [account] = accounts;

  test('the role of RetireGrant is an output of the stack', () => {
    expect(packaged.outputs.RetireGrantRoleArn).toMatchObject({ Value: { 'Fn::GetAtt': ['RetireGrantRole', 'Arn'] } });
  });

  test('the role of RetireGrant retires only grants whose retiring principal is the role', async () => {
    const { KeyId, Arn, client } = await createKey(account);
    const request = { KeyId, GranteePrincipal: formatRoleArn(app, account), Operations: ['Decrypt' as const] };
    const unnamed = await client.send(new kms.CreateGrantCommand(request));
    const RetiringPrincipal = formatRoleArn('RetireGrant', account);
    const named = await client.send(new kms.CreateGrantCommand({ ...request, RetiringPrincipal }));
    const retire = ({ GrantId }: kms.CreateGrantCommandOutput) =>
      used.as('RetireGrant', account).send(new kms.RetireGrantCommand({ KeyId: Arn, GrantId }));
    expect(await catchError(retire(unnamed))).toMatchObject({ name: 'AccessDeniedException' });
    await expect(retire(named)).resolves.toBeDefined();
  });
});

test("the roles of key stores can use another account's VPC endpoint service", async () => {
  const [account, owner] = accounts;
  const { CustomKeyStoreId } = await used.as('CreateCustomKeyStore', account).send(
    new kms.CreateCustomKeyStoreCommand({
      CustomKeyStoreName: 'owned',
      CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
      XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE',
      XksProxyUriEndpoint: 'https://owned.example.com',
      XksProxyUriPath: '/kms/xks/v1',
      XksProxyVpcEndpointServiceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-owned',
      XksProxyVpcEndpointServiceOwner: owner,
      XksProxyAuthenticationCredential: { AccessKeyId: 'A'.repeat(20), RawSecretAccessKey: 'a'.repeat(43) },
    }),
  );
  const update = { CustomKeyStoreId, XksProxyVpcEndpointServiceOwner: owner };
  await expect(
    used.as('UpdateCustomKeyStore', account).send(new kms.UpdateCustomKeyStoreCommand(update)),
  ).resolves.toBeDefined();
});
