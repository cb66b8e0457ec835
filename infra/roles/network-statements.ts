import { arn } from '../deployment/arn.ts';
import type { Deployment } from '../deployment/deployment.ts';
import type { Statement } from './statement.ts';

/**
 * The actions with which Lambda manages the network interfaces of functions in a VPC. `Describe` actions do not support
 * resource-level permissions (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html,
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html).
 */
const interfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Builds the statements that a function in a VPC needs. Lambda uses these permissions when it creates or updates the
 * function. The second statement denies them to the function's own code, as the Lambda documentation recommends: requests
 * from code contain `lambda:SourceFunctionArn`
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html#permissions-executionrole-source-function-arn).
 */
export function buildNetworkStatements({ name, parameters }: Deployment): Statement[] {
  if (parameters.vpcSubnetIds === undefined) return [];
  return [
    { Effect: 'Allow', Action: interfaceActions, Resource: '*' },
    {
      Effect: 'Deny',
      Action: [...interfaceActions, 'ec2:DetachNetworkInterface'],
      Resource: '*',
      Condition: { ArnLike: { 'lambda:SourceFunctionArn': arn('lambda', `function:${name}-*`) } },
    },
  ];
}
