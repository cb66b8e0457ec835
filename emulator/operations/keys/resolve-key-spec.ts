import type { KeySpec, KeyUsage } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { type KeySpecRow, keySpecs } from '../../crypto/key-specs.ts';

/**
 * Resolves the key spec and usage of a CreateKey request
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html). Throws ValidationException or
 * UnsupportedOperationException.
 */
export function resolveKeySpec(
  input: {
    readonly KeySpec?: KeySpec | undefined;
    readonly CustomerMasterKeySpec?: KeySpec | undefined;
    readonly KeyUsage?: KeyUsage | undefined;
  },
  region: string,
): { readonly row: KeySpecRow; readonly keyUsage: KeyUsage } {
  if (input.KeySpec !== undefined && input.CustomerMasterKeySpec !== undefined) {
    throw new KmsError(
      'ValidationException',
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    );
  }
  const row = keySpecs[input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'];
  const keyUsage = input.KeyUsage ?? (row.family === 'SYMMETRIC' ? 'ENCRYPT_DECRYPT' : undefined);
  if (keyUsage === undefined) {
    throw new KmsError(
      'ValidationException',
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    );
  }
  if (row.algorithms[keyUsage] === undefined) throw createIncompatibleUsage(row, keyUsage);
  requireKeySpecInRegion(row.keySpec, region);
  return { row, keyUsage };
}

/**
 * Throws UnsupportedOperationException if the Region does not support the key spec. Only Regions in China support SM2
 * (https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html).
 */
export function requireKeySpecInRegion(keySpec: KeySpec, region: string): void {
  if (keySpec === 'SM2' && !region.startsWith('cn-')) {
    throw new KmsError('UnsupportedOperationException', 'KeySpec SM2 is not supported in this Region');
  }
}

function createIncompatibleUsage({ family, keySpec }: KeySpecRow, keyUsage: KeyUsage): KmsError {
  const message =
    family === 'SYMMETRIC'
      ? `The operation failed because the KeyUsage value of the CMK is ${keyUsage}. To perform this operation, the KeyUsage value must be ENCRYPT_DECRYPT.`
      : `KeyUsage ${keyUsage} is not compatible with KeySpec ${keySpec}`;
  return new KmsError('ValidationException', message);
}
