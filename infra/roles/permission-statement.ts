import { serviceTagKey } from '../../shared/config/resource-names.ts';
import type { Permission } from '../../shared/declaration/operation.ts';
import { arn } from '../deployment/arn.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Condition, Statement } from './statement.ts';

/** Builds a permission's policy statement, which is limited to the account, the service's Regions and the key scope. */
export function buildStatement(permission: Permission, deployment: Deployment): Statement {
  const condition = { StringEquals: buildConditions(permission, deployment) };
  return {
    Effect: 'Allow',
    Action: permission.action,
    Resource: buildResource(permission, deployment),
    ...(Object.keys(condition.StringEquals).length === 0 ? {} : { Condition: condition }),
  };
}

function buildResource({ resource }: Permission, { parameters }: Deployment): Statement['Resource'] {
  if (resource === 'any') return '*';
  if (typeof resource === 'object') return arn('iam', `role/aws-service-role/${resource.service}/*`, '');
  const own = arn('kms', `${resource}/*`);
  if (parameters.regions === undefined) return own;
  return [own, ...parameters.regions.map((region) => arn('kms', `${resource}/*`, region))];
}

function buildConditions(permission: Permission, deployment: Deployment): NonNullable<Condition[string]> {
  const { resource, regionKey } = permission;
  const { parameters } = deployment;
  return {
    ...buildTagCondition(permission, deployment),
    ...(regionKey === undefined ? {} : { [regionKey]: [{ Ref: 'AWS::Region' }, ...(parameters.regions ?? [])] }),
    ...(typeof resource === 'object' ? { 'iam:AWSServiceName': resource.service } : {}),
  };
}

/** Requires the service tag, either in a request that sets a key's tags or on an existing key. */
function buildTagCondition({ resource, tagOf }: Permission, { parameters, serviceTag }: Deployment) {
  if (tagOf === 'request') return { [`aws:RequestTag/${serviceTagKey}`]: serviceTag };
  if (resource !== 'key' || parameters.keyScope === 'account') return {};
  return { [`aws:ResourceTag/${serviceTagKey}`]: serviceTag };
}
