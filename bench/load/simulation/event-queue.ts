interface Event {
  readonly atMs: number;
  readonly run: () => void;
}

/** Runs events in the order of their times. The time of the simulation jumps from event to event. */
export class EventQueue {
  readonly #heap: Event[] = [];
  nowMs = 0;

  after(delayMs: number, run: () => void): void {
    const event = { atMs: this.nowMs + delayMs, run };
    let index = this.#heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.#at(parent).atMs <= event.atMs) break;
      this.#heap[index] = this.#at(parent);
      index = parent;
    }
    this.#heap[index] = event;
  }

  /** Runs all events before `endMs`. */
  runUntil(endMs: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.atMs < endMs; next = this.#heap[0]) {
      this.#removeFirst();
      this.nowMs = next.atMs;
      next.run();
    }
    this.nowMs = endMs;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= this.#heap.length) break;
      if (child + 1 < this.#heap.length && this.#at(child + 1).atMs < this.#at(child).atMs) child += 1;
      if (this.#at(child).atMs >= last.atMs) break;
      this.#heap[index] = this.#at(child);
      index = child;
    }
    this.#heap[index] = last;
  }

  #at(index: number): Event {
    return this.#heap[index] as Event;
  }
}
