import { requireEmulator } from '../emulator.ts';
import { keyOfKind, requestOn, send } from '../key-calls.ts';
import { createKeyStore, external } from '../key-stores.ts';
import { connectedKeyStore, ownAccount } from './own-key-stores.ts';
import { changed, keyFor, type ModeledError, onKind, row, rowsFor } from './rows.ts';

const dayMs = 24 * 60 * 60 * 1000;
const hmac = { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' } as const;
/** Errors for types of keys that the operation does not support, and for key limits. */
export const unsupported: readonly ModeledError[] = [
  row('CreateKey', 'UnsupportedOperationException', async () => ({ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' })),
  ...rowsFor(
    'UnsupportedOperationException',
    ['DeleteImportedKeyMaterial', 'GetParametersForImport', 'ImportKeyMaterial'],
    (operation) => onKind(operation, 'symmetric'),
  ),
  row('DisableKeyRotation', 'UnsupportedOperationException', onKind('DisableKeyRotation', 'external')),
  ...rowsFor('UnsupportedOperationException', ['EnableKeyRotation', 'RotateKeyOnDemand'], (operation) =>
    onKind(operation, 'mac', hmac),
  ),
  ...rowsFor('UnsupportedOperationException', ['GetPublicKey', 'ReplicateKey', 'UpdatePrimaryRegion'], (operation) =>
    onKind(operation, 'symmetric'),
  ),
  ...rowsFor(
    'UnsupportedOperationException',
    ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'],
    (operation) => async (world) => {
      const { client, CustomKeyStoreId } = await connectedKeyStore(world);
      const key = await keyOfKind(client, 'symmetric', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
      return { client, input: await requestOn(operation, key) };
    },
  ),
  row('GenerateRandom', 'UnsupportedOperationException', async (world) => {
    const client = ownAccount(world);
    return { client, input: { NumberOfBytes: 1, CustomKeyStoreId: await createKeyStore(client, external()) } };
  }),
];

const longPolicy = { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'x'.repeat(33_000), Statement: [] }) };
export const keys: readonly ModeledError[] = [
  row('CreateKey', 'LimitExceededException', async () => longPolicy),
  ...rowsFor('LimitExceededException', ['PutKeyPolicy', 'ReplicateKey'], (operation) => changed(operation, longPolicy)),
  row('RotateKeyOnDemand', 'LimitExceededException', async (world) => {
    requireEmulator('a rotation takes minutes');
    const { KeyId } = await keyFor(world, 'RotateKeyOnDemand');
    for (let count = 0; count < 25; count += 1) await send(world.client, 'RotateKeyOnDemand', { KeyId });
    return { KeyId };
  }),
  row('RotateKeyOnDemand', 'ConflictException', async (world) => {
    const { clock } = world.emulator;
    const { KeyId } = await keyFor(world, 'RotateKeyOnDemand');
    await send(world.client, 'EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
    clock.advance(90 * dayMs - 19 * 60 * 1000);
    return { KeyId };
  }),
  row('ReplicateKey', 'AlreadyExistsException', changed('ReplicateKey', { ReplicaRegion: 'eu-west-1' })),
];
