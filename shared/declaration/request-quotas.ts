/**
 * AWS's default request quotas, in requests a second for each account and Region
 * (https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html). Operations of one row share it.
 * AWS tells symmetric, RSA and elliptic-curve keys apart; here the operation alone decides.
 */
const rows: readonly (readonly [perSecond: number, ...operations: string[]])[] = [
  [
    10_000,
    'Decrypt',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateMac',
    'GenerateRandom',
    'ReEncrypt',
    'VerifyMac',
  ],
  [1_000, 'Sign', 'Verify', 'DeriveSharedSecret', 'Encapsulate', 'Decapsulate'],
  [25, 'GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'],
  ...['DescribeKey', 'GetPublicKey', 'ListResourceTags'].map((name) => [2_000, name] as const),
  ...['GetKeyPolicy', 'GetKeyRotationStatus'].map((name) => [1_000, name] as const),
  ...['ListAliases', 'ListKeys'].map((name) => [500, name] as const),
  ...['ListGrants', 'ListKeyPolicies', 'ListKeyRotations', 'ListRetirableGrants'].map((name) => [100, name] as const),
  [50, 'CreateGrant'],
  ...['RetireGrant', 'RevokeGrant'].map((name) => [30, name] as const),
  ...['DeleteAlias', 'EnableKeyRotation', 'ImportKeyMaterial', 'PutKeyPolicy', 'ScheduleKeyDeletion'].map(
    (name) => [15, name] as const,
  ),
  [10, 'TagResource'],
  [0.25, 'GetParametersForImport'],
];
/** Of an operation that has no row. */
export const otherPerSecond = 5;

/** By operation; a `row` is named for its first operation. */
export const requestQuotas: ReadonlyMap<string, { readonly perSecond: number; readonly row: string }> = new Map(
  rows.flatMap(([perSecond, ...names]) => names.map((name) => [name, { perSecond, row: names[0] ?? '' }])),
);
