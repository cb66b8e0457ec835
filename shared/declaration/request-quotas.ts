/**
 * Request quotas that several operations share, in requests per second for each account and Region: AWS's defaults
 * (https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html). AWS counts requests with symmetric,
 * RSA and elliptic-curve keys separately; here the operation alone decides.
 */
const sharedQuotas = { symmetric: 10_000, asymmetric: 1_000, 'data-key-pair': 25 } as const;

/** The quota that an operation counts against: a shared one, or its own in requests per second. */
export type RequestQuota = keyof typeof sharedQuotas | number;

export function requestsPerSecond(quota: RequestQuota): number {
  return typeof quota === 'number' ? quota : sharedQuotas[quota];
}
