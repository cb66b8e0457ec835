import type * as z from 'zod/mini';
import type { Schema } from '../../shared/declaration/schema-metadata.ts';
import { putUnknownMembersFirst, toInputErrors } from '../../shared/errors/input-errors.ts';
import { keyIdPattern } from '../core/key-id.ts';

/** Reports an unusable seed. The message contains the file, the location and the rule, but never key material. */
export class SeedError extends Error {
  override name = 'SeedError';
}

/** The source of a seed, for error messages. */
export interface SeedSource {
  /** The file path from the user, or a phrase such as `the default seed`. */
  readonly name: string;
  /** The location of each key, if the file does not use `/Keys/0`, `/Keys/1` and so on. */
  readonly keyPaths?: readonly string[];
  /** `true` if the key material is public. */
  readonly isPublic?: true;
}

const missingRule = 'is required';
const materialRule = 'must be base64 or a PEM private key';

type Issue = z.core.$ZodIssue;

/** Creates the error for one location, such as `seed.yaml: /Keys/0/KeyId must be a string`. */
export function createSeedError(name: string, pointer: string, rule: string): SeedError {
  return new SeedError(`${name}: ${pointer === '' ? 'the document' : pointer} ${rule}`);
}

/** Creates the error for the first issue that a schema reports. */
export function createSchemaError(
  { name, keyPaths }: SeedSource,
  issues: readonly Issue[],
  schema: Schema,
  json: unknown,
): SeedError {
  const [first] = putUnknownMembersFirst(issues);
  const [error] = first === undefined ? [] : toInputErrors([first], schema, json);
  const pointer = (error?.pointer ?? '').replace(/^\/Keys\/(\d+)/, (own, index) => keyPaths?.[Number(index)] ?? own);
  const isMissing = error?.detail === missingRule;
  const rule = (isMissing ? missingRule : findOwnRule(first)) ?? error?.detail ?? 'is not valid';
  return createSeedError(name, pointer, rule);
}

/** Returns the rule for an issue that the seed schema itself raises. */
function findOwnRule(issue: Issue | undefined): string | undefined {
  if (issue?.code === 'custom') return issue.message;
  if (issue?.code === 'invalid_format' && issue.format === 'material') return materialRule;
  if (issue?.code === 'invalid_format' && issue.pattern === String(keyIdPattern)) {
    return 'must be a UUID, or mrk- and 32 hexadecimal digits';
  }
  const member = String(issue?.path.at(-1));
  if (issue?.code === 'invalid_type' && /^(Previous|Pending)?Material$/.test(member)) {
    return materialRule;
  }
  if (issue?.code === 'invalid_union' && /Date$|^ValidTo$/.test(member)) {
    return 'must be a timestamp: ISO 8601 text with a time zone, or seconds since 1970';
  }
  return undefined;
}
