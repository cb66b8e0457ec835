import type { untagResource as operation } from '../../../functions/tags/untag-resource/operation.ts';
import type { Action } from '../../action.ts';
import { findKeyWithoutAlias } from '../../keys/find-key.ts';
import { checkTagKeys } from '../../keys/tags.ts';

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
