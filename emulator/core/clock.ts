/** The emulator's clock. It runs at the same speed as the system clock. Tests can set and advance it. */
export interface Clock {
  /** The current time, in milliseconds since 1970. */
  now(): number;
  /** The offset from the system clock. */
  readonly offsetMs: number;
  /** Moves the clock forward, or backward if the number is negative. */
  advance(milliseconds: number): void;
  /** Sets the current time. */
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
