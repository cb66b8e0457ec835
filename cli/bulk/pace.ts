import { setTimeout as wait } from 'node:timers/promises';

/** Limits how many items start per second. The items of a batch start together, and the next batch waits for them. */
export class Pace {
  readonly #perSecond: number | undefined;
  #nextMs = 0;

  constructor(perSecond: number | undefined) {
    this.#perSecond = perSecond;
  }

  /** Resolves when the items may start. Rejects if the signal is aborted. */
  async take(items: number, signal: AbortSignal): Promise<void> {
    if (this.#perSecond === undefined) return;
    const nowMs = performance.now();
    const startMs = Math.max(nowMs, this.#nextMs);
    this.#nextMs = startMs + (items / this.#perSecond) * 1_000;
    if (startMs > nowMs) await wait(startMs - nowMs, undefined, { signal });
  }
}
