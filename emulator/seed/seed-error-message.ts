import type * as z from 'zod/mini';
import type { Schema } from '../../shared/declaration/schema-metadata.ts';
import { inputErrors } from '../../shared/errors/issue-details.ts';
import type { SeedSource } from './seed.ts';

type Issue = z.core.$ZodIssue;

/** What is wrong with a seed: its file, the first place in it, the rule. Never the value, which may be key material. */
export function formatSeedError(
  { name, keyPaths }: SeedSource,
  issues: readonly Issue[],
  schema: Schema,
  what = 'a seed of version 1',
): string {
  const [first] = issues;
  const [error] = first === undefined ? [] : inputErrors([first], schema);
  const pointer = (error?.pointer ?? '').replace(/^\/Keys\/(\d+)/, (own, index) => keyPaths?.[Number(index)] ?? own);
  const rule = ownRule(first) ?? error?.detail ?? 'is not valid';
  return faultText(name, pointer, what, rule);
}

export function faultText(name: string, pointer: string, what: string, rule: string): string {
  return `${name}${pointer === '' ? '' : ` at ${pointer}`} is not ${what}: ${rule}`;
}

/** The seed's own rules say themselves what they ask for; the rest go by the kind of issue. */
function ownRule(issue: Issue | undefined): string | undefined {
  if (issue?.code === 'custom') return issue.message;
  if (issue?.code === 'invalid_format' && issue.format === 'material') return 'must be base64 or a private key in PEM';
  return undefined;
}
