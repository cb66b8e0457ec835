import { serviceTagKey } from '../../shared/config/resource-names.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Condition, Statement } from './statement.ts';

/** Denials for every function that may perform the action. They take precedence over all allow statements. */
const denials: Readonly<Record<string, (deployment: Deployment) => Condition>> = {
  'kms:CreateKey': () => withoutLockoutCheck,
  'kms:PutKeyPolicy': () => withoutLockoutCheck,
  // If the request contains no value, KMS uses the longest waiting period, which this allows.
  'kms:ScheduleKeyDeletion': ({ parameters }) => ({
    NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': String(parameters.minPendingWindowDays) },
  }),
};

const withoutLockoutCheck: Condition = { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' } };

/** Ignores case, because IAM also ignores the case of the tag key in `aws:ResourceTag/KEY`. */
const onServiceTag: Condition = { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': [serviceTagKey] } };

export function buildDenials({ permissions, serviceTag }: Operation, deployment: Deployment): Statement[] {
  return permissions.flatMap(({ action }) => {
    const condition = denials[action]?.(deployment) ?? (serviceTag === 'kept' ? onServiceTag : undefined);
    return condition === undefined
      ? []
      : [{ Effect: 'Deny' as const, Action: action, Resource: '*' as const, Condition: condition }];
  });
}
