import type { Deployment } from '../deployment/deployment.ts';
import { buildTagList } from '../deployment/tags.ts';
import { buildNetworkStatements } from './network-statements.ts';
import type { Statement } from './statement.ts';

/** Builds a role with one inline policy, to which a VPC and tracing add statements. Only Lambda can assume the role. */
export function buildLambdaRole(
  description: string,
  policyName: string,
  statements: readonly Statement[],
  deployment: Deployment,
): object {
  const Statement = [
    ...statements,
    ...(deployment.parameters.tracing ? [traceStatement] : []),
    ...buildNetworkStatements(deployment),
  ];
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

/**
 * Allows a function to send traces. Lambda rejects a function with active tracing whose role lacks these permissions
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html). Neither action supports resource-level permissions.
 */
const traceStatement: Statement = {
  Effect: 'Allow',
  Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  Resource: '*',
};
