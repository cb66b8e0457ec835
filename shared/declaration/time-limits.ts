/**
 * The time limits for the attempts of a KMS request, in milliseconds. AWS documents no response times. The function's
 * timeout covers both attempts, within the 30 s that an HTTP API waits for a function
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
 */
export const timeLimitsMs = {
  /** KMS usually responds within milliseconds. After a second without a response, the connection is probably broken. */
  usual: { firstAttempt: 1_000, lastAttempt: 8_000 },
  /**
   * For requests in which KMS searches for RSA primes, creates a key, or connects to a CloudHSM cluster, a key store
   * proxy or another Region. Also for requests that are sent only once, because a lost response has consequences.
   */
  long: { firstAttempt: 8_000, lastAttempt: 17_000 },
} as const;

export type TimeLimit = keyof typeof timeLimitsMs;
