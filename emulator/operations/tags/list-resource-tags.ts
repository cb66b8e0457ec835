import type { listResourceTags as operation } from '../../../functions/tags/list-resource-tags/operation.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';

export const listResourceTags: OperationHandler<typeof operation> = (input, context) => {
  const key = resolveKey(context, input.KeyId, { operation: 'ListResourceTags' });
  const { items, NextMarker, Truncated } = paginate(
    `tags ${key.arn}`,
    input,
    { defaultLimit: 50, maxLimit: 50 },
    (after, count) => context.store.tags.listPage(key.seq, after ?? '', count),
    ({ TagKey }) => TagKey,
  );
  return { Tags: items, NextMarker, Truncated };
};
