/**
 * The time limits for one KMS request, in milliseconds. AWS documents no response times. All attempts together take
 * less than the 30 s that an HTTP API waits for a function
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
 */
export const timeLimitsMs = {
  /** For requests that KMS answers within milliseconds. */
  usual: 2_500,
  /**
   * For requests in which KMS searches for RSA primes or connects to a CloudHSM cluster, a key store proxy or another
   * Region. Also for requests that are sent only once, because a lost response has consequences.
   */
  long: 8_000,
  /**
   * For requests that create a key or a key store, possibly outside KMS or in another Region. They are sent only once.
   */
  creation: 20_000,
} as const;

export type TimeLimit = keyof typeof timeLimitsMs;
