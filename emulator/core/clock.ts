/** The emulator's clock. It runs at the same speed as the system clock. Tests can set and advance it. */
export interface Clock {
  /** The current time, in milliseconds since 1970. */
  now(): number;
  /** The offset from the system clock. */
  readonly offsetMs: number;
  /**
   * Moves the clock forward, or backward if the number is negative. Throws RangeError, and does not move the clock, if the
   * result is not between the years 1970 and 9999.
   */
  advance(milliseconds: number): void;
  /** Sets the current time. Throws RangeError if the time is not between the years 1970 and 9999. */
  set(time: Date): void;
}

/** Four-digit years are the longest that ISO 8601 timestamps support without an agreement between both sides. */
const latestMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export function createClock(): Clock {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    get offsetMs() {
      return offsetMs;
    },
    advance: (milliseconds) => {
      checkTime(Date.now() + offsetMs + milliseconds);
      offsetMs += milliseconds;
    },
    set: (time) => {
      offsetMs = checkTime(time.getTime()) - Date.now();
    },
  };
}

function checkTime(timeMs: number): number {
  if (timeMs >= 0 && timeMs <= latestMs) return timeMs;
  throw new RangeError('The clock must stay between 1970-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.');
}
