import type { describeKey as operation } from '../../../functions/keys/describe-key/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { buildKeyMetadata } from './key-metadata.ts';

export const describeKey: OperationHandler<typeof operation> = (input, context) => ({
  KeyMetadata: buildKeyMetadata(
    context.store,
    resolveKey(context, input.KeyId, { allowAlias: true, operation: 'DescribeKey' }),
  ),
});
