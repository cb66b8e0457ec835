/** The values of the SDK's standard retry strategy (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html). */
const maxTokens = 500;
const retryCost = 14;

/** Limits the retries of a KMS client. A successful retry costs nothing, so the budget ends retries only while KMS keeps failing. */
export class RetryBudget {
  #tokens = maxTokens;

  get allowsRetry(): boolean {
    return this.#tokens >= retryCost;
  }

  takeRetry(): void {
    this.#tokens -= retryCost;
  }

  addSuccess(wasRetried: boolean): void {
    this.#tokens = Math.min(maxTokens, this.#tokens + (wasRetried ? retryCost : 1));
  }
}
