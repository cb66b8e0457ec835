import type { listResourceTags as operation } from '../../../functions/tags/list-resource-tags/operation.ts';
import { page } from '../../core/page.ts';
import type { Action } from '../../keys/operation-context.ts';
import { findKeyWithoutAlias } from '../../keys/resolve-key.ts';

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
