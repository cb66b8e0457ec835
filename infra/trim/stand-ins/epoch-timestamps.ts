/** Reads a KMS timestamp: seconds since 1970, with fractions. */
export function parseEpochTimestamp(value: unknown): Date | undefined {
  return value === null || value === undefined ? undefined : requireValid(new Date(Math.round(Number(value) * 1000)));
}

/** Reads an HTTP date, such as the value of a `Retry-After` header. */
export function parseRfc7231DateTime(value: string): Date {
  return requireValid(new Date(value));
}

export function parseRfc3339DateTime(value: string): Date {
  return requireValid(new Date(value));
}

export { parseRfc3339DateTime as parseRfc3339DateTimeWithOffset };

export function dateToUtcString(date: Date): string {
  return date.toUTCString();
}

function requireValid(date: Date): Date {
  if (Number.isNaN(date.getTime())) throw new TypeError('The response contains an invalid timestamp.');
  return date;
}
