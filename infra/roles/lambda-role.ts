import type { Deployment } from '../deployment/deployment.ts';
import { buildTagList } from '../deployment/tags.ts';
import { buildNetworkStatements } from './network-statements.ts';
import type { Statement } from './statement.ts';

/** Builds a role with one inline policy, to which a VPC adds statements. Only Lambda can assume the role. */
export function buildLambdaRole(
  description: string,
  policyName: string,
  statements: readonly Statement[],
  deployment: Deployment,
): object {
  const Statement = [...statements, ...buildNetworkStatements(deployment)];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: `${deployment.name}: ${description}`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: policyName, PolicyDocument: { Version: '2012-10-17', Statement } }],
      Tags: buildTagList(deployment),
    },
  };
}
