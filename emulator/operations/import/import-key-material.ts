import type { importKeyMaterial as operation } from '../../../functions/import/import-key-material/operation.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import { dayMs } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { validateKeyMaterial } from '../../crypto/key-material-validation.ts';
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
  if (!isSymmetric) throwIfSymmetricMembers(input);
  if (input.ImportType === 'NEW_KEY_MATERIAL' && input.KeyMaterialId !== undefined) {
    throw new KmsError('ValidationException', 'KeyMaterialId cannot be specified with ImportType NEW_KEY_MATERIAL');
  }
  const token = openImportToken(store, key, input.ImportToken, clock.now());
  const unwrapped = await unwrapKeyMaterial({ keySpec, ...token, encryptedKeyMaterial: input.EncryptedKeyMaterial });
  const bytes = await validateKeyMaterial(keySpec, unwrapped);
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
      `The parameter ValidTo cannot be specified for a key with an expiration model of ${ExpirationModel}`,
    );
  }
  const validToMs = ValidTo.getTime();
  if (validToMs <= nowMs) throw new KmsError('ValidationException', 'ValidTo must be in the future');
  if (validToMs > nowMs + maxValidityDays * dayMs) {
    throw new KmsError('ValidationException', `ValidTo must be at most ${maxValidityDays} days from now`);
  }
  return validToMs;
}

/**
 * Throws UnsupportedOperationException if the request contains a member that only symmetric encryption keys support.
 */
function throwIfSymmetricMembers(input: Input): void {
  for (const member of ['ImportType', 'KeyMaterialDescription', 'KeyMaterialId'] as const) {
    if (input[member] !== undefined) {
      throw new KmsError('UnsupportedOperationException', `${member} is for symmetric encryption keys only.`);
    }
  }
}
