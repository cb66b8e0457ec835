import type { putKeyPolicy as operation } from '../../../functions/policies/put-key-policy/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { checkKeyPolicy, requirePolicyName } from './key-policy.ts';

export const putKeyPolicy: OperationHandler<typeof operation> = (input, context) => {
  context.store.write(() => {
    const key = resolveKey(context, input.KeyId, { operation: 'PutKeyPolicy' });
    requirePolicyName(input.PolicyName);
    checkKeyPolicy(input.Policy, key.region);
    context.store.policies.put(key.seq, input.Policy);
  });
  return {};
};
