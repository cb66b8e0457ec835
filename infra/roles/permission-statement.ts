import { serviceTagKey } from '../../shared/config/resource-names.ts';
import type { Permission } from '../../shared/declaration/operation.ts';
import { arn } from '../deployment/arn.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { buildGrantCondition } from './grant-condition.ts';
import type { Condition, Statement } from './statement.ts';

/** Builds a permission's policy statement, which is limited to the account, the service's Regions and the key scope. */
export function buildStatement(permission: Permission, deployment: Deployment): Statement {
  const Condition = mergeConditions(
    buildTagCondition(permission, deployment),
    buildNewKeyCondition(permission, deployment),
    permission.isReplica ? onlyReplicas : {},
    buildRegionCondition(permission, deployment),
    typeof permission.resource === 'object'
      ? { StringEquals: { 'iam:AWSServiceName': permission.resource.service } }
      : {},
    permission.action === 'kms:CreateGrant' ? buildGrantCondition(deployment) : {},
  );
  return {
    Effect: 'Allow',
    Action: permission.action,
    Resource: buildResource(permission, deployment),
    ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
  };
}

function buildResource({ resource }: Permission, { parameters }: Deployment): Statement['Resource'] {
  if (resource === 'any') return '*';
  if (typeof resource === 'object') return arn('iam', `role/aws-service-role/${resource.service}/*`, '');
  const own = arn('kms', `${resource}/*`);
  if (parameters.regions === undefined) return own;
  return [own, ...parameters.regions.map((region) => arn('kms', `${resource}/*`, region))];
}

/** Requires the service tag, either in a request that sets a key's tags or on an existing key. */
function buildTagCondition({ resource, tagOf }: Permission, { parameters, serviceTag }: Deployment): Condition {
  if (tagOf === 'request') return { StringEquals: { [`aws:RequestTag/${serviceTagKey}`]: serviceTag } };
  if (resource !== 'key' || (tagOf === undefined && parameters.keyScope === 'account')) return {};
  return { StringEquals: { [`aws:ResourceTag/${serviceTagKey}`]: serviceTag } };
}

/**
 * Limits a permission on the key that the call creates. IAM has no condition for new keys, but a new key has neither an
 * alias nor another deployment's service tag
 * (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-resource-aliases).
 */
function buildNewKeyCondition({ resource, tagOf }: Permission, { serviceTag }: Deployment): Condition {
  if (resource !== 'key' || tagOf === undefined) return {};
  return {
    Null: { 'kms:ResourceAliases': 'true' },
    ...(tagOf === 'request' ? { StringEqualsIfExists: { [`aws:ResourceTag/${serviceTagKey}`]: serviceTag } } : {}),
  };
}

/**
 * Limits CreateKey to replicas. AWS documents these condition keys for CreateKey, but not their values for a replica, so
 * absent values are allowed. A request to create another key always has both values
 * (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-multiregion-key-type).
 */
const onlyReplicas: Condition = {
  StringEqualsIfExists: { 'kms:MultiRegionKeyType': 'REPLICA' },
  BoolIfExists: { 'kms:MultiRegion': 'true' },
};

function buildRegionCondition({ regionKey, ownRegionKey }: Permission, { parameters }: Deployment): Condition {
  const ownRegion = { Ref: 'AWS::Region' };
  if (ownRegionKey !== undefined) return { StringEquals: { [ownRegionKey]: ownRegion } };
  return regionKey === undefined ? {} : { StringEquals: { [regionKey]: [ownRegion, ...(parameters.regions ?? [])] } };
}

function mergeConditions(...conditions: readonly Condition[]): Condition {
  const merged: Record<string, Condition[string]> = {};
  for (const condition of conditions) {
    for (const [operator, tests] of Object.entries(condition)) merged[operator] = { ...merged[operator], ...tests };
  }
  return merged;
}
