import type { describeKey as operation } from '../../../functions/keys/describe-key/operation.ts';
import type { Action } from '../../action.ts';
import { findKey } from '../../keys/find-key.ts';
import { metadataOf } from '../../keys/metadata.ts';

export const describeKey: Action<typeof operation> = (input, context) => ({
  KeyMetadata: metadataOf(context.store, findKey(context, input.KeyId, 'DescribeKey')),
});
