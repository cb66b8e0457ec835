import { KmsError } from './kms-error.ts';

/**
 * AWS's default request quotas, in requests a second for each account and Region
 * (https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html). Operations of one row share it.
 * AWS tells symmetric, RSA and elliptic-curve keys apart; here the operation alone decides.
 */
export const defaultQuotas: readonly (readonly [perSecond: number, ...operations: string[]])[] = [
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
const otherPerSecond = 5;

const quotaOf = new Map(
  defaultQuotas.flatMap(([perSecond, ...names]) => names.map((name) => [name, { perSecond, row: names[0] }])),
);

interface Bucket {
  tokens: number;
  filledMs: number;
}

/** Throttles as AWS does: each quota is a bucket that holds one second's requests and fills at its rate. */
export class Quotas {
  readonly #scale: number;
  readonly #buckets = new Map<string, Bucket>();

  /** `scale`: 1 for AWS's own rates, 0.1 for a tenth of them. */
  constructor(scale: number) {
    this.#scale = scale;
  }

  /** Takes one request of the quota, or throws ThrottlingException. */
  take(operation: string, account: string, region: string): void {
    const quota = quotaOf.get(operation);
    const perSecond = (quota?.perSecond ?? otherPerSecond) * this.#scale;
    const size = Math.max(1, perSecond);
    const name = `${account} ${region} ${quota?.row ?? operation}`;
    const nowMs = performance.now();
    const bucket = this.#buckets.get(name) ?? { tokens: size, filledMs: nowMs };
    this.#buckets.set(name, bucket);
    bucket.tokens = Math.min(size, bucket.tokens + ((nowMs - bucket.filledMs) / 1000) * perSecond);
    bucket.filledMs = nowMs;
    if (bucket.tokens < 1) {
      throw new KmsError(
        'ThrottlingException',
        'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
      );
    }
    bucket.tokens -= 1;
  }
}
