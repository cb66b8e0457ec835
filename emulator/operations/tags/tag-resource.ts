import type { tagResource as operation } from '../../../functions/tags/tag-resource/operation.ts';
import type { Action } from '../../keys/operation-context.ts';
import { findKeyWithoutAlias } from '../../keys/resolve-key.ts';
import { checkTags, refuseTooManyTags } from './tag-rules.ts';

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
