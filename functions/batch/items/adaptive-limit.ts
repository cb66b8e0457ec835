/** The number of requests that may be in flight at the start, and at most. */
const initialLimit = 8;
const maxLimit = 64;
/** The upper limits for the pause after the first throttled request, and after any. */
const firstPauseMs = 25;
const maxPauseMs = 2_000;
/** A request is slow if it takes longer than a multiple of the fastest request and these milliseconds. */
const slowFactor = 2;
const slowMs = 10;

/**
 * Limits the requests in flight, so that a batch uses what is left of KMS's request quota and no more. The limit grows with
 * each success and is halved when KMS throttles a request, as in TCP (https://www.rfc-editor.org/rfc/rfc5681.html#section-3.1):
 * it doubles per round trip until the first throttled request, and then grows by one per round trip. After a throttled
 * request, no request starts for a random time, which doubles with each throttled request in a row
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). The limit does not grow while requests take
 * much longer than the fastest one, because more requests would then only wait.
 */
export class AdaptiveLimit {
  #limit = initialLimit;
  #threshold = maxLimit;
  #throttledInRow = 0;
  #fastestMs = Number.POSITIVE_INFINITY;
  #lastCutMs = Number.NEGATIVE_INFINITY;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;

  /** The number of requests that may be in flight. */
  get requests(): number {
    return Math.floor(this.#limit);
  }

  /** The time until the next request may start, in milliseconds. */
  getPauseMs(nowMs: number): number {
    return Math.max(0, this.#pausedUntilMs - nowMs);
  }

  addSuccess(latencyMs: number): void {
    this.#throttledInRow = 0;
    this.#fastestMs = Math.min(this.#fastestMs, latencyMs);
    if (latencyMs > slowFactor * this.#fastestMs + slowMs) return;
    const growth = this.#limit < this.#threshold ? 1 : 1 / this.#limit;
    this.#limit = Math.min(maxLimit, this.#limit + growth);
  }

  /** Records a throttled request. Requests that were already in flight at the last reduction do not reduce the limit again. */
  addThrottle(startedAtMs: number, nowMs: number): void {
    if (startedAtMs < this.#lastCutMs) return;
    this.#lastCutMs = nowMs;
    this.#limit = Math.max(1, this.#limit / 2);
    this.#threshold = this.#limit;
    const ceilingMs = Math.min(maxPauseMs, firstPauseMs * 2 ** this.#throttledInRow);
    this.#throttledInRow += 1;
    this.#pausedUntilMs = nowMs + ceilingMs * (0.5 + Math.random() / 2);
  }
}
