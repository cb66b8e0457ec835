import type { getKeyPolicy as operation } from '../../../functions/policies/get-key-policy/operation.ts';
import type { Action } from '../../keys/operation-context.ts';
import { findKeyWithoutAlias } from '../../keys/resolve-key.ts';
import { policyName, requirePolicyName } from './key-policy.ts';

export const getKeyPolicy: Action<typeof operation> = (input, context) => {
  const key = findKeyWithoutAlias(context, input.KeyId, 'GetKeyPolicy');
  requirePolicyName(input.PolicyName);
  return { Policy: context.store.policies.find(key.seq), PolicyName: policyName };
};
