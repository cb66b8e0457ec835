import type { untagResource as operation } from '../../../functions/tags/untag-resource/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { checkTagKeys } from './tag-rules.ts';

/** Removes tags from a key. Ignores tags that do not exist. */
export const untagResource: OperationHandler<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const key = resolveKey(context, input.KeyId, { operation: 'UntagResource' });
    checkTagKeys(input.TagKeys);
    for (const tagKey of input.TagKeys) store.tags.remove(key.seq, tagKey);
  });
  return {};
};
