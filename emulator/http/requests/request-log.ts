import type { RequestEntry } from './request-entry.ts';
import type { RequestRecord } from './request-record.ts';

/** The number of requests that the emulator remembers. */
export const maxRecords = 500;

/** Remembers the last requests in memory. */
export class RequestLog {
  readonly #entries: RequestEntry[] = [];
  readonly #listeners = new Set<() => void>();
  #lastSequence = 0;

  /** The number of the last request, or 0 before the first request. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  add(entry: RequestEntry): void {
    entry.end();
    this.#lastSequence += 1;
    this.#entries[this.#lastSequence % maxRecords] = entry;
    for (const notify of this.#listeners) notify();
  }

  /** Returns the records after a sequence number, oldest first. */
  list(after = 0): RequestRecord[] {
    const records: RequestRecord[] = [];
    for (
      let next = Math.max(this.resume(after), this.#lastSequence - maxRecords) + 1;
      next <= this.#lastSequence;
      next += 1
    ) {
      const entry = this.#entries[next % maxRecords];
      if (entry !== undefined) records.push(entry.toRecord(next));
    }
    return records;
  }

  /**
   * Returns the sequence number after which a reader continues. A number that this log has not reached is from before
   * the emulator restarted, so the reader continues at the start.
   */
  resume(after: number): number {
    return after > this.#lastSequence ? 0 : after;
  }

  /** Calls `notify` after each request. Returns the function that stops the calls. */
  subscribe(notify: () => void): () => void {
    this.#listeners.add(notify);
    return () => void this.#listeners.delete(notify);
  }
}
