/** A token bucket whose capacity is one second's requests. A rejected request takes nothing. */
export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #filledMs = 0;

  constructor(perSecond: number, burst = perSecond) {
    this.#perSecond = perSecond;
    this.burst = burst;
    this.#tokens = burst;
  }

  readonly burst: number;

  take(nowMs: number): boolean {
    this.#tokens = Math.min(this.burst, this.#tokens + ((nowMs - this.#filledMs) / 1000) * this.#perSecond);
    this.#filledMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
