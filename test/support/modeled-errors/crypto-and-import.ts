import { randomBytes } from 'node:crypto';
import { getImportParameters, wrapMaterial } from '../import.ts';
import { type Input, requestOn } from '../key-calls.ts';
import { changed, keyFor, type ModeledError, onKind, row, rowsFor } from './rows.ts';

export const crypto: readonly ModeledError[] = [
  ...rowsFor('InvalidCiphertextException', ['Decrypt', 'ReEncrypt'], (operation) =>
    changed(operation, { CiphertextBlob: randomBytes(100) }),
  ),
  row(
    'Decapsulate',
    'InvalidCiphertextException',
    changed('Decapsulate', { SharedSecretCiphertextBlob: randomBytes(700) }),
  ),
  row('Decrypt', 'IncorrectKeyException', onKind('Decrypt', 'symmetric')),
  row('ReEncrypt', 'IncorrectKeyException', onKind('ReEncrypt', 'symmetric')),
  row('Verify', 'KMSInvalidSignatureException', changed('Verify', { Message: Buffer.from('another') })),
  row('VerifyMac', 'KMSInvalidMacException', changed('VerifyMac', { Message: Buffer.from('another') })),
];

const dayMs = 24 * 60 * 60 * 1000;
export const imports: readonly ModeledError[] = [
  row(
    'ImportKeyMaterial',
    'InvalidCiphertextException',
    changed('ImportKeyMaterial', { EncryptedKeyMaterial: randomBytes(256) }),
  ),
  row(
    'ImportKeyMaterial',
    'InvalidImportTokenException',
    changed('ImportKeyMaterial', { ImportToken: randomBytes(1000) }),
  ),
  row('ImportKeyMaterial', 'IncorrectKeyMaterialException', async (world) => {
    const key = await keyFor(world, 'ImportKeyMaterial');
    const request = await requestOn('ImportKeyMaterial', key);
    const parameters = await getImportParameters(world.client, key.KeyId);
    const { ImportToken } = parameters;
    return { ...request, ImportToken, EncryptedKeyMaterial: wrapMaterial(parameters, randomBytes(32)) };
  }),
  row('ImportKeyMaterial', 'ExpiredImportTokenException', async (world) => {
    const { clock } = world.emulator;
    const request = (await changed('ImportKeyMaterial', {})(world)) as Input;
    clock.advance(dayMs + 1);
    return request;
  }),
];
