import type { Operation } from '../../../shared/declaration/operation.ts';

/** An operation and the JSON of its request. */
export interface CallMembers {
  readonly operation: Operation;
  readonly json: unknown;
}

/** Members that AWS does not mark as sensitive, but that give permissions to their owner. */
const tokenMembers = ['GrantToken', 'GrantTokens', 'ImportToken'];

/** More values than a valid request contains. */
const maxValues = 100;

/**
 * Removes the values of sensitive members from an error message. AWS's validation messages quote some of the values
 * that they reject.
 */
export function hideSensitiveValues(message: string, call: CallMembers | undefined): string {
  if (call === undefined) return message;
  const names = new Set([...call.operation.sensitive, ...tokenMembers]);
  const values = listValues(call.json, names);
  // A search for each value would take too long.
  if (values.length > maxValues) return message.replace(/Value .* at /s, 'Value … at ');
  // A value can be a part of another value.
  const longestFirst = values.sort((a, b) => b.length - a.length);
  return longestFirst.reduce((hidden, value) => hidden.replaceAll(value, '…'), message);
}

/** Lists the texts in the named members. Uses no recursion, because requests can be nested more deeply than the stack. */
function listValues(json: unknown, names: ReadonlySet<string>): string[] {
  const values = new Set<string>();
  const open = [{ value: json, isSensitive: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, isSensitive } = next;
    if (typeof value === 'string') {
      if (isSensitive && value !== '') values.add(value);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        open.push({ value: inner, isSensitive: isSensitive || names.has(name) });
      }
    }
  }
  return [...values];
}
