import {
  type CreateKeyCommandInput,
  DecryptCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  type IncludeKeyMaterial,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { catchError, useEmulator } from '../../../support/emulator.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator({});
const dayMs = 86_400_000;

const newKeyId = async (input: CreateKeyCommandInput = {}) => (await createKey(used.client, input)).KeyId;
const enable = (KeyId: string, RotationPeriodInDays?: number) =>
  used.client.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays }));
const status = (KeyId: string) => used.client.send(new GetKeyRotationStatusCommand({ KeyId }));
const rotations = async (KeyId: string, IncludeKeyMaterial?: IncludeKeyMaterial) =>
  (await used.client.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial }))).Rotations ?? [];
const rotate = (KeyId: string) => used.client.send(new RotateKeyOnDemandCommand({ KeyId }));

test('automatic rotation is disabled by default and has a default period of 365 days', async () => {
  const KeyId = await newKeyId();
  expect(await status(KeyId)).toMatchObject({ KeyId: expect.stringContaining(KeyId), KeyRotationEnabled: false });
  await enable(KeyId);
  const on = await status(KeyId);
  expect(on).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 365 });
  expect((on.NextRotationDate!.getTime() - used.emulator.clock.now()) / dayMs).toBeCloseTo(365, 1);
  await enable(KeyId, 90);
  expect(await status(KeyId)).toMatchObject({ RotationPeriodInDays: 90 });
  await used.client.send(new DisableKeyRotationCommand({ KeyId }));
  const off = await status(KeyId);
  expect([off.KeyRotationEnabled, off.RotationPeriodInDays, off.NextRotationDate]).toEqual([
    false,
    undefined,
    undefined,
  ]);
});

test('a key rotates automatically at the end of each period', async () => {
  const KeyId = await newKeyId();
  await enable(KeyId, 100);
  const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('old') }));
  used.emulator.clock.advance(250 * dayMs);
  const listed = await rotations(KeyId);
  expect(listed.map(({ RotationType, KeyMaterialState }) => [RotationType, KeyMaterialState])).toEqual([
    ['AUTOMATIC', 'NON_CURRENT'],
    ['AUTOMATIC', 'CURRENT'],
  ]);
  const [first, second] = listed.map(({ RotationDate }) => RotationDate!.getTime());
  expect((second! - first!) / dayMs).toBeCloseTo(100, 3);
  expect(await rotations(KeyId, 'ALL_KEY_MATERIAL')).toHaveLength(3);
  const { Plaintext = new Uint8Array() } = await used.client.send(new DecryptCommand({ CiphertextBlob }));
  expect(Buffer.from(Plaintext).toString()).toBe('old');
});

test('a clock change of thousands of years applies only the last 100 rotations, so it takes little time', async () => {
  const KeyId = await newKeyId();
  await enable(KeyId, 90);
  used.emulator.clock.advance(2_500_000 * dayMs);
  const listed = await rotations(KeyId);
  expect(listed).toHaveLength(100);
  expect(used.emulator.clock.now() - listed.at(-1)!.RotationDate!.getTime()).toBeLessThan(90 * dayMs);
  used.emulator.clock.advance(-2_500_000 * dayMs);
});

test('a rotation that is due while the key is disabled takes place when the key is enabled', async () => {
  const KeyId = await newKeyId();
  await enable(KeyId, 90);
  await used.client.send(new DisableKeyCommand({ KeyId }));
  used.emulator.clock.advance(300 * dayMs);
  expect(await rotations(KeyId)).toHaveLength(0);
  await used.client.send(new EnableKeyCommand({ KeyId }));
  expect(await rotations(KeyId)).toHaveLength(1);
  expect((await status(KeyId)).NextRotationDate!.getTime()).toBeGreaterThan(used.emulator.clock.now() + 89 * dayMs);
});

test('a key that is pending deletion does not rotate', async () => {
  const KeyId = await newKeyId();
  await enable(KeyId);
  await used.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
  expect((await status(KeyId)).KeyRotationEnabled).toBe(false);
});

test('RotateKeyOnDemand succeeds at most 25 times per key', async () => {
  const KeyId = await newKeyId();
  for (let n = 0; n < 25; n += 1) expect((await rotate(KeyId)).KeyId).toContain(KeyId);
  expect((await catchError(rotate(KeyId))).name).toBe('LimitExceededException');
  expect((await rotations(KeyId)).map(({ RotationType }) => RotationType)).toEqual(Array(25).fill('ON_DEMAND'));
});

test('ListKeyRotations returns every rotation once, in pages', async () => {
  const KeyId = await newKeyId();
  for (let n = 0; n < 5; n += 1) await rotate(KeyId);
  const listed = [];
  let Marker: string | undefined;
  do {
    const page = await used.client.send(new ListKeyRotationsCommand({ KeyId, Limit: 2, Marker }));
    listed.push(...(page.Rotations ?? []));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  expect(listed).toEqual(await rotations(KeyId));
});

test('an HMAC key cannot be rotated, but GetKeyRotationStatus and DisableKeyRotation accept it', async () => {
  const KeyId = await newKeyId({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  for (const call of [enable(KeyId), rotate(KeyId)]) {
    expect(await catchError(call)).toEqual({ name: 'UnsupportedOperationException', message: 'UnknownError' });
  }
  expect(await status(KeyId)).toMatchObject({ KeyRotationEnabled: false });
  await used.client.send(new DisableKeyRotationCommand({ KeyId }));
});
