import { suggestName } from '../../shared/errors/closest-name.ts';

/** A length of time. The units are added together. */
export interface Duration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

const unitsMs: Readonly<Record<string, number>> = {
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
  milliseconds: 1,
} satisfies Record<keyof Duration, number>;

/** The emulator's clock. It runs at the same speed as the system clock. Tests can set and advance it. */
export interface Clock {
  /** The current time, in milliseconds since 1970. */
  now(): number;
  /** The offset from the system clock. */
  readonly offsetMs: number;
  /**
   * Moves the clock forward by milliseconds or by a duration such as `{ days: 1 }`, or backward if the number is negative.
   * Throws TypeError for any other value. Throws RangeError if the result is not between the years 1970 and 9999. After an
   * error, the clock has not moved.
   */
  advance(duration: number | Duration): void;
  /**
   * Sets the current time. Throws TypeError for a value that is not a Date, and RangeError if the time is not between the
   * years 1970 and 9999.
   */
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
    advance: (duration) => {
      const milliseconds = toMilliseconds(duration);
      checkTime(Date.now() + offsetMs + milliseconds);
      offsetMs += milliseconds;
    },
    set: (time) => {
      if (!(time instanceof Date)) throw new TypeError('The time must be a Date, such as new Date("2030-01-01").');
      offsetMs = checkTime(time.getTime()) - Date.now();
    },
  };
}

function toMilliseconds(duration: number | Duration): number {
  if (typeof duration === 'number') return duration;
  if (typeof duration !== 'object' || duration === null) {
    throw new TypeError('The duration must be a number of milliseconds, or an object such as { days: 1 }.');
  }
  let milliseconds = 0;
  for (const [unit, count] of Object.entries(duration)) {
    const unitMs = Object.hasOwn(unitsMs, unit) ? unitsMs[unit] : undefined;
    if (unitMs === undefined) {
      throw new TypeError(`${unit} is not a unit of a duration.${suggestName(unit, Object.keys(unitsMs))}`);
    }
    if (typeof count !== 'number') throw new TypeError(`The ${unit} of a duration must be a number.`);
    milliseconds += count * unitMs;
  }
  return milliseconds;
}

function checkTime(timeMs: number): number {
  if (timeMs >= 0 && timeMs <= latestMs) return timeMs;
  throw new RangeError('The clock must stay between 1970-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.');
}
