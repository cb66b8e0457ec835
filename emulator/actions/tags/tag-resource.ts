import type { tagResource as operation } from '../../../functions/tags/tag-resource/operation.ts';
import type { Action } from '../../action.ts';
import { findKeyWithoutAlias } from '../../keys/find-key.ts';
import { checkTags, refuseTooManyTags } from '../../keys/tags.ts';

export const tagResource: Action<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const key = findKeyWithoutAlias(context, input.KeyId, 'TagResource');
    checkTags(input.Tags);
    for (const tag of input.Tags) store.tags.put(key.seq, tag);
    refuseTooManyTags(store.tags.countOfKey(key.seq));
  });
  return {};
};
