import type { listKeyPolicies as operation } from '../../../functions/policies/list-key-policies/operation.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { policyName } from './key-policy.ts';

export const listKeyPolicies: OperationHandler<typeof operation> = (input, context) => {
  const key = resolveKey(context, input.KeyId, { operation: 'ListKeyPolicies' });
  const { items, NextMarker, Truncated } = paginate(
    `policies ${key.arn}`,
    input,
    { defaultLimit: 100, maxLimit: 1000 },
    (after) => (after === undefined ? [policyName] : []),
    (name) => name,
  );
  return { PolicyNames: items, NextMarker, Truncated };
};
