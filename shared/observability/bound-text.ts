/**
 * Limits that keep a call record below 128 KiB, even if JSON escapes every character. Log subscribers and EventBridge
 * accept at least 256 KiB. A longer line would be truncated, and would then no longer be JSON.
 */
export const maxContextKeys = 32;
const maxTextLength = 1_024;

/** Truncates a text to `maxLength` characters. A truncated text ends with `…`. */
export function boundText(text: string, maxLength = maxTextLength): string {
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}

/** Truncates each long string in an object, as `boundText` does. */
export function boundTexts<T extends object>(object: T, maxLength = maxTextLength): T {
  const entries = Object.entries(object);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? boundText(value, maxLength) : value]),
  ) as T;
}
