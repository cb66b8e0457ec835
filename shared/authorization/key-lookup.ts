import { DescribeKeyCommand, type KMSClient, ListResourceTagsCommand } from '@aws-sdk/client-kms';

/** KMS itself takes up to five minutes to follow a changed tag (https://docs.aws.amazon.com/kms/latest/developerguide/tag-authorization.html). */
const tagsTtlMs = 60_000;
const maxRemembered = 1_000;

export type Tags = ReadonlyMap<string, string>;

const remembered = new Map<string, { readonly tags: Tags; readonly untilMs: number }>();

/** The ARN of the key that a name stands for now. Never remembered: an alias may be pointed elsewhere. */
export async function arnOfKey(client: KMSClient, key: string): Promise<string> {
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: key }));
  return KeyMetadata?.Arn ?? '';
}

/** Whether the tags of the key with this ARN are as wanted. Tags that are may be a minute old; a refusal never is. */
export async function hasTags(client: KMSClient, arn: string, areWanted: (tags: Tags) => boolean): Promise<boolean> {
  const known = remembered.get(arn);
  if (known !== undefined && known.untilMs > performance.now() && areWanted(known.tags)) return true;
  return areWanted(await tagsOfKey(client, arn));
}

async function tagsOfKey(client: KMSClient, arn: string): Promise<Tags> {
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
