import type { tagResource as operation } from '../../../functions/tags/tag-resource/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { checkTags, throwIfTooManyTags } from './tag-rules.ts';

export const tagResource: OperationHandler<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const key = resolveKey(context, input.KeyId, { operation: 'TagResource' });
    checkTags(input.Tags);
    for (const tag of input.Tags) store.tags.put(key.seq, tag);
    throwIfTooManyTags(store.tags.countByKey(key.seq));
  });
  return {};
};
