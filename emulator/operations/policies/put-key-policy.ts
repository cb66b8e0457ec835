import type { putKeyPolicy as operation } from '../../../functions/policies/put-key-policy/operation.ts';
import type { Action } from '../../keys/operation-context.ts';
import { findKeyWithoutAlias } from '../../keys/resolve-key.ts';
import { checkPolicy, requirePolicyName } from './key-policy.ts';

export const putKeyPolicy: Action<typeof operation> = (input, context) => {
  context.store.write(() => {
    const key = findKeyWithoutAlias(context, input.KeyId, 'PutKeyPolicy');
    requirePolicyName(input.PolicyName);
    checkPolicy(input.Policy);
    context.store.policies.put(key.seq, input.Policy);
  });
  return {};
};
