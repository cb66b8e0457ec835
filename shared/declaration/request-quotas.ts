import type { DataKeyPairSpec } from './key-specs.ts';

/**
 * Lists the request quotas that several operations share, in requests per second for each account and Region. All values
 * in this file are the AWS defaults (https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html). AWS
 * has separate quotas for symmetric, RSA, ML-DSA and elliptic-curve keys. This table depends only on the operation.
 */
const sharedQuotas = { symmetric: 10_000, asymmetric: 1_000 } as const;

/**
 * The quota for each data key pair spec, which GenerateDataKeyPair and GenerateDataKeyPairWithoutPlaintext share. In the
 * China Regions, the RSA quotas are lower. AWS publishes no quota for ML-KEM.
 */
const dataKeyPairQuotas: Readonly<Record<DataKeyPairSpec, number>> = {
  RSA_2048: 20,
  RSA_3072: 4,
  RSA_4096: 1,
  ECC_NIST_P256: 100,
  ECC_NIST_P384: 100,
  ECC_NIST_P521: 100,
  ECC_SECG_P256K1: 100,
  ECC_NIST_EDWARDS25519: 100,
  SM2: 25,
  ML_KEM_512: 100,
  ML_KEM_768: 100,
  ML_KEM_1024: 100,
};

/**
 * An operation's quota: the name of a shared quota, `data-key-pair` if the quota depends on the data key pair spec, or the
 * operation's own quota in requests per second.
 */
export type RequestQuota = keyof typeof sharedQuotas | 'data-key-pair' | number;

/**
 * The additional requests that AWS counts in another Region for each request. `regionMember` is the member that
 * contains the Region.
 */
export interface RemoteRequests {
  readonly operation: string;
  readonly regionMember: string;
  readonly count: number;
}

/** Returns an operation's quota in requests per second. If the quota depends on the input, returns the highest value. */
export function requestsPerSecond(quota: RequestQuota): number {
  if (typeof quota === 'number') return quota;
  return quota === 'data-key-pair' ? Math.max(...Object.values(dataKeyPairQuotas)) : sharedQuotas[quota];
}

/** Returns the quota that a request counts against: its name, and its value in requests per second. */
export function findQuota(
  { name, requestQuota }: { readonly name: string; readonly requestQuota: RequestQuota },
  input: { readonly KeyPairSpec?: unknown } | null | undefined,
): { readonly name: string; readonly perSecond: number } {
  if (requestQuota !== 'data-key-pair') {
    const quota = typeof requestQuota === 'number' ? name : requestQuota;
    return { name: quota, perSecond: requestsPerSecond(requestQuota) };
  }
  const spec = String(input?.KeyPairSpec);
  const perSecond = Object.hasOwn(dataKeyPairQuotas, spec) ? dataKeyPairQuotas[spec as DataKeyPairSpec] : undefined;
  return { name: `${requestQuota} ${spec}`, perSecond: perSecond ?? requestsPerSecond(requestQuota) };
}

/** Returns the quotas of data key pairs, by spec. */
export function listDataKeyPairQuotas(): readonly (readonly [spec: string, perSecond: number])[] {
  return Object.entries(dataKeyPairQuotas);
}
