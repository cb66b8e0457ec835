import {
  type GrantListEntry,
  ListAliasesCommand,
  ListGrantsCommand,
  ListResourceTagsCommand,
  type Tag,
} from '@aws-sdk/client-kms';
import type { Call } from '../../../shared/call/call.ts';
import { ask } from './ask.ts';

/**
 * The number of items to request, which is also the maximum for one page of grants. A key may have 50,000 grants and 50
 * aliases (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html).
 */
const maxItems = 100;
/** KMS may return fewer items than requested, although there are more. */
const maxPages = 3;

/** The first items of a list. */
export interface FirstItems<Item> {
  readonly items: readonly Item[];
  /** `true` if the list has more items. */
  readonly isTruncated: boolean;
}

interface Page<Item> {
  readonly items: readonly Item[] | undefined;
  readonly marker: string | undefined;
}

export function readAliases(call: Call, arn: string): Promise<FirstItems<string>> {
  return readPages(async (marker) => {
    const command = new ListAliasesCommand({ KeyId: arn, Limit: maxItems, Marker: marker });
    const { Aliases = [], NextMarker } = await ask(call, arn, command);
    return { items: Aliases.map(({ AliasName = '' }) => AliasName), marker: NextMarker };
  });
}

export function readGrants(call: Call, arn: string): Promise<FirstItems<GrantListEntry>> {
  return readPages(async (marker) => {
    const command = new ListGrantsCommand({ KeyId: arn, Limit: maxItems, Marker: marker });
    const { Grants, NextMarker } = await ask(call, arn, command);
    return { items: Grants, marker: NextMarker };
  });
}

export function readTags(call: Call, arn: string): Promise<FirstItems<Tag>> {
  return readPages(async (marker) => {
    const { Tags, NextMarker } = await ask(call, arn, new ListResourceTagsCommand({ KeyId: arn, Marker: marker }));
    return { items: Tags, marker: NextMarker };
  });
}

async function readPages<Item>(
  readPage: (marker: string | undefined) => Promise<Page<Item>>,
): Promise<FirstItems<Item>> {
  const all: Item[] = [];
  let next: string | undefined;
  for (let pages = 0; pages < maxPages && all.length < maxItems; pages += 1) {
    const { items = [], marker } = await readPage(next);
    all.push(...items);
    next = marker;
    if (next === undefined) break;
  }
  return { items: all.slice(0, maxItems), isTruncated: next !== undefined || all.length > maxItems };
}
