import type { listKeyPolicies as operation } from '../../../functions/policies/list-key-policies/operation.ts';
import type { Action } from '../../action.ts';
import { findKeyWithoutAlias } from '../../keys/find-key.ts';
import { page } from '../../keys/page.ts';
import { policyName } from '../../keys/policy.ts';

export const listKeyPolicies: Action<typeof operation> = (input, context) => {
  const key = findKeyWithoutAlias(context, input.KeyId, 'ListKeyPolicies');
  const { items, NextMarker, Truncated } = page(
    `policies ${key.arn}`,
    input,
    { byDefault: 100, most: 1000 },
    (after) => (after === undefined ? [policyName] : []),
    (name) => name,
  );
  return { PolicyNames: items, NextMarker, Truncated };
};
