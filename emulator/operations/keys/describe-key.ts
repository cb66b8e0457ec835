import type { describeKey as operation } from '../../../functions/keys/describe-key/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { createAwsManagedKey } from '../aliases/aws-managed-keys.ts';
import { buildKeyMetadata } from './key-metadata.ts';

export const describeKey: OperationHandler<typeof operation> = async (input, context) => {
  if (context.hasAwsManagedKeys) await createAwsManagedKey(context, input.KeyId);
  const key = resolveKey(context, input.KeyId, { allowAlias: true, operation: 'DescribeKey' });
  return { KeyMetadata: buildKeyMetadata(context.store, key) };
};
