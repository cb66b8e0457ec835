import { DescribeKeyCommand, type KMSClient, ListResourceTagsCommand } from '@aws-sdk/client-kms';

/** Cached tags expire after a minute. KMS itself takes up to five minutes to apply a changed tag (https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html). */
const tagsTtlMs = 60_000;
const maxRemembered = 1_000;

export type Tags = ReadonlyMap<string, string>;

const remembered = new Map<string, { readonly tags: Tags; readonly untilMs: number }>();

/**
 * Returns the ARN of the key that an identifier refers to. Does not cache the ARN, because an alias may be pointed to
 * another key.
 */
export async function lookUpKeyArn(client: KMSClient, identifier: string): Promise<string> {
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: identifier }));
  return KeyMetadata?.Arn ?? '';
}

/**
 * Returns `true` if a key's tags match. Cached tags that match may be up to a minute old. If they do not match, reads
 * the tags again.
 */
export async function hasTags(client: KMSClient, arn: string, matches: (tags: Tags) => boolean): Promise<boolean> {
  const known = remembered.get(arn);
  if (known !== undefined && known.untilMs > performance.now() && matches(known.tags)) return true;
  return matches(await lookUpTags(client, arn));
}

async function lookUpTags(client: KMSClient, arn: string): Promise<Tags> {
  const tags = new Map<string, string>();
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListResourceTagsCommand({ KeyId: arn, Marker }));
    for (const { TagKey = '', TagValue = '' } of page.Tags ?? []) tags.set(TagKey, TagValue);
    Marker = page.Truncated ? page.NextMarker : undefined;
  } while (Marker !== undefined);
  if (remembered.size >= maxRemembered) remembered.clear();
  remembered.set(arn, { tags, untilMs: performance.now() + tagsTtlMs });
  return tags;
}
