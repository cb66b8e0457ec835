import { expect } from 'vitest';
import { isObject } from '../../shared/declaration/json-object.ts';

const clockToleranceMs = 120_000;

/**
 * Expects `response` to equal the common content of `first` and `second`, two KMS responses to the same request in the
 * same state. If a value differs between them (new ids, ciphertexts, random bytes), the response must contain a value of
 * the same form. Times may differ by the duration of a test.
 */
export function expectSameResponse(response: unknown, first: unknown, second: unknown, path = ''): void {
  if (Array.isArray(first) && Array.isArray(second)) {
    expect(Array.isArray(response), path).toBe(true);
    expect((response as unknown[]).length, `${path}.length`).toBe(first.length);
    for (const [index, item] of (response as unknown[]).entries()) {
      expectSameResponse(item, first[index], second[index], `${path}/${index}`);
    }
  } else if (isObject(first) && isObject(second)) {
    expect(isObject(response), path).toBe(true);
    expect(Object.keys(response as object).sort(), path).toEqual(Object.keys(first).sort());
    for (const [name, value] of Object.entries(response as object)) {
      expectSameResponse(value, first[name], second[name], `${path}/${name}`);
    }
  } else if (isTime(first)) {
    expect(isTime(response), path).toBe(true);
    expect(Math.abs(Date.parse(response as string) - Date.parse(first)), path).toBeLessThan(clockToleranceMs);
  } else if (first === second) {
    expect(response, path).toBe(first);
  } else {
    expect(describeForm(response), path).toBe(describeForm(first));
  }
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32}/g;

/** Describes the form of a value that differs between calls. */
function describeForm(value: unknown): string {
  if (typeof value !== 'string') return typeof value;
  if (/^[0-9a-f]{64}$/.test(value)) return 'SHA-256';
  const form = value.replaceAll(uuid, 'UUID');
  if (form !== value) return form;
  return value !== '' && Buffer.from(value, 'base64').toString('base64') === value ? 'base64' : 'text';
}
