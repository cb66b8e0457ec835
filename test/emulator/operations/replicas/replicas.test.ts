import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KMSClient,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  ListResourceTagsCommand,
  ReplicateKeyCommand,
  type ReplicateKeyCommandInput,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UpdateKeyDescriptionCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator({});
const dayMs = 24 * 60 * 60 * 1000;
let us: KMSClient;
let eu: KMSClient;
let ap: KMSClient;

beforeAll(() => {
  us = used.client;
  eu = clientFor(used.emulator.endpoint, { region: 'eu-west-1' });
  ap = clientFor(used.emulator.endpoint, { region: 'ap-south-1' });
});
afterAll(() => {
  eu.destroy();
  ap.destroy();
});

const primaryKey = (input: CreateKeyCommandInput = {}) => createKey(us, { MultiRegion: true, ...input });
const replicate = (KeyId: string, ReplicaRegion = 'eu-west-1', input: Partial<ReplicateKeyCommandInput> = {}) =>
  us.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion, ...input }));
const describeKey = async (client: KMSClient, KeyId: string) =>
  (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
const schedule = (client: KMSClient, KeyId: string, PendingWindowInDays = 7) =>
  client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
const encrypt = async (client: KMSClient, KeyId: string) =>
  (await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('text') }))).CiphertextBlob;
const decrypt = async (client: KMSClient, CiphertextBlob: Uint8Array | undefined, KeyId?: string) =>
  Buffer.from((await client.send(new DecryptCommand({ CiphertextBlob, KeyId }))).Plaintext ?? []).toString();
const rotations = async (client: KMSClient, KeyId: string) =>
  (await client.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }))).Rotations?.map(
    ({ KeyId: _, ...rotation }) => rotation,
  );

describe('ReplicateKey', () => {
  it('ReplicateKey returns a replica in state Creating, which is enabled afterwards', async () => {
    const { KeyId, Arn } = await primaryKey({ Description: 'primary', Tags: [{ TagKey: 'a', TagValue: '1' }] });
    const { ReplicaKeyMetadata, ReplicaPolicy, ReplicaTags } = await replicate(KeyId);
    const euArn = Arn.replace('us-east-1', 'eu-west-1');
    const configuration = (MultiRegionKeyType: string) => ({
      MultiRegionKeyType,
      PrimaryKey: { Arn, Region: 'us-east-1' },
      ReplicaKeys: [{ Arn: euArn, Region: 'eu-west-1' }],
    });
    expect(ReplicaKeyMetadata).toMatchObject({
      KeyId,
      Arn: euArn,
      KeyState: 'Creating',
      Enabled: false,
      Description: '',
      MultiRegion: true,
      MultiRegionConfiguration: configuration('REPLICA'),
    });
    expect(ReplicaPolicy).toContain('key-default-1');
    expect(ReplicaTags).toBeUndefined();
    expect(await describeKey(eu, KeyId)).toMatchObject({ KeyState: 'Enabled', Enabled: true });
    expect(await describeKey(us, KeyId)).toMatchObject({ MultiRegionConfiguration: configuration('PRIMARY') });
  });

  it.each<[string, CreateKeyCommandInput]>([
    ['symmetric', {}],
    ['HMAC', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }],
    ['elliptic curve', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }],
  ])('ReplicateKey creates a replica with the shared properties of its primary (%s)', async (_, input) => {
    const { KeyId, ...primary } = await primaryKey(input);
    await replicate(KeyId);
    const { KeySpec, KeyUsage, Origin, CurrentKeyMaterialId } = primary;
    expect(await describeKey(eu, KeyId)).toMatchObject({
      KeySpec,
      KeyUsage,
      Origin,
      ...(CurrentKeyMaterialId && { CurrentKeyMaterialId }),
    });
  });

  it("a primary and its replica decrypt each other's ciphertexts, including ciphertexts under previous material", async () => {
    const { KeyId } = await primaryKey();
    const before = await encrypt(us, KeyId);
    await us.send(new RotateKeyOnDemandCommand({ KeyId }));
    await replicate(KeyId);
    expect(await decrypt(eu, before)).toBe('text');
    expect(await decrypt(eu, await encrypt(us, KeyId), KeyId)).toBe('text');
    expect(await decrypt(us, await encrypt(eu, KeyId))).toBe('text');
    expect((await catchError(decrypt(ap, before))).name).toBe('AccessDeniedException');
  });

  it('ReplicateKey creates a replica with its own description, policy, tags, aliases and state', async () => {
    const { KeyId } = await primaryKey();
    const Tags = [{ TagKey: 'place', TagValue: 'eu' }];
    const { Policy = '' } = await us.send(new GetKeyPolicyCommand({ KeyId }));
    const own = Policy.replace('key-default-1', 'own');
    await replicate(KeyId, 'eu-west-1', { Description: 'eu', Policy: own, Tags });
    await us.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'us' }));
    await us.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'place', TagValue: 'us' }] }));
    await us.send(new CreateAliasCommand({ AliasName: `alias/${KeyId}`, TargetKeyId: KeyId }));
    await us.send(new DisableKeyCommand({ KeyId }));
    expect(await describeKey(eu, KeyId)).toMatchObject({ Description: 'eu', KeyState: 'Enabled' });
    expect((await eu.send(new GetKeyPolicyCommand({ KeyId }))).Policy).toBe(own);
    expect((await eu.send(new ListResourceTagsCommand({ KeyId }))).Tags).toEqual(Tags);
    expect((await eu.send(new ListAliasesCommand({ KeyId }))).Aliases).toEqual([]);
  });

  const many = Array.from({ length: 51 }, (_, n) => ({ TagKey: `k${n}`, TagValue: '' }));
  it.each<[string, string, string, Partial<ReplicateKeyCommandInput>]>([
    ['a Region in another partition', 'ValidationException', 'cn-north-1', {}],
    ['a Region that does not exist', 'ValidationException', 'eu-west-9', {}],
    ['a malformed Region', 'ValidationException', 'Europe', {}],
    ["the primary's Region", 'ValidationException', 'us-east-1', {}],
    ['a malformed policy', 'MalformedPolicyDocumentException', 'eu-west-1', { Policy: '{' }],
    ['too many tags', 'TagException', 'eu-west-1', { Tags: many }],
    ['an alias', 'InvalidArnException', 'eu-west-1', { KeyId: 'alias/x' }],
    ['an unknown key', 'NotFoundException', 'eu-west-1', { KeyId: `mrk-${'0'.repeat(32)}` }],
  ])('ReplicateKey rejects %s with %s', async (_, name, region, input) => {
    const { KeyId } = await primaryKey();
    expect((await catchError(replicate(KeyId, region, input))).name).toBe(name);
  });

  it('ReplicateKey rejects a second replica in the same Region, a replica key and a single-Region key', async () => {
    const { KeyId, Arn } = await primaryKey();
    await replicate(KeyId);
    expect(await catchError(replicate(KeyId))).toEqual({
      name: 'AlreadyExistsException',
      message: 'You can create only one replica of each primary key in each AWS Region.',
    });
    const ofReplica = eu.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'ap-south-1' }));
    expect(await catchError(ofReplica)).toEqual({
      name: 'UnsupportedOperationException',
      message: `${Arn.replace('us-east-1', 'eu-west-1')} is not a multi-region primary key.`,
    });
    const single = await createKey(us);
    expect((await catchError(replicate(single.KeyId))).name).toBe('UnsupportedOperationException');
  });

  it('ReplicateKey rejects a primary that is disabled or pending deletion', async () => {
    const { KeyId } = await primaryKey();
    await us.send(new DisableKeyCommand({ KeyId }));
    expect((await catchError(replicate(KeyId))).name).toBe('DisabledException');
    await schedule(us, KeyId);
    expect((await catchError(replicate(KeyId))).name).toBe('KMSInvalidStateException');
  });
});

describe('the rotation of a multi-Region key', () => {
  it('RotateKeyOnDemand on a primary adds the new material to every replica', async () => {
    const { KeyId } = await primaryKey();
    await replicate(KeyId);
    await us.send(new RotateKeyOnDemandCommand({ KeyId }));
    const inUs = await rotations(us, KeyId);
    expect(inUs).toHaveLength(2);
    expect(await rotations(eu, KeyId)).toEqual(inUs);
    expect(await decrypt(eu, await encrypt(us, KeyId))).toBe('text');
  });

  it('automatic rotation of a multi-Region key is enabled on the primary and takes place in every Region', async () => {
    const { KeyId } = await primaryKey();
    await replicate(KeyId);
    await us.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
    const status = await eu.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 });
    used.emulator.clock.advance(91 * dayMs);
    expect(await rotations(eu, KeyId)).toHaveLength(2);
    expect(await rotations(eu, KeyId)).toEqual(await rotations(us, KeyId));
    used.emulator.clock.advance(-91 * dayMs);
  });

  it.each([
    ['EnableKeyRotation', (KeyId: string) => eu.send(new EnableKeyRotationCommand({ KeyId }))],
    ['DisableKeyRotation', (KeyId: string) => eu.send(new DisableKeyRotationCommand({ KeyId }))],
    ['RotateKeyOnDemand', (KeyId: string) => eu.send(new RotateKeyOnDemandCommand({ KeyId }))],
  ])('the rotation of a multi-Region key cannot be changed on a replica (%s)', async (_, call) => {
    const { KeyId } = await primaryKey();
    await replicate(KeyId);
    expect((await catchError(call(KeyId))).name).toBe('UnsupportedOperationException');
  });
});

describe('UpdatePrimaryRegion', () => {
  const update = (KeyId: string, PrimaryRegion = 'eu-west-1') =>
    us.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion }));

  it('UpdatePrimaryRegion makes a replica the primary and keeps the rotation settings', async () => {
    const { KeyId } = await primaryKey();
    await replicate(KeyId);
    await replicate(KeyId, 'ap-south-1');
    await us.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 100 }));
    await update(KeyId);
    for (const client of [us, eu, ap]) {
      const { MultiRegionConfiguration } = (await describeKey(client, KeyId)) ?? {};
      expect(MultiRegionConfiguration?.PrimaryKey?.Region).toBe('eu-west-1');
      expect(MultiRegionConfiguration?.ReplicaKeys?.map(({ Region }) => Region)).toEqual(['ap-south-1', 'us-east-1']);
    }
    expect((await catchError(us.send(new RotateKeyOnDemandCommand({ KeyId })))).name).toBe(
      'UnsupportedOperationException',
    );
    await eu.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect(await rotations(us, KeyId)).toEqual(await rotations(eu, KeyId));
    const status = await ap.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 100 });
  });

  it('UpdatePrimaryRegion rejects a Region without a replica, and keys that are not primary keys', async () => {
    const { KeyId } = await primaryKey();
    expect((await catchError(update(KeyId, 'eu-west-1'))).name).toBe('ValidationException');
    await replicate(KeyId);
    const ofReplica = eu.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'us-east-1' }));
    expect((await catchError(ofReplica)).name).toBe('KMSInvalidStateException');
    expect((await catchError(update((await createKey(us)).KeyId))).name).toBe('UnsupportedOperationException');
    expect((await catchError(update('alias/x'))).name).toBe('InvalidArnException');
  });

  it('UpdatePrimaryRegion rejects a primary or a replica that is disabled or pending deletion', async () => {
    const { KeyId } = await primaryKey();
    await replicate(KeyId);
    await eu.send(new DisableKeyCommand({ KeyId }));
    expect((await catchError(update(KeyId))).name).toBe('DisabledException');
    await schedule(eu, KeyId);
    expect((await catchError(update(KeyId))).name).toBe('KMSInvalidStateException');
    await us.send(new DisableKeyCommand({ KeyId }));
    expect((await catchError(update(KeyId))).name).toBe('DisabledException');
  });
});

describe('the deletion of a multi-Region key', () => {
  it("the primary's waiting period starts when its last replica is deleted", async () => {
    const { KeyId, Arn } = await primaryKey();
    await replicate(KeyId);
    await replicate(KeyId, 'ap-south-1');
    const scheduled = await schedule(us, KeyId, 10);
    expect(scheduled).toMatchObject({ KeyId: Arn, KeyState: 'PendingReplicaDeletion', PendingWindowInDays: 10 });
    expect(scheduled.DeletionDate).toBeUndefined();
    const waiting = await describeKey(us, KeyId);
    expect(waiting).toMatchObject({ KeyState: 'PendingReplicaDeletion', PendingDeletionWindowInDays: 10 });
    expect(waiting?.DeletionDate).toBeUndefined();
    expect((await catchError(encrypt(us, KeyId))).name).toBe('KMSInvalidStateException');
    expect((await catchError(schedule(us, KeyId))).name).toBe('KMSInvalidStateException');

    await schedule(eu, KeyId, 7);
    const { DeletionDate = new Date() } = await schedule(ap, KeyId, 8);
    used.emulator.clock.advance(7.5 * dayMs);
    expect((await catchError(describeKey(eu, KeyId))).name).toBe('NotFoundException');
    expect(await describeKey(us, KeyId)).toMatchObject({ KeyState: 'PendingReplicaDeletion' });
    used.emulator.clock.advance(dayMs);
    const due = await describeKey(us, KeyId);
    expect(due?.KeyState).toBe('PendingDeletion');
    expect(due?.PendingDeletionWindowInDays).toBeUndefined();
    expect(due?.DeletionDate?.getTime()).toBe(DeletionDate.getTime() + 10 * dayMs);
    used.emulator.clock.advance(10 * dayMs);
    expect((await catchError(describeKey(us, KeyId))).name).toBe('NotFoundException');
  });

  it('a replica and its primary are both removed after their waiting periods', async () => {
    const { KeyId } = await primaryKey();
    await replicate(KeyId);
    await schedule(us, KeyId);
    await schedule(eu, KeyId);
    used.emulator.clock.advance(20 * dayMs);
    expect((await catchError(describeKey(us, KeyId))).name).toBe('NotFoundException');
  });

  it('the deletion of a primary can be canceled while the primary waits for its replicas', async () => {
    const { KeyId } = await primaryKey();
    await replicate(KeyId);
    await schedule(us, KeyId);
    await us.send(new CancelKeyDeletionCommand({ KeyId }));
    const metadata = await describeKey(us, KeyId);
    expect(metadata).toMatchObject({ KeyState: 'Disabled' });
    expect(metadata?.PendingDeletionWindowInDays).toBeUndefined();
  });

  it('the deletion of a replica does not affect its primary, which can be replicated to the same Region again', async () => {
    const { KeyId } = await primaryKey();
    await replicate(KeyId);
    const ciphertext = await encrypt(eu, KeyId);
    await schedule(eu, KeyId);
    expect((await catchError(replicate(KeyId))).name).toBe('AlreadyExistsException');
    used.emulator.clock.advance(8 * dayMs);
    expect((await describeKey(us, KeyId))?.MultiRegionConfiguration?.ReplicaKeys).toEqual([]);
    await replicate(KeyId);
    expect(await decrypt(eu, ciphertext)).toBe('text');
  });
});
