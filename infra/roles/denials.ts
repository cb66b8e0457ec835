import { idempotencyTagKey, requestTagKey, serviceTagKey } from '../../shared/config/resource-names.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Condition, Statement } from './statement.ts';

/** Maps an action to the condition under which every role that allows the action must deny it. */
const denials: Readonly<Record<string, (deployment: Deployment) => Condition>> = {
  'kms:CreateKey': () => withoutLockoutCheck,
  'kms:PutKeyPolicy': () => withoutLockoutCheck,
  // A request without a waiting period does not match this condition. KMS then uses its longest waiting period.
  'kms:ScheduleKeyDeletion': ({ parameters }) => ({
    NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': String(parameters.minPendingWindowDays) },
  }),
};

const withoutLockoutCheck: Condition = { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' } };

/**
 * Matches requests that change the service tag, the request tag, the idempotency tag or the tenant tag. Ignores case, as IAM does for the tag key in
 * `aws:ResourceTag/KEY` (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
 */
function onProtectedTags({ parameters: { idempotency, tenantField, tenantTag } }: Deployment): Condition {
  const tagKeys = [
    serviceTagKey,
    requestTagKey,
    ...(idempotency ? [idempotencyTagKey] : []),
    ...(tenantField === undefined ? [] : [tenantTag]),
  ];
  return { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': tagKeys } };
}

export function buildDenials({ permissions, serviceTag }: Operation, deployment: Deployment): Statement[] {
  return permissions.flatMap(({ action }) => {
    const condition =
      denials[action]?.(deployment) ?? (serviceTag === 'kept' ? onProtectedTags(deployment) : undefined);
    return condition === undefined
      ? []
      : [{ Effect: 'Deny' as const, Action: action, Resource: '*' as const, Condition: condition }];
  });
}
