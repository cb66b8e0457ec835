import { serviceTagKey } from '../../shared/authorization/service-tag.ts';
import type { Permission } from '../../shared/declaration/operation.ts';
import { arn } from '../arn.ts';
import type { Deployment } from '../deployment.ts';
import type { Condition, Statement } from './statement.ts';

/** The statement that allows what a declaration asks for: in this account, its Regions, and within the fence. */
export function statementOf(permission: Permission, deployment: Deployment): Statement {
  const condition = { StringEquals: conditionsOf(permission, deployment) };
  return {
    Effect: 'Allow',
    Action: permission.action,
    Resource: resourceOf(permission, deployment),
    ...(Object.keys(condition.StringEquals).length === 0 ? {} : { Condition: condition }),
  };
}

function resourceOf({ resource }: Permission, { parameters }: Deployment): Statement['Resource'] {
  if (resource === 'any') return '*';
  if (typeof resource === 'object') return arn('iam', `role/aws-service-role/${resource.service}/*`, '');
  const own = arn('kms', `${resource}/*`);
  if (parameters.regions === undefined) return own;
  return [own, ...parameters.regions.map((region) => arn('kms', `${resource}/*`, region))];
}

function conditionsOf(permission: Permission, deployment: Deployment): NonNullable<Condition[string]> {
  const { resource, regionKey } = permission;
  const { parameters } = deployment;
  return {
    ...tagCondition(permission, deployment),
    ...(regionKey === undefined ? {} : { [regionKey]: [{ Ref: 'AWS::Region' }, ...(parameters.regions ?? [])] }),
    ...(typeof resource === 'object' ? { 'iam:AWSServiceName': resource.service } : {}),
  };
}

/** What a request tags is known from the request; only an existing key has tags to look at. */
function tagCondition({ resource, tagOf }: Permission, { parameters, serviceTag }: Deployment) {
  if (tagOf === 'request') return { [`aws:RequestTag/${serviceTagKey}`]: serviceTag };
  if (resource !== 'key' || parameters.keyScope === 'account') return {};
  return { [`aws:ResourceTag/${serviceTagKey}`]: serviceTag };
}
