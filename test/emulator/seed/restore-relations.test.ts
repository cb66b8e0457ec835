import {
  ConnectCustomKeyStoreCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DeleteCustomKeyStoreCommand,
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  DisconnectCustomKeyStoreCommand,
  EncryptCommand,
  type KMSClient,
  ListGrantsCommand,
  ReplicateKeyCommand,
  RevokeGrantCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseSeed } from '../../../emulator/seed/read-seed.ts';
import { SeedError } from '../../../emulator/seed/seed-error.ts';
import { catchError, clientFor, useEmulator } from '../../support/emulator.ts';
import { cloudHsm, createKeyStore, describeKeyStore } from '../../support/key-stores.ts';

const grantId = 'a'.repeat(64);
const role = 'arn:aws:iam::000000000000:role/example';
const grantKey = '5a4d1e00-0000-4000-8000-000000000111';
const multiRegionKey = `mrk-${'1'.repeat(32)}`;
const keyStoreId = 'cks-2222222222b';

const used = useEmulator({
  seed: parseSeed(
    {
      Version: 1,
      Keys: [
        {
          KeyId: grantKey,
          Grants: [{ GrantId: grantId, GranteePrincipal: role, Operations: ['Decrypt'], CreationDate: 1_700_000_000 }],
        },
        { KeyId: multiRegionKey, MultiRegion: true, ReplicaRegions: ['eu-west-1'] },
      ],
      CustomKeyStores: [
        {
          CustomKeyStoreId: keyStoreId,
          CustomKeyStoreName: 'seeded',
          CloudHsmClusterId: 'cluster-2222222222b',
          ConnectionState: 'CONNECTED',
        },
      ],
      AbsentCustomKeyStores: ['absent'],
    },
    'test',
  ),
});

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

const describeKey = async (client: KMSClient, KeyId: string) =>
  (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;

describe('restoreSeed', () => {
  it('restoreSeed restores seeded grants and removes other grants', async () => {
    const list = async () => (await us.send(new ListGrantsCommand({ KeyId: grantKey }))).Grants;
    const seeded = await list();
    expect(seeded).toMatchObject([{ GrantId: grantId, CreationDate: new Date(1_700_000_000_000) }]);
    await us.send(new RevokeGrantCommand({ KeyId: grantKey, GrantId: grantId }));
    await us.send(new CreateGrantCommand({ KeyId: grantKey, GranteePrincipal: role, Operations: ['Encrypt'] }));
    await used.emulator.restoreSeed();
    expect(await list()).toEqual(seeded);
  });

  it('restoreSeed restores a primary key and its replicas, and removes other replicas', async () => {
    const expectSeeded = async () => {
      const { MultiRegionConfiguration, KeyState } = (await describeKey(us, multiRegionKey)) ?? {};
      expect(KeyState).toBe('Enabled');
      expect(MultiRegionConfiguration?.MultiRegionKeyType).toBe('PRIMARY');
      expect(MultiRegionConfiguration?.ReplicaKeys?.map(({ Region }) => Region)).toEqual(['eu-west-1']);
      expect(await describeKey(eu, multiRegionKey)).toMatchObject({ KeyState: 'Enabled' });
    };
    await expectSeeded();
    await us.send(new ReplicateKeyCommand({ KeyId: multiRegionKey, ReplicaRegion: 'ap-south-1' }));
    await us.send(new UpdatePrimaryRegionCommand({ KeyId: multiRegionKey, PrimaryRegion: 'eu-west-1' }));
    await eu.send(new RotateKeyOnDemandCommand({ KeyId: multiRegionKey }));
    await us.send(new ScheduleKeyDeletionCommand({ KeyId: multiRegionKey }));
    await used.emulator.restoreSeed();
    await expectSeeded();
    expect((await catchError(describeKey(ap, multiRegionKey))).name).toBe('NotFoundException');
    const usMaterial = (await describeKey(us, multiRegionKey))?.CurrentKeyMaterialId;
    expect((await describeKey(eu, multiRegionKey))?.CurrentKeyMaterialId).toBe(usMaterial);
  });

  it('restoreSeed restores custom key stores with their connection state, and removes those in AbsentCustomKeyStores', async () => {
    const { KeyMetadata } = await us.send(
      new CreateKeyCommand({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: keyStoreId }),
    );
    const { KeyId = '' } = KeyMetadata ?? {};
    const own = await createKeyStore(us, cloudHsm());
    await createKeyStore(us, cloudHsm({ CustomKeyStoreName: 'absent' }));
    await us.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId: keyStoreId }));
    expect(await describeKey(us, KeyId)).toMatchObject({ KeyState: 'Unavailable' });
    await used.emulator.restoreSeed();
    expect(await describeKeyStore(us, keyStoreId)).toMatchObject({ ConnectionState: 'CONNECTED' });
    await us.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('text') }));
    const { CustomKeyStores } = await us.send(new DescribeCustomKeyStoresCommand({}));
    expect(CustomKeyStores?.map(({ CustomKeyStoreId }) => CustomKeyStoreId)).toEqual([keyStoreId, own]);
    await us.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId: own }));
    await us.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId: keyStoreId }));
  });
});

describe('parseSeed', () => {
  it.each([
    ['replicas of a single-Region key', { KeyId: grantKey, ReplicaRegions: ['eu-west-1'] }],
    ['a multi-Region key id for a single-Region key', { KeyId: multiRegionKey }],
    ['a malformed grant id', { KeyId: grantKey, Grants: [{ GrantId: 'x', Operations: ['Sign'] }] }],
  ])('parseSeed rejects %s', (_, key) => {
    expect(() => parseSeed({ Version: 1, Keys: [key] }, 'test')).toThrow(SeedError);
  });
});
