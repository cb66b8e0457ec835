import type { Operation } from '../../shared/declaration/operation.ts';
import { arn } from '../deployment/arn.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { roleId } from '../deployment/logical-ids.ts';

/**
 * Builds the stack outputs for ARNs: one for each role, because CloudFormation generates the roles' names, and the common
 * prefix of the functions' ARNs, which end in the function's name. A template may have 200 outputs.
 */
export function buildRoleOutputs(operations: readonly Operation[], { name }: Deployment): Record<string, object> {
  const roles = operations.map((operation) => [
    `${roleId(operation)}Arn`,
    { Description: describeRole(operation), Value: { 'Fn::GetAtt': [roleId(operation), 'Arn'] } },
  ]);
  return {
    FunctionArnPrefix: {
      Description: 'The ARN of a function without the name of its operation, such as encrypt',
      Value: arn('lambda', `function:${name}-`),
    },
    ...Object.fromEntries(roles),
  };
}

/**
 * A grant must specify RetireGrant's role as its retiring principal
 * (https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html).
 */
function describeRole({ name }: Operation): string {
  const note = name === 'RetireGrant' ? '. Name it as RetiringPrincipal in grants that the service retires.' : '';
  return `The role of ${name}${note}`;
}
