import { serviceTagKey } from '../../shared/authorization/service-tag.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import type { Deployment } from '../deployment.ts';
import type { Condition, Statement } from './statement.ts';

/** What no function may do, whatever else allows it, by the action that it would be done with. */
const denied: Readonly<Record<string, (deployment: Deployment) => Condition>> = {
  'kms:CreateKey': () => withoutLockoutCheck,
  'kms:PutKeyPolicy': () => withoutLockoutCheck,
  // AWS's own default, where a request says nothing, is the longest.
  'kms:ScheduleKeyDeletion': ({ parameters }) => ({
    NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': String(parameters.minPendingWindowDays) },
  }),
};

const withoutLockoutCheck: Condition = { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' } };

/** Without regard to case, as IAM reads the tag's key in the fence's own condition. */
const onServiceTag: Condition = { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': [serviceTagKey] } };

export function denialsOf({ permissions, serviceTag }: Operation, deployment: Deployment): Statement[] {
  return permissions.flatMap(({ action }) => {
    const condition = denied[action]?.(deployment) ?? (serviceTag === 'kept' ? onServiceTag : undefined);
    return condition === undefined
      ? []
      : [{ Effect: 'Deny' as const, Action: action, Resource: '*' as const, Condition: condition }];
  });
}
