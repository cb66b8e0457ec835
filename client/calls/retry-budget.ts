/** Configures how many retries a client may send. */
export interface RetryBudgetOptions {
  /** The number of retries that each call adds to the budget. Default: 0.1, which is one retry per ten calls. */
  readonly retriesPerCall?: number | undefined;
  /**
   * The number of retries that are available to a new client, and the maximum that the budget can accumulate. Default:
   * 10.
   */
  readonly burst?: number | undefined;
}

export const defaultRetryBudget = { retriesPerCall: 0.1, burst: 10 } as const;

/** In floating-point arithmetic, sums such as ten times 0.1 are slightly less than 1. */
const roundingError = 1e-6;

/**
 * Uses a token bucket to limit the number of retries that a client sends, as gRPC does
 * (https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs). If
 * most calls fail, the client sends on average at most `retriesPerCall` additional requests per call.
 */
export class RetryBudget {
  readonly #retriesPerCall: number;
  readonly #burst: number;
  #retries: number;

  constructor({ retriesPerCall, burst }: RetryBudgetOptions = {}) {
    this.#retriesPerCall = retriesPerCall ?? defaultRetryBudget.retriesPerCall;
    this.#burst = burst ?? defaultRetryBudget.burst;
    this.#retries = this.#burst;
  }

  addCall(): void {
    this.#retries = Math.min(this.#burst, this.#retries + this.#retriesPerCall);
  }

  /** Takes one retry from the budget. Returns `false` if the budget is used up. */
  takeRetry(): boolean {
    if (this.#retries < 1 - roundingError) return false;
    this.#retries -= 1;
    return true;
  }
}
