import type { InputSchema } from '../../../shared/declaration/operation.ts';
import { redactRequestValues } from '../../../shared/errors/redact-request-values.ts';

/** Limits the time of the search for values. A valid request contains fewer values, at fewer levels. */
const maxValues = 500;
const maxLevels = 20;

/**
 * Removes the values in a request from an error message, because a secret can be in the wrong member. Keeps key
 * identifiers, and values that the schema lists. Returns an empty message for a request with too many values.
 */
export function hideRequestValues(message: string, json: unknown, schema?: InputSchema): string {
  return message === '' || isTooLarge(json) ? '' : redactRequestValues(message, json, schema);
}

/** Uses no recursion, because requests can be nested more deeply than the stack. */
function isTooLarge(json: unknown): boolean {
  const open = [{ value: json, level: 1 }];
  let count = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, level } = next;
    count += 1;
    if (count > maxValues || level > maxLevels) return true;
    if (typeof value !== 'object' || value === null) continue;
    const children = Object.values(value);
    if (children.length > maxValues) return true;
    for (const child of children) open.push({ value: child, level: level + 1 });
  }
  return false;
}
