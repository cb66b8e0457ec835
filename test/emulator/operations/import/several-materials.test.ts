import { randomBytes } from 'node:crypto';
import {
  CancelKeyDeletionCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { catchError, useEmulator } from '../../../support/emulator.ts';
import { createExternalKey, describeKey, importMaterial } from '../../../support/import.ts';

const used = useEmulator({});
const hourMs = 60 * 60 * 1000;
const metadataOf = (KeyId: string) => describeKey(used.client, KeyId);
const materialsOf = async (KeyId: string) =>
  (await used.client.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }))).Rotations;
const rotate = (KeyId: string) => used.client.send(new RotateKeyOnDemandCommand({ KeyId }));
const inAnHour = () => new Date(Math.ceil(used.emulator.clock.now() / 1000) * 1000 + hourMs);
const isNew = { ImportType: 'NEW_KEY_MATERIAL' } as const;
const doesNotExpire = { ImportState: 'IMPORTED', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' };

/** A key with a current and a pending material. */
async function keyWithTwo(pending: object = {}) {
  const KeyId = await createExternalKey(used.client);
  const bytes = [randomBytes(32), randomBytes(32)] as const;
  const { KeyMaterialId: first } = await importMaterial(used.client, KeyId, bytes[0]);
  const { KeyMaterialId: second } = await importMaterial(used.client, KeyId, bytes[1], { ...isNew, ...pending });
  return { KeyId, bytes, first, second };
}

describe('new material', () => {
  test('waits for RotateKeyOnDemand, which makes it the current one; the old one still decrypts', async () => {
    const { KeyId, first, second } = await keyWithTwo({ KeyMaterialDescription: 'the second' });
    expect(await materialsOf(KeyId)).toEqual([
      { KeyId, KeyMaterialId: first, KeyMaterialState: 'CURRENT', ...doesNotExpire },
      {
        KeyId,
        KeyMaterialId: second,
        KeyMaterialState: 'PENDING_ROTATION',
        KeyMaterialDescription: 'the second',
        ...doesNotExpire,
      },
    ]);
    const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) }));
    expect(await rotate(KeyId)).toMatchObject({ KeyId });
    expect(await metadataOf(KeyId)).toMatchObject({ CurrentKeyMaterialId: second, KeyState: 'Enabled' });
    expect(await materialsOf(KeyId)).toMatchObject([
      { KeyMaterialId: first, KeyMaterialState: 'NON_CURRENT' },
      { KeyMaterialId: second, KeyMaterialState: 'CURRENT', RotationType: 'ON_DEMAND', RotationDate: expect.any(Date) },
    ]);
    const { Rotations } = await used.client.send(new ListKeyRotationsCommand({ KeyId }));
    expect(Rotations).toMatchObject([{ KeyMaterialId: second }]);
    const old = await used.client.send(new DecryptCommand({ CiphertextBlob }));
    expect(old.KeyMaterialId).toBe(first);
  });

  test('there is at most one that waits', async () => {
    const { KeyId, second } = await keyWithTwo();
    expect(await catchError(importMaterial(used.client, KeyId, randomBytes(32), isNew))).toEqual({
      name: 'KMSInvalidStateException',
      message: expect.stringMatching(
        new RegExp(
          `^New key material \\(id: [0-9a-f]{64}\\) cannot be imported into KMS key arn:.*${KeyId}, because another key material \\(id: ${second}\\) is pending rotation\\.$`,
        ),
      ),
    });
  });

  test('is not one that the key has', async () => {
    const { KeyId, bytes } = await keyWithTwo();
    for (const material of bytes) {
      expect(await catchError(importMaterial(used.client, KeyId, material, isNew))).toMatchObject({
        name: 'IncorrectKeyMaterialException',
      });
    }
  });

  test('that waits can be deleted, and other material put in its place', async () => {
    const { KeyId, second } = await keyWithTwo();
    await used.client.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: second }));
    expect((await metadataOf(KeyId)).KeyState).toBe('Enabled');
    expect(await materialsOf(KeyId)).toHaveLength(1);
    expect(await catchError(rotate(KeyId))).toEqual({
      name: 'KMSInvalidStateException',
      message: `No available key material pending rotation for the key: ${(await metadataOf(KeyId)).Arn}.`,
    });
    await importMaterial(used.client, KeyId, randomBytes(32), isNew);
    await rotate(KeyId);
  });

  test('imported again keeps its description unless given another', async () => {
    const { KeyId, bytes } = await keyWithTwo({ KeyMaterialDescription: 'the second' });
    await importMaterial(used.client, KeyId, bytes[1]);
    expect((await materialsOf(KeyId))?.[1]).toMatchObject({ KeyMaterialDescription: 'the second' });
    await importMaterial(used.client, KeyId, bytes[1], { KeyMaterialDescription: 'new' });
    expect((await materialsOf(KeyId))?.[1]).toMatchObject({
      KeyMaterialDescription: 'new',
      KeyMaterialState: 'PENDING_ROTATION',
    });
  });
});

describe('a key with several materials', () => {
  test('works only while all that belong to it are there', async () => {
    const { KeyId, bytes, first, second } = await keyWithTwo();
    await rotate(KeyId);
    await used.client.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: first }));
    await used.client.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    expect(await materialsOf(KeyId)).toMatchObject([
      { KeyMaterialId: first, ImportState: 'PENDING_IMPORT' },
      { KeyMaterialId: second, ImportState: 'PENDING_IMPORT' },
    ]);
    expect((await materialsOf(KeyId))?.[0]).not.toHaveProperty('ExpirationModel');
    await importMaterial(used.client, KeyId, bytes[1]);
    expect((await metadataOf(KeyId)).KeyState).toBe('PendingImport');
    await importMaterial(used.client, KeyId, bytes[0]);
    expect((await metadataOf(KeyId)).KeyState).toBe('Enabled');
  });

  test('has no material of an unknown id to delete', async () => {
    const { KeyId } = await keyWithTwo();
    const unknown = new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId: '0'.repeat(64) });
    expect(await catchError(used.client.send(unknown))).toMatchObject({ name: 'NotFoundException' });
  });
});

describe('expiry', () => {
  test('takes current material away, and with it the use of the key', async () => {
    const KeyId = await createExternalKey(used.client);
    const material = randomBytes(32);
    const ValidTo = inAnHour();
    await importMaterial(used.client, KeyId, material, { ValidTo });
    expect(await metadataOf(KeyId)).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
    expect(await materialsOf(KeyId)).toMatchObject([{ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo }]);
    used.emulator.clock.advance(2 * hourMs);
    const without = await metadataOf(KeyId);
    expect(without.KeyState).toBe('PendingImport');
    expect(without).not.toHaveProperty('ValidTo');
    expect(await materialsOf(KeyId)).toMatchObject([{ ImportState: 'PENDING_IMPORT', KeyMaterialState: 'CURRENT' }]);
    await importMaterial(used.client, KeyId, material);
    expect((await metadataOf(KeyId)).KeyState).toBe('Enabled');
  });

  test('of material that waits for rotation removes it, and nothing else', async () => {
    const { KeyId } = await keyWithTwo({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: inAnHour() });
    expect(await metadataOf(KeyId)).not.toHaveProperty('ValidTo');
    used.emulator.clock.advance(2 * hourMs);
    expect(await materialsOf(KeyId)).toHaveLength(1);
    expect((await metadataOf(KeyId)).KeyState).toBe('Enabled');
  });

  test('goes on while a key waits for its deletion; a deletion that is cancelled leaves it waiting for import', async () => {
    const KeyId = await createExternalKey(used.client);
    await importMaterial(used.client, KeyId, randomBytes(32), { ValidTo: inAnHour() });
    await used.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
    used.emulator.clock.advance(2 * hourMs);
    expect((await metadataOf(KeyId)).KeyState).toBe('PendingDeletion');
    await used.client.send(new CancelKeyDeletionCommand({ KeyId }));
    expect((await metadataOf(KeyId)).KeyState).toBe('PendingImport');
  });
});

test.for([
  ['EnableKeyRotation', EnableKeyRotationCommand],
  ['DisableKeyRotation', DisableKeyRotationCommand],
  ['GetKeyRotationStatus', GetKeyRotationStatusCommand],
] as const)('%s is not for imported material, whatever the state', async ([, Command]) => {
  const KeyId = await createExternalKey(used.client);
  const { Arn } = await metadataOf(KeyId);
  const error = {
    name: 'UnsupportedOperationException',
    message: `${Arn} origin is EXTERNAL which is not valid for this operation.`,
  };
  expect(await catchError(used.client.send(new Command({ KeyId }) as EnableKeyRotationCommand))).toEqual(error);
  await used.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
  expect(await catchError(used.client.send(new Command({ KeyId }) as EnableKeyRotationCommand))).toEqual(error);
});

test('RotateKeyOnDemand on a key that waits for import: KMSInvalidStateException', async () => {
  const KeyId = await createExternalKey(used.client);
  expect(await catchError(rotate(KeyId))).toEqual({
    name: 'KMSInvalidStateException',
    message: `${(await metadataOf(KeyId)).Arn} is pending import.`,
  });
});
