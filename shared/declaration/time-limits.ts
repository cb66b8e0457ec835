/**
 * The time limits for one KMS request, in milliseconds. AWS documents no response times. With all attempts, each limit fits
 * into the 30 s that an HTTP API waits for a function
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
 */
export const timeLimitsMs = {
  /** KMS answers within milliseconds. */
  usual: 2_500,
  /**
   * KMS searches for RSA primes, connects to a CloudHSM cluster, a key store proxy or another Region, or the request is
   * sent only once, so that a lost response has consequences.
   */
  long: 8_000,
  /** KMS creates a key or a key store, possibly outside of KMS or in another Region. The request is sent only once. */
  creation: 20_000,
} as const;

export type TimeLimit = keyof typeof timeLimitsMs;
