import type { Deployment } from '../deployment.ts';
import { tagsOf } from '../tags.ts';
import type { Statement } from './statement.ts';

/** A role that only Lambda assumes, with one policy inside. */
export function lambdaRole(
  description: string,
  policyName: string,
  statements: readonly Statement[],
  deployment: Deployment,
): object {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: `${deployment.name}: ${description}`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: policyName, PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
      Tags: tagsOf(deployment),
    },
  };
}
