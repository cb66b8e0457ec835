import type { KeyMetadata, KeyUsageType } from '@aws-sdk/client-kms';
import { encryptionTrials } from './encryption-trials.ts';
import { keyAgreementTrials } from './key-agreement-trials.ts';
import { signingTrials } from './signing-trials.ts';
import type { Trial } from './trial.ts';

const trials: Readonly<Record<KeyUsageType, readonly Trial[]>> = {
  ENCRYPT_DECRYPT: encryptionTrials,
  SIGN_VERIFY: signingTrials.filter(({ operation }) => !operation.includes('Mac')),
  GENERATE_VERIFY_MAC: signingTrials.filter(({ operation }) => operation.includes('Mac')),
  KEY_AGREEMENT: keyAgreementTrials.filter(({ operation }) => operation === 'DeriveSharedSecret'),
  ENCAPSULATE_DECAPSULATE: keyAgreementTrials.filter(({ operation }) => operation !== 'DeriveSharedSecret'),
};

/** Returns the forms for the operations that a key supports. */
export function listTrials(metadata: KeyMetadata): readonly Trial[] {
  const { KeyUsage = 'ENCRYPT_DECRYPT' } = metadata;
  return trials[KeyUsage].filter(({ isAvailable }) => isAvailable?.(metadata) ?? true);
}
