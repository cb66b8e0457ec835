import type * as z from 'zod/mini';
import { type Schema, unwrap } from '../declaration/schema-metadata.ts';
import { findClosestName } from './closest-name.ts';
import type { InputError } from './kms-functions-error.ts';

type Issue = z.core.$ZodIssue;

const maxIssues = 20;

/**
 * Converts Zod issues to input errors. Does not use an issue's message or input, because they may contain a value from
 * the request. `json` is the input, in which the function only looks for missing members.
 */
export function toInputErrors(issues: readonly Issue[], schema: Schema, json: unknown): InputError[] {
  return issues
    .slice(0, maxIssues)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .slice(0, maxIssues)
            .map((key) => createUnknownMemberError(issue.path, key, listMembers(issue.path, schema)))
        : [toInputError(issue, schema, json)],
    );
}

/** Puts unknown members first, because a misspelled member is often the cause of a missing member. */
export function putUnknownMembersFirst(issues: readonly Issue[]): Issue[] {
  return issues.toSorted((one, other) => Number(isUnknown(other)) - Number(isUnknown(one)));
}

function isUnknown({ code }: Issue): boolean {
  return code === 'unrecognized_keys';
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

/**
 * Creates the error for an unknown member, with the known member that the caller probably meant. If the name is caller
 * data, the pointer ends at the parent object. Letters and underscores, and names that are close to a known member, are
 * not caller data.
 */
export function createUnknownMemberError(
  parent: readonly PropertyKey[],
  name: string,
  known: readonly string[],
): InputError {
  const pointer = toPointer(parent);
  const closest = findClosestName(name, known);
  if (closest === undefined && !/^[A-Za-z][A-Za-z_]{0,39}$/.test(name)) {
    return { pointer, detail: 'contains an unknown member' };
  }
  const hint = closest === undefined ? '' : `. Did you mean \`${closest}\`?`;
  return { pointer: `${pointer}/${escapePointer(name)}`, detail: `is not a known member${hint}` };
}

/** Escapes a name in a JSON Pointer (https://www.rfc-editor.org/rfc/rfc6901#section-3). */
function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Returns the members that the schema declares at a path. */
function listMembers(path: readonly PropertyKey[], schema: Schema): string[] {
  let inner: Schema | undefined = schema;
  for (const part of path) inner = inner && findChild(inner, part);
  const def = inner && (unwrap(inner)._zod.def as z.core.$ZodObjectDef);
  return def?.type === 'object' ? Object.keys(def.shape) : [];
}

function findChild(schema: Schema, part: PropertyKey): Schema | undefined {
  const def: z.core.$ZodTypeDef = unwrap(schema)._zod.def;
  if (def.type === 'object') return (def as z.core.$ZodObjectDef).shape[String(part)];
  return def.type === 'array' ? (def as z.core.$ZodArrayDef).element : undefined;
}

function toInputError(issue: Issue, schema: Schema, json: unknown): InputError {
  const path = cutAtMap(issue.path, schema);
  const rule = isMissing(issue.path, json) ? 'is required' : describeRule(issue);
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
    if (unwrap(inner)._zod.def.type === 'record') return path.slice(0, index);
    inner = findChild(inner, part);
  }
  return path;
}

function isMissing(path: readonly PropertyKey[], json: unknown): boolean {
  let value = json;
  for (const part of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return value === undefined;
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
