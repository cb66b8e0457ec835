import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type KMSClient,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  paginateListAliases,
  paginateListGrants,
  ReplicateKeyCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catchError, clientFor, useEmulator } from '../../support/emulator.ts';

/**
 * Sends the same requests as the Terraform AWS provider, in the same order, and checks the response members that the
 * provider reads (internal/service/kms/key.go, alias.go, grant.go, external_key.go, replica_key.go, ciphertext.go and
 * tags_gen.go in hashicorp/terraform-provider-aws). The SDK sends the requests, because the provider is not a
 * dependency of the tests.
 */
const used = useEmulator({ seed: 'none' });
let eu: KMSClient;
beforeAll(() => {
  eu = clientFor(used.emulator.endpoint, { region: 'eu-west-1' });
});
afterAll(() => eu.destroy());
const us = () => used.client;

const createPolicy = (sid: string) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Sid: sid,
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::000000000000:root' },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
});

/** Sends the same requests as findKeyInfo, which reads `aws_kms_key`, `_external_key` and `_replica_key`. */
async function readKey(client: KMSClient, KeyId: string) {
  const { KeyMetadata: metadata } = await client.send(new DescribeKeyCommand({ KeyId }));
  const { Policy } = await client.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
  // The provider reads the rotation status of keys with Origin AWS_KMS only. Any error except NotFoundException fails the read.
  const rotation =
    metadata?.Origin === 'AWS_KMS' ? await client.send(new GetKeyRotationStatusCommand({ KeyId })) : undefined;
  const { Tags = [], Truncated } = await client.send(new ListResourceTagsCommand({ KeyId }));
  expect(Truncated).toBe(false);
  const tags = Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
  return { metadata, policy: JSON.parse(Policy ?? ''), rotation, tags };
}

/**
 * Reads a value repeatedly, like the provider, which waits until it has read the same value this many times in a row.
 */
async function expectRepeatedly<T>(times: number, read: () => Promise<T>, expected: T) {
  for (let round = 0; round < times; round++) expect(await read()).toEqual(expected);
}

const describeKey = async (client: KMSClient, KeyId: string) =>
  (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;

async function create(client: KMSClient, input: CreateKeyCommandInput): Promise<string> {
  const { KeyMetadata } = await client.send(
    new CreateKeyCommand({ BypassPolicyLockoutSafetyCheck: false, KeyUsage: 'ENCRYPT_DECRYPT', ...input }),
  );
  return KeyMetadata?.KeyId ?? '';
}

/** Schedules the deletion and waits for PendingDeletion, which the provider treats as deleted. A second call must fail. */
async function destroy(client: KMSClient, KeyId: string) {
  await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  expect((await describeKey(client, KeyId))?.KeyState).toMatch(/^Pending(Replica)?Deletion$/);
  const again = await catchError(client.send(new ScheduleKeyDeletionCommand({ KeyId })));
  expect(again.name).toBe('KMSInvalidStateException');
  expect(again.message).toContain('is pending deletion');
}

test('aws_kms_key is created, read, updated and destroyed', async () => {
  const KeyId = await create(us(), {
    KeySpec: 'SYMMETRIC_DEFAULT',
    Description: 'first',
    Policy: JSON.stringify(createPolicy('first')),
    Tags: [
      { TagKey: 'Name', TagValue: 'app' },
      { TagKey: 'old', TagValue: '1' },
    ],
  });
  await us().send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 }));
  const rotation = async () => {
    const status = await us().send(new GetKeyRotationStatusCommand({ KeyId }));
    return [status.KeyRotationEnabled, status.RotationPeriodInDays];
  };
  await expectRepeatedly(5, rotation, [true, 180]);
  await expectRepeatedly(5, async () => (await readKey(us(), KeyId)).policy, createPolicy('first'));
  await expectRepeatedly(5, async () => (await readKey(us(), KeyId)).tags, { Name: 'app', old: '1' });
  const read = await readKey(us(), KeyId);
  expect(read.metadata).toMatchObject({
    KeyId,
    Arn: `arn:aws:kms:us-east-1:000000000000:key/${KeyId}`,
    KeySpec: 'SYMMETRIC_DEFAULT',
    KeyUsage: 'ENCRYPT_DECRYPT',
    Description: 'first',
    Enabled: true,
    MultiRegion: false,
    KeyManager: 'CUSTOMER',
  });
  expect(read.metadata?.CustomKeyStoreId).toBeUndefined();
  expect(read.rotation).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 180 });

  // The provider updates rotation, description and policy, then disables the key, and updates the tags last.
  await us().send(new DisableKeyRotationCommand({ KeyId }));
  await expectRepeatedly(5, rotation, [false, undefined]);
  await us().send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'second' }));
  await expectRepeatedly(5, async () => (await describeKey(us(), KeyId))?.Description, 'second');
  const Policy = JSON.stringify(createPolicy('second'));
  await us().send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
  await expectRepeatedly(5, async () => (await readKey(us(), KeyId)).policy, createPolicy('second'));
  await us().send(new DisableKeyCommand({ KeyId }));
  await expectRepeatedly(15, async () => (await describeKey(us(), KeyId))?.Enabled, false);
  await us().send(new UntagResourceCommand({ KeyId, TagKeys: ['old'] }));
  await us().send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'new', TagValue: '2' }] }));
  await expectRepeatedly(5, async () => (await readKey(us(), KeyId)).tags, { Name: 'app', new: '2' });
  await us().send(new EnableKeyCommand({ KeyId }));
  await expectRepeatedly(15, async () => (await describeKey(us(), KeyId))?.Enabled, true);

  await destroy(us(), KeyId);
  used.emulator.clock.advance(8 * 24 * 60 * 60 * 1000);
  expect((await catchError(describeKey(us(), KeyId))).name).toBe('NotFoundException');
  expect((await catchError(us().send(new ScheduleKeyDeletionCommand({ KeyId })))).name).toBe('NotFoundException');
});

test.each([
  ['RSA_2048', 'SIGN_VERIFY'],
  ['ECC_NIST_P256', 'KEY_AGREEMENT'],
  ['HMAC_256', 'GENERATE_VERIFY_MAC'],
  ['ML_DSA_44', 'SIGN_VERIFY'],
] as const)(
  'aws_kms_key is read without an error if its key spec is %s, which cannot rotate',
  async (KeySpec, KeyUsage) => {
    const KeyId = await create(us(), { KeySpec, KeyUsage });
    const { rotation, metadata, policy } = await readKey(us(), KeyId);
    expect(rotation?.KeyRotationEnabled).toBe(false);
    expect(rotation?.RotationPeriodInDays).toBeUndefined();
    expect(metadata).toMatchObject({ KeySpec, KeyUsage, Description: '' });
    expect(policy.Statement).toHaveLength(1);
    await destroy(us(), KeyId);
  },
);

test('aws_kms_alias is created, found in the list of aliases, updated and destroyed', async () => {
  const [first, second] = [await create(us(), {}), await create(us(), {})];
  const AliasName = 'alias/terraform';
  const find = async () => {
    for await (const { Aliases } of paginateListAliases({ client: us() }, {})) {
      const alias = Aliases?.find((alias) => alias.AliasName === AliasName);
      if (alias !== undefined) return alias;
    }
    return undefined;
  };
  await us().send(new CreateAliasCommand({ AliasName, TargetKeyId: first }));
  const AliasArn = `arn:aws:kms:us-east-1:000000000000:${AliasName}`;
  expect(await find()).toMatchObject({ AliasArn, AliasName, TargetKeyId: first });
  await us().send(
    new UpdateAliasCommand({ AliasName, TargetKeyId: `arn:aws:kms:us-east-1:000000000000:key/${second}` }),
  );
  expect(await find()).toMatchObject({ TargetKeyId: second });
  await us().send(new DeleteAliasCommand({ AliasName }));
  expect(await find()).toBeUndefined();
  expect((await catchError(us().send(new DeleteAliasCommand({ AliasName })))).name).toBe('NotFoundException');
  // The provider retries after this error, because the new key may not be visible yet.
  const early = us().send(new CreateAliasCommand({ AliasName, TargetKeyId: '00000000-0000-4000-8000-000000000000' }));
  expect((await catchError(early)).name).toBe('NotFoundException');
});

test('aws_kms_grant is created, found in the list of grants and revoked', async () => {
  const KeyId = await create(us(), {});
  const grantee = 'arn:aws:iam::000000000000:role/app';
  const input = {
    GranteePrincipal: grantee,
    KeyId,
    Operations: ['Encrypt', 'Decrypt'] as ('Encrypt' | 'Decrypt')[],
    Constraints: { EncryptionContextEquals: { Department: 'Finance' } },
    Name: 'my-grant',
  };
  const { GrantId, GrantToken } = await us().send(new CreateGrantCommand(input));
  expect(GrantToken).toEqual(expect.any(String));
  const find = async () => {
    for await (const { Grants } of paginateListGrants({ client: us() }, { KeyId, Limit: 100 })) {
      const grant = Grants?.find((grant) => grant.GrantId === GrantId);
      if (grant !== undefined) return grant;
    }
    return undefined;
  };
  const grant = await find();
  expect(grant).toMatchObject({ GranteePrincipal: grantee, Name: 'my-grant', Constraints: input.Constraints });
  expect(grant?.Operations?.toSorted()).toEqual(['Decrypt', 'Encrypt']);
  await us().send(new RevokeGrantCommand({ KeyId, GrantId }));
  expect(await find()).toBeUndefined();
  expect((await catchError(us().send(new RevokeGrantCommand({ KeyId, GrantId })))).name).toBe('NotFoundException');
});

test('aws_kms_external_key is created with its material, read, updated with a new expiration date and destroyed', async () => {
  const KeyId = await create(us(), { Origin: 'EXTERNAL', Description: 'mine' });
  expect((await catchError(us().send(new DisableKeyCommand({ KeyId })))).message).toContain('is pending import');
  const importMaterial = async (ValidTo?: Date) => {
    const parameters = await us().send(
      new GetParametersForImportCommand({
        KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      }),
    );
    const key = createPublicKey({ key: Buffer.from(parameters.PublicKey ?? []), format: 'der', type: 'spki' });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    await us().send(
      new ImportKeyMaterialCommand({
        KeyId,
        ImportToken: parameters.ImportToken,
        EncryptedKeyMaterial: publicEncrypt({ key, padding, oaepHash: 'sha256' }, Buffer.alloc(32, 7)),
        ExpirationModel: ValidTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
        ValidTo,
      }),
    );
  };
  await importMaterial();
  const read = await readKey(us(), KeyId);
  expect(read.metadata).toMatchObject({
    KeyManager: 'CUSTOMER',
    Origin: 'EXTERNAL',
    Enabled: true,
    KeyState: 'Enabled',
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  });
  expect(read.metadata?.ValidTo).toBeUndefined();
  // Other tools send this request too. AWS returns `false` (recorded).
  expect((await us().send(new GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled).toBe(false);
  const ValidTo = new Date(Math.ceil(used.emulator.clock.now() / 1000) * 1000 + 3_600_000);
  await importMaterial(ValidTo);
  expect((await readKey(us(), KeyId)).metadata).toMatchObject({ ValidTo, ExpirationModel: 'KEY_MATERIAL_EXPIRES' });
  await destroy(us(), KeyId);
});

describe('aws_kms_replica_key', () => {
  test("is created in the primary key's Region, and read, updated and destroyed in the replica's Region", async () => {
    const KeyId = await create(us(), { MultiRegion: true });
    const input = { KeyId, ReplicaRegion: 'eu-west-1', Description: 'replica', Tags: [{ TagKey: 'a', TagValue: 'b' }] };
    const { ReplicaKeyMetadata } = await us().send(new ReplicateKeyCommand(input));
    expect(ReplicaKeyMetadata?.KeyId).toBe(KeyId);
    // The provider waits while the key state is Creating.
    expect((await describeKey(eu, KeyId))?.KeyState).toBe('Enabled');
    const { metadata, rotation, tags } = await readKey(eu, KeyId);
    expect(metadata).toMatchObject({
      Arn: `arn:aws:kms:eu-west-1:000000000000:key/${KeyId}`,
      Description: 'replica',
      Origin: 'AWS_KMS',
      MultiRegion: true,
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'REPLICA',
        PrimaryKey: { Arn: `arn:aws:kms:us-east-1:000000000000:key/${KeyId}` },
      },
    });
    expect(rotation?.KeyRotationEnabled).toBe(false);
    expect(tags).toEqual({ a: 'b' });
    expect((await describeKey(us(), KeyId))?.MultiRegionConfiguration?.MultiRegionKeyType).toBe('PRIMARY');
    await eu.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'changed' }));
    await expectRepeatedly(5, async () => (await describeKey(eu, KeyId))?.Description, 'changed');
    await destroy(eu, KeyId);
    await us().send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    expect((await describeKey(us(), KeyId))?.KeyState).toBe('PendingReplicaDeletion');
  });
});

test('aws_kms_secrets decrypts the result of aws_kms_ciphertext', async () => {
  const KeyId = await create(us(), {});
  const EncryptionContext = { foo: 'bar' };
  const Plaintext = Buffer.from('{"client_id": "x"}');
  const { CiphertextBlob } = await us().send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }));
  const opened = await us().send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  expect(Buffer.from(opened.Plaintext ?? [])).toEqual(Plaintext);
});
