import type { describeKey as operation } from '../../../functions/keys/describe-key/operation.ts';
import type { Action } from '../../keys/operation-context.ts';
import { findKey } from '../../keys/resolve-key.ts';
import { metadataOf } from './key-metadata.ts';

export const describeKey: Action<typeof operation> = (input, context) => ({
  KeyMetadata: metadataOf(context.store, findKey(context, input.KeyId, 'DescribeKey')),
});
