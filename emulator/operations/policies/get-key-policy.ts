import type { getKeyPolicy as operation } from '../../../functions/policies/get-key-policy/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { policyName, requirePolicyName } from './key-policy.ts';

export const getKeyPolicy: OperationHandler<typeof operation> = (input, context) => {
  const key = resolveKey(context, input.KeyId, { operation: 'GetKeyPolicy' });
  requirePolicyName(input.PolicyName);
  return { Policy: context.store.policies.find(key.seq), PolicyName: policyName };
};
