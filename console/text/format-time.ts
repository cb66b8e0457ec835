const dateTime = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** Formats a time as `26 Nov 2026, 14:20 UTC`. */
export function formatTime(time: Date): string {
  return `${dateTime.format(time)} UTC`;
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
const units = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** The part of a unit from which a time rounds to one unit. */
const roundingLimit = 0.99;

/** Formats a time relative to now, as `3 days ago` or `in 2 hours`. */
export function formatRelative(time: Date, nowMs: number): string {
  const difference = time.getTime() - nowMs;
  const [unit, size] = units.find(([, size]) => Math.abs(difference) >= size * roundingLimit) ?? [];
  return unit === undefined ? 'just now' : relative.format(Math.round(difference / size), unit);
}

/** Formats the time between two clocks, as `+31 d 2 h`. */
export function formatShift(milliseconds: number): string {
  const minutes = Math.round(Math.abs(milliseconds) / 60_000);
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor((minutes % 1440) / 60), 'h'],
    [minutes % 60, 'min'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return `${milliseconds < 0 ? '−' : '+'}${shown.slice(0, 2).join(' ') || '0 min'}`;
}
