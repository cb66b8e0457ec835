import type { untagResource as operation } from '../../../functions/tags/untag-resource/operation.ts';
import type { Action } from '../../keys/operation-context.ts';
import { findKeyWithoutAlias } from '../../keys/resolve-key.ts';
import { checkTagKeys } from './tag-rules.ts';

/** A tag that is not there is no error. */
export const untagResource: Action<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const key = findKeyWithoutAlias(context, input.KeyId, 'UntagResource');
    checkTagKeys(input.TagKeys);
    for (const tagKey of input.TagKeys) store.tags.remove(key.seq, tagKey);
  });
  return {};
};
