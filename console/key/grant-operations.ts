import type { GrantOperation, KeyMetadata, KeyUsageType } from '@aws-sdk/client-kms';

const byUsage = {
  ENCRYPT_DECRYPT: ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo'],
  SIGN_VERIFY: ['Sign', 'Verify'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret'],
  ENCAPSULATE_DECAPSULATE: ['Encapsulate', 'Decapsulate'],
} as const satisfies Record<KeyUsageType, readonly GrantOperation[]>;

const dataKeys: readonly GrantOperation[] = [
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
];

/**
 * Returns the operations that a grant for a key can allow.
 * https://docs.aws.amazon.com/kms/latest/developerguide/grants.html#terms-grant-operations
 */
export function listGrantOperations({ KeySpec, KeyUsage }: KeyMetadata): readonly GrantOperation[] {
  const isSymmetric = KeySpec === 'SYMMETRIC_DEFAULT';
  return [
    ...(KeyUsage === undefined ? [] : byUsage[KeyUsage]),
    ...(isSymmetric ? dataKeys : []),
    ...(isSymmetric || KeySpec?.startsWith('HMAC') ? [] : (['GetPublicKey'] as const)),
    'DescribeKey',
    'CreateGrant',
    'RetireGrant',
  ];
}
