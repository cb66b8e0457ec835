import type { importKeyMaterial as operation } from '../../../functions/import/import-key-material/operation.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import { dayMs, type KeySpec } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { KeyMaterialError, validateKeyMaterial } from '../../crypto/key-material-validation.ts';
import { unwrapKeyMaterial } from '../../crypto/key-wrapping.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { openImportToken } from './import-token.ts';
import { storeImportedMaterial } from './store-imported-material.ts';

type Input = OperationInput<typeof operation>;

/**
 * The maximum time until ValidTo
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html#KMS-ImportKeyMaterial-request-ValidTo).
 */
const maxValidityDays = 365;

export const importKeyMaterial: OperationHandler<typeof operation> = async (input, context) => {
  const { store, clock } = context;
  const key = resolveKey(context, input.KeyId, { operation: 'ImportKeyMaterial' });
  const { keySpec } = key.record;
  const isSymmetric = keySpec === 'SYMMETRIC_DEFAULT';
  const validToMs = resolveValidTo(input, clock.now());
  if (!isSymmetric) throwIfSymmetricMembers(input, keySpec);
  if (input.ImportType === 'NEW_KEY_MATERIAL' && input.KeyMaterialId !== undefined) {
    throw new KmsError(
      'ValidationException',
      'Input parameter keyMaterialId cannot be used with NEW_KEY_MATERIAL importType.',
    );
  }
  if (key.record.replicaOf !== undefined) throwIfPrimaryMembers(input);
  const token = openImportToken(store, key, input.ImportToken, clock.now());
  const unwrapped = await unwrapKeyMaterial({ keySpec, ...token, encryptedKeyMaterial: input.EncryptedKeyMaterial });
  const bytes = await checkKeyMaterial(keySpec, unwrapped);
  let id = '';
  // Resolve the key again, because it may have changed while the material was being unwrapped.
  changeKey(context, input.KeyId, 'ImportKeyMaterial', (changed) => {
    id = storeImportedMaterial(store, changed, {
      bytes,
      importType: input.ImportType,
      materialId: input.KeyMaterialId,
      validToMs,
      description: input.KeyMaterialDescription,
    });
  });
  return { KeyId: key.arn, KeyMaterialId: isSymmetric ? id : undefined };
};

/** Returns the time when the material expires, or `undefined` if it does not expire. Throws ValidationException. */
function resolveValidTo(
  { ExpirationModel = 'KEY_MATERIAL_EXPIRES', ValidTo }: Input,
  nowMs: number,
): number | undefined {
  if (ExpirationModel === 'KEY_MATERIAL_EXPIRES' && ValidTo === undefined) {
    throw new KmsError(
      'ValidationException',
      'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
    );
  }
  if (ValidTo === undefined) return undefined;
  if (ExpirationModel !== 'KEY_MATERIAL_EXPIRES') {
    throw new KmsError(
      'ValidationException',
      `A validTo date cannot be set if the ExpirationModel is ${ExpirationModel}`,
    );
  }
  const validToMs = ValidTo.getTime();
  if (validToMs <= nowMs) throw new KmsError('ValidationException', 'ValidTo must be in the future');
  if (validToMs > nowMs + maxValidityDays * dayMs) {
    throw new KmsError('ValidationException', `ValidTo must be less than ${maxValidityDays} days in the future`);
  }
  return validToMs;
}

/** The members that only symmetric encryption keys support, with their names in AWS's message (recorded). */
const symmetricMembers = [
  ['ImportType', 'importType'],
  ['KeyMaterialId', 'keyMaterialId'],
  ['KeyMaterialDescription', 'keyMaterialDescription'],
] as const;

/** Throws ValidationException if the request contains a member that only symmetric encryption keys support. */
function throwIfSymmetricMembers(input: Input, keySpec: KeySpec): void {
  for (const [member, name] of symmetricMembers) {
    if (input[member] !== undefined) {
      throw new KmsError(
        'ValidationException',
        `Input parameter ${name} cannot be used with ${keySpec} imported keys.`,
      );
    }
  }
}

/** Throws ValidationException if the request contains a value that only primary keys support (recorded from AWS). */
function throwIfPrimaryMembers({ ImportType, KeyMaterialDescription }: Input): void {
  if (ImportType === 'NEW_KEY_MATERIAL') {
    throw new KmsError(
      'ValidationException',
      'Input parameter ImportType NEW_KEY_MATERIAL cannot be used on replica Multi-Region keys',
    );
  }
  if (KeyMaterialDescription !== undefined) {
    throw new KmsError(
      'ValidationException',
      'Key material description can only be specified on primary Multi-Region keys',
    );
  }
}

/**
 * Validates the unwrapped material. AWS returns InvalidCiphertextException without a message for material that does not
 * suit the key spec. Recorded for symmetric and HMAC keys of the wrong length, and for a private key that cannot be
 * parsed.
 */
async function checkKeyMaterial(keySpec: KeySpec, unwrapped: Uint8Array): Promise<Buffer> {
  try {
    return await validateKeyMaterial(keySpec, unwrapped);
  } catch (error) {
    throw error instanceof KeyMaterialError ? new KmsError('InvalidCiphertextException') : error;
  }
}
