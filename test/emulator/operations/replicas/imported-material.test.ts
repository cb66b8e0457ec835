import { randomBytes } from 'node:crypto';
import {
  CreateAliasCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  EncryptCommand,
  type KMSClient,
  ListKeyRotationsCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  SignCommand,
  UpdatePrimaryRegionCommand,
  VerifyCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { keySpecs } from '../../../../emulator/crypto/key-specs.ts';
import { catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import { createExternalKey, describeKey, importMaterial } from '../../../support/import.ts';

/**
 * Multi-Region keys whose material is imported
 * (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-import.html, and the SDK's ImportKeyMaterial,
 * DeleteImportedKeyMaterial and RotationsListEntry).
 */
const used = useEmulator({});
const regions = ['us-east-1', 'eu-west-1', 'ap-south-1'] as const;
const clientIn = (region: string) => clientFor(used.emulator.endpoint, { region });
const isNew = { ImportType: 'NEW_KEY_MATERIAL' } as const;
const hourMs = 60 * 60 * 1000;

const stateOf = async (client: KMSClient, KeyId: string) => (await describeKey(client, KeyId)).KeyState;
const materialsOf = async (client: KMSClient, KeyId: string) => {
  const request = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
  const { Rotations = [] } = await client.send(request);
  return Rotations.map(({ KeyMaterialState, ImportState }) => `${KeyMaterialState} ${ImportState}`);
};
const encrypt = (client: KMSClient, KeyId: string) =>
  client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('text') }));

/** A primary with imported material and two replicas without. */
async function keyInThreeRegions(input = {}) {
  const [us, eu, ap] = regions.map(clientIn) as [KMSClient, KMSClient, KMSClient];
  const KeyId = await createExternalKey(us, { MultiRegion: true, ...input });
  const material = randomBytes(32);
  await importMaterial(us, KeyId, material, { KeyMaterialDescription: 'the first' });
  for (const ReplicaRegion of regions.slice(1)) await us.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion }));
  return { us, eu, ap, KeyId, material };
}

/** The same with the material in all three. */
async function completeKey() {
  const key = await keyInThreeRegions();
  for (const client of [key.eu, key.ap]) await importMaterial(client, key.KeyId, key.material);
  return key;
}

describe('a replica', () => {
  test('of a key with imported material waits for import, and names the material', async () => {
    const { us, eu, KeyId } = await keyInThreeRegions();
    const primary = await describeKey(us, KeyId);
    const replica = await describeKey(eu, KeyId);
    expect(replica).toMatchObject({
      KeyState: 'PendingImport',
      Origin: 'EXTERNAL',
      CurrentKeyMaterialId: primary.CurrentKeyMaterialId,
    });
    expect(replica).not.toHaveProperty('ExpirationModel');
    expect(await materialsOf(eu, KeyId)).toEqual(['CURRENT PENDING_IMPORT']);
    expect((await catchError(encrypt(eu, KeyId))).name).toBe('KMSInvalidStateException');
  });

  test('takes the material of its primary only, and then decrypts what that encrypted', async () => {
    const { us, eu, KeyId, material } = await keyInThreeRegions();
    for (const request of [{}, { ImportType: 'EXISTING_KEY_MATERIAL' } as const]) {
      const other = importMaterial(eu, KeyId, randomBytes(32), request);
      expect((await catchError(other)).name).toBe('IncorrectKeyMaterialException');
    }
    await importMaterial(eu, KeyId, material);
    expect(await stateOf(eu, KeyId)).toBe('Enabled');
    const { CiphertextBlob } = await encrypt(us, KeyId);
    const { Plaintext } = await eu.send(new DecryptCommand({ CiphertextBlob, KeyId }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('text');
  });

  test('takes no new material, neither its own nor the primary’s', async () => {
    const { eu, KeyId, material } = await keyInThreeRegions();
    for (const bytes of [randomBytes(32), material]) {
      expect((await catchError(importMaterial(eu, KeyId, bytes, isNew))).name).toBe('UnsupportedOperationException');
    }
  });

  test('has its own expiry and description', async () => {
    const { us, eu, KeyId, material } = await keyInThreeRegions();
    const ValidTo = new Date(Math.ceil(used.emulator.clock.now() / 1000) * 1000 + hourMs);
    await importMaterial(eu, KeyId, material, { ValidTo, KeyMaterialDescription: 'in the eu' });
    expect(await describeKey(eu, KeyId)).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
    expect(await describeKey(us, KeyId)).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
    used.emulator.clock.advance(2 * hourMs);
    expect([await stateOf(eu, KeyId), await stateOf(us, KeyId)]).toEqual(['PendingImport', 'Enabled']);
    used.emulator.clock.advance(-2 * hourMs);
  });

  test('is not made of a primary that waits for import', async () => {
    const us = clientIn('us-east-1');
    const KeyId = await createExternalKey(us, { MultiRegion: true });
    const replicate = us.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
    expect((await catchError(replicate)).name).toBe('KMSInvalidStateException');
  });

  test('of a signing key takes the same private key, and no other', async () => {
    const { us, eu } = { us: clientIn('us-east-1'), eu: clientIn('eu-west-1') };
    const KeyId = await createExternalKey(us, { MultiRegion: true, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const [mine = randomBytes(0), other = randomBytes(0)] = await Promise.all(
      [1, 2].map(() => keySpecs.ECC_NIST_P256.generateMaterial()),
    );
    await importMaterial(us, KeyId, mine);
    await us.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
    expect((await catchError(importMaterial(eu, KeyId, other))).name).toBe('IncorrectKeyMaterialException');
    await importMaterial(eu, KeyId, mine);
    const request = { KeyId, Message: Buffer.from('m'), SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    const { Signature } = await us.send(new SignCommand(request));
    expect((await eu.send(new VerifyCommand({ ...request, Signature }))).SignatureValid).toBe(true);
  });
});

describe('new material', () => {
  test('waits for its import into every Region, then for the rotation, which is one for all', async () => {
    const { us, eu, ap, KeyId } = await completeKey();
    const all = [us, eu, ap];
    const second = randomBytes(32);
    const before = await encrypt(eu, KeyId);
    const { KeyMaterialId } = await importMaterial(us, KeyId, second, isNew);
    const waits = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect(await materialsOf(us, KeyId)).toEqual(['CURRENT IMPORTED', `${waits} IMPORTED`]);
    expect(await materialsOf(eu, KeyId)).toEqual(['CURRENT IMPORTED', `${waits} PENDING_IMPORT`]);
    expect(await stateOf(eu, KeyId)).toBe('Enabled');
    await importMaterial(eu, KeyId, second);
    const tooEarly = us.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect((await catchError(tooEarly)).name).toBe('KMSInvalidStateException');
    await importMaterial(ap, KeyId, second, { ImportType: 'EXISTING_KEY_MATERIAL', KeyMaterialId });
    for (const client of all) {
      expect(await materialsOf(client, KeyId)).toEqual(['CURRENT IMPORTED', 'PENDING_ROTATION IMPORTED']);
    }
    const onReplica = eu.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect((await catchError(onReplica)).name).toBe('UnsupportedOperationException');
    await us.send(new RotateKeyOnDemandCommand({ KeyId }));
    for (const client of all) {
      expect(await materialsOf(client, KeyId)).toEqual(['NON_CURRENT IMPORTED', 'CURRENT IMPORTED']);
      expect((await describeKey(client, KeyId)).CurrentKeyMaterialId).toBe(KeyMaterialId);
      await client.send(new DecryptCommand({ CiphertextBlob: before.CiphertextBlob }));
    }
    await us.send(new DecryptCommand({ CiphertextBlob: (await encrypt(ap, KeyId)).CiphertextBlob }));
  });

  test('that is deleted from the primary goes from its replicas; deleted from a replica it goes from there alone', async () => {
    const { us, eu, ap, KeyId } = await completeKey();
    const second = randomBytes(32);
    const { KeyMaterialId } = await importMaterial(us, KeyId, second, isNew);
    for (const client of [eu, ap]) await importMaterial(client, KeyId, second);
    await eu.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));
    const waits = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect(await materialsOf(eu, KeyId)).toEqual(['CURRENT IMPORTED', `${waits} PENDING_IMPORT`]);
    expect(await materialsOf(ap, KeyId)).toEqual(['CURRENT IMPORTED', `${waits} IMPORTED`]);
    expect(await stateOf(eu, KeyId)).toBe('Enabled');
    await us.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));
    for (const client of [us, eu, ap]) expect(await materialsOf(client, KeyId)).toEqual(['CURRENT IMPORTED']);
    await importMaterial(us, KeyId, randomBytes(32), isNew);
  });

  test('is what a replica made later lacks too', async () => {
    const us = clientIn('us-east-1');
    const KeyId = await createExternalKey(us, { MultiRegion: true });
    await importMaterial(us, KeyId, randomBytes(32));
    const second = randomBytes(32);
    await importMaterial(us, KeyId, second, isNew);
    expect(await materialsOf(us, KeyId)).toEqual(['CURRENT IMPORTED', 'PENDING_ROTATION IMPORTED']);
    await us.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
    const waits = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect(await materialsOf(us, KeyId)).toEqual(['CURRENT IMPORTED', `${waits} IMPORTED`]);
    await importMaterial(clientIn('eu-west-1'), KeyId, second);
    expect(await materialsOf(us, KeyId)).toEqual(['CURRENT IMPORTED', 'PENDING_ROTATION IMPORTED']);
    expect(await stateOf(clientIn('eu-west-1'), KeyId)).toBe('PendingImport');
  });
});

test('deleted current material is missing in that Region alone', async () => {
  const { us, eu, ap, KeyId } = await completeKey();
  await us.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
  expect(await Promise.all([us, eu, ap].map((client) => stateOf(client, KeyId)))).toEqual([
    'PendingImport',
    'Enabled',
    'Enabled',
  ]);
});

test('UpdatePrimaryRegion hands over the right to new material, and leaves aliases where they are', async () => {
  const { us, eu, KeyId } = await completeKey();
  const AliasName = `alias/${KeyId}`;
  await us.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
  await us.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' }));
  const former = importMaterial(us, KeyId, randomBytes(32), isNew);
  expect((await catchError(former)).name).toBe('UnsupportedOperationException');
  await importMaterial(eu, KeyId, randomBytes(32), isNew);
  expect(await materialsOf(us, KeyId)).toHaveLength(2);
  expect((await describeKey(us, AliasName)).Arn).toContain('us-east-1');
  expect((await catchError(describeKey(eu, AliasName))).name).toBe('NotFoundException');
});
