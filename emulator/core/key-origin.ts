import type { Key } from './key-record.ts';
import type { KeyOperation } from './key-states.ts';
import { KmsError } from './kms-error.ts';

/**
 * The operations that require a specific key origin. Automatic rotation requires material that KMS generates
 * (https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html). The import operations require a
 * key without such material.
 */
const requiredOrigins: Partial<Record<KeyOperation, Key['record']['origin']>> = {
  DeleteImportedKeyMaterial: 'EXTERNAL',
  DisableKeyRotation: 'AWS_KMS',
  EnableKeyRotation: 'AWS_KMS',
  GetParametersForImport: 'EXTERNAL',
  ImportKeyMaterial: 'EXTERNAL',
};

/** Returns whether keys with this origin have their material in a custom key store. */
export function isInKeyStore(origin: Key['record']['origin']): boolean {
  return origin === 'AWS_CLOUDHSM' || origin === 'EXTERNAL_KEY_STORE';
}

/**
 * Throws UnsupportedOperationException if the key is in a custom key store. KMS cannot rotate such a key or generate
 * data key pairs under it.
 */
export function throwIfInKeyStore(key: Key): void {
  if (isInKeyStore(key.record.origin)) throw createUnsupportedOrigin(key);
}

/**
 * Throws UnsupportedOperationException if the operation does not support the key's origin. KMS checks the origin before
 * the key state.
 */
export function requireOrigin(key: Key, operation: KeyOperation): void {
  const { origin } = key.record;
  const required = requiredOrigins[operation];
  if (required === undefined || required === origin) return;
  throw createUnsupportedOrigin(key);
}

/** Creates the error for an operation that does not support the key's origin. */
function createUnsupportedOrigin({ arn, record }: Key): KmsError {
  return new KmsError(
    'UnsupportedOperationException',
    `${arn} origin is ${record.origin} which is not valid for this operation.`,
  );
}
