/** Seconds since 1970, as KMS writes its times, with fractions. */
export function parseEpochTimestamp(value: unknown): Date | undefined {
  return value === null || value === undefined ? undefined : valid(new Date(Math.round(Number(value) * 1000)));
}

/** As in a Retry-After header. */
export function parseRfc7231DateTime(value: string): Date {
  return valid(new Date(value));
}

export function parseRfc3339DateTimeWithOffset(value: string): Date {
  return valid(new Date(value));
}

export function dateToUtcString(date: Date): string {
  return date.toUTCString();
}

function valid(date: Date): Date {
  if (Number.isNaN(date.getTime())) throw new TypeError('an answer has a time that cannot be read');
  return date;
}
