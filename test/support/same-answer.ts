import { expect } from 'vitest';

const clockToleranceMs = 120_000;

/**
 * Holds `answer` to `first` and `second`, two answers of KMS itself to the same request in the same state: what these have
 * in common must be in `answer` too, and what differs between them (fresh ids, ciphertexts, random bytes) has only the
 * same form. Times may be apart by as long as a test takes.
 */
export function expectSameAnswer(answer: unknown, first: unknown, second: unknown, path = ''): void {
  if (Array.isArray(first) && Array.isArray(second)) {
    expect(Array.isArray(answer), path).toBe(true);
    expect((answer as unknown[]).length, `${path}.length`).toBe(first.length);
    for (const [index, item] of (answer as unknown[]).entries()) {
      expectSameAnswer(item, first[index], second[index], `${path}/${index}`);
    }
  } else if (isRecord(first) && isRecord(second)) {
    expect(isRecord(answer), path).toBe(true);
    expect(Object.keys(answer as object).sort(), path).toEqual(Object.keys(first).sort());
    for (const [name, value] of Object.entries(answer as object)) {
      expectSameAnswer(value, first[name], second[name], `${path}/${name}`);
    }
  } else if (isTime(first)) {
    expect(isTime(answer), path).toBe(true);
    expect(Math.abs(Date.parse(answer as string) - Date.parse(first)), path).toBeLessThan(clockToleranceMs);
  } else if (first === second) {
    expect(answer, path).toBe(first);
  } else {
    expect(formOf(answer), path).toBe(formOf(first));
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}/g;

/** The form of a value that differs from call to call. */
function formOf(value: unknown): string {
  if (typeof value !== 'string') return typeof value;
  if (/^[0-9a-f]{64}$/.test(value)) return 'SHA-256';
  const form = value.replaceAll(uuid, 'UUID');
  if (form !== value) return form;
  return value !== '' && Buffer.from(value, 'base64').toString('base64') === value ? 'base64' : 'text';
}
