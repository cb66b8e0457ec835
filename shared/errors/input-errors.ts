import type * as z from 'zod/mini';
import { type Schema, unwrap } from '../declaration/schema-metadata.ts';
import type { InputError } from './kms-functions-error.ts';

type Issue = z.core.$ZodIssue;

const maxIssues = 20;

/**
 * Converts Zod issues to input errors. Does not use an issue's message or input, because they may contain a value from
 * the request.
 */
export function toInputErrors(issues: readonly Issue[], schema: Schema): InputError[] {
  return issues
    .slice(0, maxIssues)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.slice(0, maxIssues).map((key) => createUnknownMemberError([...issue.path, key]))
        : [toInputError(issue, schema)],
    );
}

/**
 * Converts a path to a JSON Pointer (RFC 6901). The pointer ends before the first name that cannot be a member name,
 * because such a name is caller data. For example, the caller may have sent a value as a name by mistake. Member names
 * contain only letters.
 */
export function toPointer(path: readonly PropertyKey[]): string {
  const end = path.findIndex(
    (part) => typeof part === 'symbol' || !/^([A-Z][A-Za-z]{0,39}|\d{1,9})$/.test(String(part)),
  );
  return path
    .slice(0, end === -1 ? undefined : end)
    .map((part) => `/${String(part)}`)
    .join('');
}

/** Creates the error for an unknown member. If the member's name is caller data, the pointer ends at the parent object. */
export function createUnknownMemberError(path: readonly PropertyKey[]): InputError {
  const pointer = toPointer(path);
  const isNamed = pointer.endsWith(`/${String(path.at(-1))}`);
  return { pointer, detail: isNamed ? 'is not a known member' : 'contains an unknown member' };
}

function toInputError(issue: Issue, schema: Schema): InputError {
  const path = cutAtMap(issue.path, schema);
  const rule = describeRule(issue);
  return {
    pointer: toPointer(path),
    detail: path.length < issue.path.length ? `contains an invalid value, which ${rule}` : rule,
  };
}

/** Truncates a path before the first map key, because map keys are caller data, even if they look like member names. */
function cutAtMap(path: readonly PropertyKey[], schema: Schema): readonly PropertyKey[] {
  let inner: Schema | undefined = schema;
  for (const [index, part] of path.entries()) {
    if (inner === undefined) return path;
    const def: z.core.$ZodTypeDef = unwrap(inner)._zod.def;
    if (def.type === 'record') return path.slice(0, index);
    if (def.type === 'object') inner = (def as z.core.$ZodObjectDef).shape[String(part)];
    else inner = def.type === 'array' ? (def as z.core.$ZodArrayDef).element : undefined;
  }
  return path;
}

const typeNames: Record<string, string> = {
  object: 'an object',
  array: 'a list',
  int: 'an integer',
  record: 'an object',
};

function describeRule(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${typeNames[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${getVerb(issue.origin)} at least ${formatCount(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `must ${getVerb(issue.origin)} at most ${formatCount(issue.maximum, issue.origin)}`;
    case 'invalid_format':
      if (issue.format === 'base64') return 'must be base64 (RFC 4648, with padding)';
      if (issue.format === 'datetime') return 'must be a timestamp: ISO 8601 with a time zone, or seconds since 1970';
      return `must match ${issue.pattern ?? 'its pattern'}`;
    case 'invalid_key':
      return 'contains a key that is not allowed';
    default:
      return 'is not valid';
  }
}

function getVerb(origin: string): string {
  return origin === 'number' || origin === 'int' ? 'be' : 'have';
}

const units: Record<string, readonly [singular: string, plural: string]> = {
  string: ['character', 'characters'],
  bytes: ['byte', 'bytes'],
  array: ['item', 'items'],
  map: ['entry', 'entries'],
};

/** Formats a limit with its unit, such as `1 byte` or `10 items`. Numbers have no unit. */
function formatCount(count: number | bigint, origin: string): string {
  const [singular, plural] = units[origin] ?? [];
  return singular === undefined ? String(count) : `${count} ${Number(count) === 1 ? singular : plural}`;
}
