import type { Key } from './key-record.ts';
import type { KeyOperation } from './key-states.ts';
import { KmsError } from './kms-error.ts';

/**
 * The operations that take keys of one origin only: automatic rotation needs material that KMS made
 * (https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html), import a key without.
 */
const origins: Partial<Record<KeyOperation, Key['record']['origin']>> = {
  DeleteImportedKeyMaterial: 'EXTERNAL',
  DisableKeyRotation: 'AWS_KMS',
  EnableKeyRotation: 'AWS_KMS',
  GetKeyRotationStatus: 'AWS_KMS',
  GetParametersForImport: 'EXTERNAL',
  ImportKeyMaterial: 'EXTERNAL',
};

/** Throws UnsupportedOperationException where the operation is not for keys of this origin. AWS looks at it before the state. */
export function requireOrigin(key: Key, operation: KeyOperation): void {
  const { origin } = key.record;
  const wanted = origins[operation];
  if (wanted === undefined || wanted === origin) return;
  throw unsupportedOrigin(key);
}

export function unsupportedOrigin({ arn, record }: Key): KmsError {
  return new KmsError(
    'UnsupportedOperationException',
    `${arn} origin is ${record.origin} which is not valid for this operation.`,
  );
}
