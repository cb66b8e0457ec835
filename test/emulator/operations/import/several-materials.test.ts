import { randomBytes } from 'node:crypto';
import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { catchError, useEmulator } from '../../../support/emulator.ts';
import { createExternalKey, describeKey, importMaterial } from '../../../support/import.ts';

const used = useEmulator({});
const hourMs = 60 * 60 * 1000;
const getMetadata = (KeyId: string) => describeKey(used.client, KeyId);
const listMaterials = async (KeyId: string) =>
  (await used.client.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }))).Rotations;
const rotate = (KeyId: string) => used.client.send(new RotateKeyOnDemandCommand({ KeyId }));
const inAnHour = () => new Date(Math.ceil(used.emulator.clock.now() / 1000) * 1000 + hourMs);
const isNew = { ImportType: 'NEW_KEY_MATERIAL' } as const;
const doesNotExpire = { ImportState: 'IMPORTED', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' };

/** Creates a key with current material and other material that is pending rotation. */
async function createKeyWithTwoMaterials(pending: object = {}) {
  const KeyId = await createExternalKey(used.client);
  const bytes = [randomBytes(32), randomBytes(32)] as const;
  const { KeyMaterialId: first } = await importMaterial(used.client, KeyId, bytes[0]);
  const { KeyMaterialId: second } = await importMaterial(used.client, KeyId, bytes[1], { ...isNew, ...pending });
  return { KeyId, bytes, first, second };
}

describe('new material', () => {
  test('new material becomes current with RotateKeyOnDemand, and the previous material still decrypts', async () => {
    const { KeyId, first, second } = await createKeyWithTwoMaterials({ KeyMaterialDescription: 'the second' });
    const { Arn } = await getMetadata(KeyId);
    expect(await listMaterials(KeyId)).toEqual([
      { KeyId: Arn, KeyMaterialId: first, KeyMaterialState: 'CURRENT', ...doesNotExpire },
      {
        KeyId: Arn,
        KeyMaterialId: second,
        KeyMaterialState: 'PENDING_ROTATION',
        KeyMaterialDescription: 'the second',
        ...doesNotExpire,
      },
    ]);
    const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) }));
    expect(await rotate(KeyId)).toMatchObject({ KeyId: Arn });
    expect(await getMetadata(KeyId)).toMatchObject({ CurrentKeyMaterialId: second, KeyState: 'Enabled' });
    expect(await listMaterials(KeyId)).toMatchObject([
      { KeyMaterialId: first, KeyMaterialState: 'NON_CURRENT' },
      { KeyMaterialId: second, KeyMaterialState: 'CURRENT', RotationType: 'ON_DEMAND', RotationDate: expect.any(Date) },
    ]);
    const { Rotations } = await used.client.send(new ListKeyRotationsCommand({ KeyId }));
    expect(Rotations).toMatchObject([{ KeyMaterialId: second }]);
    const old = await used.client.send(new DecryptCommand({ CiphertextBlob }));
    expect(old.KeyMaterialId).toBe(first);
  });

  test('ImportKeyMaterial rejects new material while other material is pending rotation', async () => {
    const { KeyId, second } = await createKeyWithTwoMaterials();
    expect(await catchError(importMaterial(used.client, KeyId, randomBytes(32), isNew))).toEqual({
      name: 'KMSInvalidStateException',
      message: expect.stringMatching(
        new RegExp(
          `^New key material \\(id: [0-9a-f]{64}\\) cannot be imported into KMS key arn:.*${KeyId}, because another key material \\(id: ${second}\\) is pending rotation\\.$`,
        ),
      ),
    });
  });

  test('ImportKeyMaterial rejects new material that the key already has', async () => {
    const { KeyId, bytes } = await createKeyWithTwoMaterials();
    for (const material of bytes) {
      expect(await catchError(importMaterial(used.client, KeyId, material, isNew))).toMatchObject({
        name: 'IncorrectKeyMaterialException',
      });
    }
  });

  test('new material that is pending rotation can be deleted, and replaced with other material', async () => {
    const { KeyId, second } = await createKeyWithTwoMaterials();
    await used.client.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: second }));
    expect((await getMetadata(KeyId)).KeyState).toBe('Enabled');
    expect(await listMaterials(KeyId)).toHaveLength(1);
    expect(await catchError(rotate(KeyId))).toEqual({
      name: 'KMSInvalidStateException',
      message: `No available key material pending rotation for the key: ${(await getMetadata(KeyId)).Arn}.`,
    });
    await importMaterial(used.client, KeyId, randomBytes(32), isNew);
    await rotate(KeyId);
  });

  test('new material keeps its description when it is imported again, unless the request contains a new description', async () => {
    const { KeyId, bytes } = await createKeyWithTwoMaterials({ KeyMaterialDescription: 'the second' });
    await importMaterial(used.client, KeyId, bytes[1]);
    expect((await listMaterials(KeyId))?.[1]).toMatchObject({ KeyMaterialDescription: 'the second' });
    await importMaterial(used.client, KeyId, bytes[1], { KeyMaterialDescription: 'new' });
    expect((await listMaterials(KeyId))?.[1]).toMatchObject({
      KeyMaterialDescription: 'new',
      KeyMaterialState: 'PENDING_ROTATION',
    });
  });
});

describe('a key with several materials', () => {
  test('a key with several materials is usable only while all of its materials are present', async () => {
    const { KeyId, bytes, first, second } = await createKeyWithTwoMaterials();
    await rotate(KeyId);
    await used.client.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: first }));
    await used.client.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    expect(await listMaterials(KeyId)).toMatchObject([
      { KeyMaterialId: first, ImportState: 'PENDING_IMPORT' },
      { KeyMaterialId: second, ImportState: 'PENDING_IMPORT' },
    ]);
    expect((await listMaterials(KeyId))?.[0]).not.toHaveProperty('ExpirationModel');
    await importMaterial(used.client, KeyId, bytes[1]);
    expect((await getMetadata(KeyId)).KeyState).toBe('PendingImport');
    await importMaterial(used.client, KeyId, bytes[0]);
    expect((await getMetadata(KeyId)).KeyState).toBe('Enabled');
  });

  test('DeleteImportedKeyMaterial rejects an unknown material id', async () => {
    const { KeyId } = await createKeyWithTwoMaterials();
    const unknown = new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: '0'.repeat(64) });
    expect(await catchError(used.client.send(unknown))).toMatchObject({ name: 'ValidationException' });
  });
});

describe('expiration', () => {
  test('the expiration of current material makes the key PendingImport', async () => {
    const KeyId = await createExternalKey(used.client);
    const material = randomBytes(32);
    const ValidTo = inAnHour();
    await importMaterial(used.client, KeyId, material, { ValidTo });
    expect(await getMetadata(KeyId)).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
    expect(await listMaterials(KeyId)).toMatchObject([{ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo }]);
    used.emulator.clock.advance(2 * hourMs);
    const expired = await getMetadata(KeyId);
    expect(expired.KeyState).toBe('PendingImport');
    expect(expired).not.toHaveProperty('ValidTo');
    expect(await listMaterials(KeyId)).toMatchObject([{ ImportState: 'PENDING_IMPORT', KeyMaterialState: 'CURRENT' }]);
    await importMaterial(used.client, KeyId, material);
    expect((await getMetadata(KeyId)).KeyState).toBe('Enabled');
  });

  test('material that is pending rotation expires when it becomes current', async () => {
    const { KeyId } = await createKeyWithTwoMaterials({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: inAnHour() });
    expect(await getMetadata(KeyId)).not.toHaveProperty('ValidTo');
    used.emulator.clock.advance(2 * hourMs);
    expect(await listMaterials(KeyId)).toHaveLength(2);
    expect((await getMetadata(KeyId)).KeyState).toBe('Enabled');
    await rotate(KeyId);
    expect((await getMetadata(KeyId)).KeyState).toBe('PendingImport');
  });

  test('material expires while its key is pending deletion, so the key is PendingImport after the deletion is canceled', async () => {
    const KeyId = await createExternalKey(used.client);
    await importMaterial(used.client, KeyId, randomBytes(32), { ValidTo: inAnHour() });
    await used.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    used.emulator.clock.advance(2 * hourMs);
    expect((await getMetadata(KeyId)).KeyState).toBe('PendingDeletion');
    await used.client.send(new CancelKeyDeletionCommand({ KeyId }));
    expect((await getMetadata(KeyId)).KeyState).toBe('PendingImport');
  });
});

test.for([
  ['EnableKeyRotation', EnableKeyRotationCommand],
  ['DisableKeyRotation', DisableKeyRotationCommand],
] as const)('%s rejects keys with imported material in every state', async ([, Command]) => {
  const KeyId = await createExternalKey(used.client);
  const { Arn } = await getMetadata(KeyId);
  const error = {
    name: 'UnsupportedOperationException',
    message: `${Arn} origin is EXTERNAL which is not valid for this operation.`,
  };
  expect(await catchError(used.client.send(new Command({ KeyId }) as EnableKeyRotationCommand))).toEqual(error);
  await used.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
  expect(await catchError(used.client.send(new Command({ KeyId }) as EnableKeyRotationCommand))).toEqual(error);
});

test('RotateKeyOnDemand throws KMSInvalidStateException for a key that is pending import', async () => {
  const KeyId = await createExternalKey(used.client);
  expect(await catchError(rotate(KeyId))).toEqual({
    name: 'KMSInvalidStateException',
    message: `${(await getMetadata(KeyId)).Arn} is pending import.`,
  });
});
