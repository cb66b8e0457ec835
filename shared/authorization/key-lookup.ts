import { DescribeKeyCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import type { Call } from '../call/call.ts';
import { parseArn } from '../declaration/arn.ts';
import { resolveRegion } from '../kms/region.ts';
import { lookUp } from '../kms/send.ts';

/** Cached tags expire after a minute. KMS itself takes up to five minutes to apply a changed tag (https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html). */
const tagsTtlMs = 60_000;
const maxRemembered = 1_000;

export type Tags = ReadonlyMap<string, string>;

const remembered = new Map<string, { readonly tags: Tags; readonly untilMs: number }>();

/**
 * Returns the ARN of the key that an identifier refers to, or `undefined` if KMS does not find the key. Does not cache
 * the ARN, because an alias can be changed to point to another key.
 */
export async function lookUpKeyArn(call: Call, identifier: string): Promise<string | undefined> {
  const command = new DescribeKeyCommand({ KeyId: identifier });
  const response = await unlessNotFound(lookUp(call, resolveRegion(call), command));
  return response?.KeyMetadata?.Arn;
}

/** Returns the result of a lookup, or `undefined` if KMS does not find the key. */
export function unlessNotFound<Result>(lookup: Promise<Result>): Promise<Result | undefined> {
  return unlessError(lookup, 'NotFoundException');
}

/**
 * Returns the result of a lookup by alias, or `undefined` if the function's role may not use the alias's key. Alias
 * names can be guessed, so a separate error would reveal which aliases outside the service exist.
 */
export function unlessDenied<Result>(lookup: Promise<Result>): Promise<Result | undefined> {
  return unlessError(lookup, 'AccessDeniedException');
}

async function unlessError<Result>(lookup: Promise<Result>, name: string): Promise<Result | undefined> {
  try {
    return await lookup;
  } catch (error) {
    if (error instanceof Error && error.name === name) return undefined;
    throw error;
  }
}

/**
 * Returns `true` if the key exists and its tags match. Cached tags that match may be up to a minute old. If the cached
 * tags do not match, reads the tags again.
 */
export async function hasTags(call: Call, arn: string, matches: (tags: Tags) => boolean): Promise<boolean> {
  const known = remembered.get(nameKey(call, arn));
  if (known !== undefined && known.untilMs > performance.now() && matches(known.tags)) return true;
  const tags = await unlessNotFound(lookUpTags(call, arn));
  return tags !== undefined && matches(tags);
}

/** Keys at two endpoints can have the same ARN. */
function nameKey({ config }: Call, arn: string): string {
  return `${config.endpoint} ${arn}`;
}

async function lookUpTags(call: Call, arn: string): Promise<Tags> {
  const tags = new Map<string, string>();
  let Marker: string | undefined;
  do {
    const page = await lookUp(call, parseArn(arn)?.region, new ListResourceTagsCommand({ KeyId: arn, Marker }));
    for (const { TagKey = '', TagValue = '' } of page.Tags ?? []) tags.set(TagKey, TagValue);
    Marker = page.Truncated ? page.NextMarker : undefined;
  } while (Marker !== undefined);
  rememberTags(call, arn, tags);
  return tags;
}

/** Caches a key's tags. */
export function rememberTags(call: Call, arn: string, tags: Tags): void {
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(nameKey(call, arn), { tags, untilMs: performance.now() + tagsTtlMs });
}
