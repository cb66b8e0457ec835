import type * as z from 'zod/mini';
import { type Schema, unwrap } from '../declaration/schema-metadata.ts';
import type { InputError } from './kms-functions-error.ts';

type Issue = z.core.$ZodIssue;

const maxIssues = 20;

/** One sentence per issue, from its code alone: an issue's own message, or its input, could hold a value. */
export function inputErrors(issues: readonly Issue[], schema: Schema): InputError[] {
  return issues
    .slice(0, maxIssues)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .slice(0, maxIssues)
            .map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: 'is not known' }))
        : [detailOf(issue, schema)],
    );
}

/**
 * RFC 6901 pointer. It ends before the first name that is not like a member's, all of which are of letters alone: those
 * are a caller's data (a value sent as a name by mistake) and are not repeated.
 */
export function pointerTo(path: readonly PropertyKey[]): string {
  const end = path.findIndex(
    (part) => typeof part === 'symbol' || !/^([A-Z][A-Za-z]{0,39}|\d{1,9})$/.test(String(part)),
  );
  return path
    .slice(0, end === -1 ? undefined : end)
    .map((part) => `/${String(part)}`)
    .join('');
}

function detailOf(issue: Issue, schema: Schema): InputError {
  const path = outsideMaps(issue.path, schema);
  const rule = ruleOf(issue);
  return { pointer: pointerTo(path), detail: path.length < issue.path.length ? `has a value that ${rule}` : rule };
}

/** The path as far as the first map: however much a map's key looks like a member's name, it is a caller's data. */
function outsideMaps(path: readonly PropertyKey[], schema: Schema): readonly PropertyKey[] {
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

const article: Record<string, string> = {
  object: 'an object',
  array: 'a list',
  int: 'an integer',
  record: 'an object',
};

function ruleOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${sizeOf(issue.origin)} at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must ${sizeOf(issue.origin)} at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      if (issue.format === 'base64') return 'must be base64 (RFC 4648, with padding)';
      if (issue.format === 'datetime') return 'must be a time: ISO 8601 with a zone, or seconds since 1970';
      return `must match ${issue.pattern ?? 'its pattern'}`;
    case 'invalid_key':
      return 'has a key that is not allowed';
    default:
      return 'is not valid';
  }
}

function sizeOf(origin: string): string {
  return origin === 'number' || origin === 'int' ? 'be' : 'have';
}

function unitOf(origin: string): string {
  return { string: ' characters', bytes: ' bytes', array: ' items', map: ' entries' }[origin] ?? '';
}
