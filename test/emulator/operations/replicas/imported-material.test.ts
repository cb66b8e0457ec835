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
 * Tests multi-Region keys with imported material. Sources:
 * https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-import.html, and the SDK documentation of
 * ImportKeyMaterial, DeleteImportedKeyMaterial and RotationsListEntry.
 */
const used = useEmulator({});
const regions = ['us-east-1', 'eu-west-1', 'ap-south-1'] as const;
const clientIn = (region: string) => clientFor(used.emulator.endpoint, { region });
const isNew = { ImportType: 'NEW_KEY_MATERIAL' } as const;
const hourMs = 60 * 60 * 1000;

const getState = async (client: KMSClient, KeyId: string) => (await describeKey(client, KeyId)).KeyState;
const listMaterials = async (client: KMSClient, KeyId: string) => {
  const request = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
  const { Rotations = [] } = await client.send(request);
  return Rotations.map(({ KeyMaterialState, ImportState }) => `${KeyMaterialState} ${ImportState}`);
};
const encrypt = (client: KMSClient, KeyId: string) =>
  client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('text') }));

/** Creates a primary with imported material and two replicas without material. */
async function createInThreeRegions(input = {}) {
  const [us, eu, ap] = regions.map(clientIn) as [KMSClient, KMSClient, KMSClient];
  const KeyId = await createExternalKey(us, { MultiRegion: true, ...input });
  const material = randomBytes(32);
  await importMaterial(us, KeyId, material, { KeyMaterialDescription: 'the first' });
  for (const ReplicaRegion of regions.slice(1)) await us.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion }));
  return { us, eu, ap, KeyId, material };
}

/** Creates a primary and two replicas, and imports the material into all of them. */
async function createComplete() {
  const key = await createInThreeRegions();
  for (const client of [key.eu, key.ap]) await importMaterial(client, key.KeyId, key.material);
  return key;
}

describe('a replica', () => {
  test("a replica is PendingImport and returns the id of its primary's material", async () => {
    const { us, eu, KeyId } = await createInThreeRegions();
    const primary = await describeKey(us, KeyId);
    const replica = await describeKey(eu, KeyId);
    expect(replica).toMatchObject({
      KeyState: 'PendingImport',
      Origin: 'EXTERNAL',
      CurrentKeyMaterialId: primary.CurrentKeyMaterialId,
    });
    expect(replica).not.toHaveProperty('ExpirationModel');
    expect(await listMaterials(eu, KeyId)).toEqual(['CURRENT PENDING_IMPORT']);
    expect((await catchError(encrypt(eu, KeyId))).name).toBe('KMSInvalidStateException');
  });

  test("a replica accepts only its primary's material, and decrypts the primary's ciphertexts after the import", async () => {
    const { us, eu, KeyId, material } = await createInThreeRegions();
    for (const request of [{}, { ImportType: 'EXISTING_KEY_MATERIAL' } as const]) {
      const other = importMaterial(eu, KeyId, randomBytes(32), request);
      expect((await catchError(other)).name).toBe('IncorrectKeyMaterialException');
    }
    await importMaterial(eu, KeyId, material);
    expect(await getState(eu, KeyId)).toBe('Enabled');
    const { CiphertextBlob } = await encrypt(us, KeyId);
    const { Plaintext } = await eu.send(new DecryptCommand({ CiphertextBlob, KeyId }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('text');
  });

  test("a replica rejects new material, even if it is the primary's material", async () => {
    const { eu, KeyId, material } = await createInThreeRegions();
    for (const bytes of [randomBytes(32), material]) {
      expect((await catchError(importMaterial(eu, KeyId, bytes, isNew))).name).toBe('ValidationException');
    }
  });

  test('a replica with imported material has its own expiration date', async () => {
    const { us, eu, KeyId, material } = await createInThreeRegions();
    const ValidTo = new Date(Math.ceil(used.emulator.clock.now() / 1000) * 1000 + hourMs);
    await importMaterial(eu, KeyId, material, { ValidTo });
    expect(await describeKey(eu, KeyId)).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
    expect(await describeKey(us, KeyId)).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
    used.emulator.clock.advance(2 * hourMs);
    expect([await getState(eu, KeyId), await getState(us, KeyId)]).toEqual(['PendingImport', 'Enabled']);
    used.emulator.clock.advance(-2 * hourMs);
  });

  test('ReplicateKey rejects a primary that is PendingImport', async () => {
    const us = clientIn('us-east-1');
    const KeyId = await createExternalKey(us, { MultiRegion: true });
    const replicate = us.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
    expect((await catchError(replicate)).name).toBe('KMSInvalidStateException');
  });

  test("a replica of a signing key accepts only its primary's private key", async () => {
    const { us, eu } = { us: clientIn('us-east-1'), eu: clientIn('eu-west-1') };
    const KeyId = await createExternalKey(us, { MultiRegion: true, KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const [own = randomBytes(0), other = randomBytes(0)] = await Promise.all(
      [1, 2].map(() => keySpecs.ECC_NIST_P256.generateMaterial()),
    );
    await importMaterial(us, KeyId, own);
    await us.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
    expect((await catchError(importMaterial(eu, KeyId, other))).name).toBe('IncorrectKeyMaterialException');
    await importMaterial(eu, KeyId, own);
    const request = { KeyId, Message: Buffer.from('m'), SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    const { Signature } = await us.send(new SignCommand(request));
    expect((await eu.send(new VerifyCommand({ ...request, Signature }))).SignatureValid).toBe(true);
  });
});

describe('new material', () => {
  test('new material must be imported into every Region before a rotation makes it current in all Regions', async () => {
    const { us, eu, ap, KeyId } = await createComplete();
    const all = [us, eu, ap];
    const second = randomBytes(32);
    const before = await encrypt(eu, KeyId);
    const { KeyMaterialId } = await importMaterial(us, KeyId, second, isNew);
    const waits = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect(await listMaterials(us, KeyId)).toEqual(['CURRENT IMPORTED', `${waits} IMPORTED`]);
    expect(await listMaterials(eu, KeyId)).toEqual(['CURRENT IMPORTED', `${waits} PENDING_IMPORT`]);
    expect(await getState(eu, KeyId)).toBe('Enabled');
    await importMaterial(eu, KeyId, second);
    const tooEarly = us.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect((await catchError(tooEarly)).name).toBe('KMSInvalidStateException');
    await importMaterial(ap, KeyId, second, { ImportType: 'EXISTING_KEY_MATERIAL', KeyMaterialId });
    for (const client of all) {
      expect(await listMaterials(client, KeyId)).toEqual(['CURRENT IMPORTED', 'PENDING_ROTATION IMPORTED']);
    }
    const onReplica = eu.send(new RotateKeyOnDemandCommand({ KeyId }));
    expect((await catchError(onReplica)).name).toBe('UnsupportedOperationException');
    await us.send(new RotateKeyOnDemandCommand({ KeyId }));
    for (const client of all) {
      expect(await listMaterials(client, KeyId)).toEqual(['NON_CURRENT IMPORTED', 'CURRENT IMPORTED']);
      expect((await describeKey(client, KeyId)).CurrentKeyMaterialId).toBe(KeyMaterialId);
      await client.send(new DecryptCommand({ CiphertextBlob: before.CiphertextBlob }));
    }
    await us.send(new DecryptCommand({ CiphertextBlob: (await encrypt(ap, KeyId)).CiphertextBlob }));
  });

  test('material is deleted in all Regions when deleted from the primary, but only in one Region when deleted from a replica', async () => {
    const { us, eu, ap, KeyId } = await createComplete();
    const second = randomBytes(32);
    const { KeyMaterialId } = await importMaterial(us, KeyId, second, isNew);
    for (const client of [eu, ap]) await importMaterial(client, KeyId, second);
    await eu.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));
    const waits = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect(await listMaterials(eu, KeyId)).toEqual(['CURRENT IMPORTED', `${waits} PENDING_IMPORT`]);
    expect(await listMaterials(ap, KeyId)).toEqual(['CURRENT IMPORTED', `${waits} IMPORTED`]);
    expect(await getState(eu, KeyId)).toBe('Enabled');
    await us.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));
    for (const client of [us, eu, ap]) expect(await listMaterials(client, KeyId)).toEqual(['CURRENT IMPORTED']);
    await importMaterial(us, KeyId, randomBytes(32), isNew);
  });

  test('new material must also be imported into a replica that is created later', async () => {
    const us = clientIn('us-east-1');
    const KeyId = await createExternalKey(us, { MultiRegion: true });
    await importMaterial(us, KeyId, randomBytes(32));
    const second = randomBytes(32);
    await importMaterial(us, KeyId, second, isNew);
    expect(await listMaterials(us, KeyId)).toEqual(['CURRENT IMPORTED', 'PENDING_ROTATION IMPORTED']);
    await us.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
    const waits = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect(await listMaterials(us, KeyId)).toEqual(['CURRENT IMPORTED', `${waits} IMPORTED`]);
    await importMaterial(clientIn('eu-west-1'), KeyId, second);
    expect(await listMaterials(us, KeyId)).toEqual(['CURRENT IMPORTED', 'PENDING_ROTATION IMPORTED']);
    expect(await getState(clientIn('eu-west-1'), KeyId)).toBe('PendingImport');
  });
});

test('the deletion of current material makes only the key in that Region PendingImport', async () => {
  const { us, eu, ap, KeyId } = await createComplete();
  await us.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
  expect(await Promise.all([us, eu, ap].map((client) => getState(client, KeyId)))).toEqual([
    'PendingImport',
    'Enabled',
    'Enabled',
  ]);
});

test('UpdatePrimaryRegion lets the new primary accept new material, and does not move aliases', async () => {
  const { us, eu, KeyId } = await createComplete();
  const AliasName = `alias/${KeyId}`;
  await us.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
  await us.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: 'eu-west-1' }));
  const former = importMaterial(us, KeyId, randomBytes(32), isNew);
  expect((await catchError(former)).name).toBe('ValidationException');
  await importMaterial(eu, KeyId, randomBytes(32), isNew);
  expect(await listMaterials(us, KeyId)).toHaveLength(2);
  expect((await describeKey(us, AliasName)).Arn).toContain('us-east-1');
  expect((await catchError(describeKey(eu, AliasName))).name).toBe('NotFoundException');
});
