/**
 * Lists the request quotas that several operations share, in requests per second for each account and Region. The
 * values are the AWS defaults (https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html). AWS has
 * separate quotas for symmetric, RSA and elliptic-curve keys. This table depends only on the operation.
 */
const sharedQuotas = { symmetric: 10_000, asymmetric: 1_000, 'data-key-pair': 25 } as const;

/** An operation's quota: the name of a shared quota, or the operation's own quota in requests per second. */
export type RequestQuota = keyof typeof sharedQuotas | number;

export function requestsPerSecond(quota: RequestQuota): number {
  return typeof quota === 'number' ? quota : sharedQuotas[quota];
}
