import type { DataKeyPairSpec } from './key-specs.ts';

/**
 * Lists the request quotas that several operations share, in requests per second for each account and Region. All values
 * in this file are the AWS defaults (https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html). AWS
 * has separate quotas for symmetric, RSA, ML-DSA and elliptic-curve keys. This table depends only on the operation.
 */
const sharedQuotas = { symmetric: 10_000, asymmetric: 1_000 } as const;

/** The quota for symmetric operations in the Regions where it is higher. */
const symmetricByRegion: Readonly<Record<string, number>> = {
  'us-east-1': 100_000,
  'us-west-2': 100_000,
  'eu-west-1': 100_000,
  'us-east-2': 20_000,
  'ap-northeast-1': 20_000,
  'ap-southeast-1': 20_000,
  'ap-southeast-2': 20_000,
  'eu-central-1': 20_000,
  'eu-west-2': 20_000,
};

/** The quotas for RSA data key pairs in the China Regions. */
const dataKeyPairQuotasInChina: Readonly<Record<string, number>> = { RSA_2048: 1, RSA_3072: 0.5, RSA_4096: 0.1 };

/**
 * The quota for each data key pair spec, which GenerateDataKeyPair and GenerateDataKeyPairWithoutPlaintext share. AWS
 * publishes no quota for ML-KEM.
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

/**
 * Returns the name of the quota for an operation's routes, and its value in a Region, in requests per second. A route does
 * not know the key pair spec. It gets the quota of RSA_2048, because RSA pairs have the lowest quotas and the highest price.
 */
export function findRouteQuota(
  { name, requestQuota }: { readonly name: string; readonly requestQuota: RequestQuota },
  region: string,
): { readonly name: string; readonly perSecond: number } {
  if (typeof requestQuota === 'number') return { name, perSecond: requestQuota };
  if (requestQuota === 'data-key-pair') {
    const quotas = region.startsWith('cn-') ? dataKeyPairQuotasInChina : dataKeyPairQuotas;
    return { name: requestQuota, perSecond: quotas.RSA_2048 ?? 0 };
  }
  const regional = requestQuota === 'symmetric' ? symmetricByRegion[region] : undefined;
  return { name: requestQuota, perSecond: regional ?? sharedQuotas[requestQuota] };
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

/** Returns the Regions where the quota for symmetric operations is higher, with its value. */
export function listSymmetricQuotas(): readonly (readonly [region: string, perSecond: number])[] {
  return Object.entries(symmetricByRegion);
}

/** Returns the quotas of data key pairs, by spec. */
export function listDataKeyPairQuotas(): readonly (readonly [spec: string, perSecond: number])[] {
  return Object.entries(dataKeyPairQuotas);
}
