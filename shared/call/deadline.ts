/** The minimum time for a request. A request with less time would only add load. */
export const minRequestMs = 50;

/** The time by which a call must end. All look-ups, attempts and pauses of the call share it. */
export class Deadline {
  readonly #startedAtMs: number;
  #limitMs: number;

  constructor(startedAtMs: number, limitMs: number) {
    this.#startedAtMs = startedAtMs;
    this.#limitMs = limitMs;
  }

  /** Ends the call at most `limitMs` after its start. A longer limit has no effect. */
  shorten(limitMs: number): void {
    this.#limitMs = Math.min(this.#limitMs, limitMs);
  }

  /** Creates a deadline that ends at most `limitMs` from now, and not later than this deadline. */
  createShorter(limitMs: number): Deadline {
    return new Deadline(performance.now(), Math.min(this.leftMs, limitMs));
  }

  get leftMs(): number {
    return Math.max(0, this.#startedAtMs + this.#limitMs - performance.now());
  }

  /** Returns `true` if too little time is left for a request to KMS. */
  get isOver(): boolean {
    return this.leftMs < minRequestMs;
  }
}
