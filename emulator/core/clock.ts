/** The emulator's time. It runs with the machine's, and can be set and moved by whoever tests with it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** By how much it is ahead of the machine's. */
  readonly offsetMs: number;
  /** Moves the clock forward, or back with a negative number. It goes on running from there. */
  advance(milliseconds: number): void;
  /** Sets the clock. It goes on running from there. */
  set(time: Date): void;
}

export function createClock(): Clock {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    get offsetMs() {
      return offsetMs;
    },
    advance: (milliseconds) => {
      offsetMs += milliseconds;
    },
    set: (time) => {
      offsetMs = time.getTime() - Date.now();
    },
  };
}
