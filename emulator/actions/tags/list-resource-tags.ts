import type { listResourceTags as operation } from '../../../functions/tags/list-resource-tags/operation.ts';
import type { Action } from '../../action.ts';
import { findKeyWithoutAlias } from '../../keys/find-key.ts';
import { page } from '../../keys/page.ts';

export const listResourceTags: Action<typeof operation> = (input, context) => {
  const key = findKeyWithoutAlias(context, input.KeyId, 'ListResourceTags');
  const { items, NextMarker, Truncated } = page(
    `tags ${key.arn}`,
    input,
    { byDefault: 50, most: 50 },
    (after, count) => context.store.tags.page(key.seq, after ?? '', count),
    ({ TagKey }) => TagKey,
  );
  return { Tags: items, NextMarker, Truncated };
};
