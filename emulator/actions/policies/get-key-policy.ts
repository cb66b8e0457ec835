import type { getKeyPolicy as operation } from '../../../functions/policies/get-key-policy/operation.ts';
import type { Action } from '../../action.ts';
import { findKeyWithoutAlias } from '../../keys/find-key.ts';
import { policyName, requirePolicyName } from '../../keys/policy.ts';

export const getKeyPolicy: Action<typeof operation> = (input, context) => {
  const key = findKeyWithoutAlias(context, input.KeyId, 'GetKeyPolicy');
  requirePolicyName(input.PolicyName);
  return { Policy: context.store.policies.find(key.seq), PolicyName: policyName };
};
