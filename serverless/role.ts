import type { Operation, Permission } from '../shared/operation.ts';

/** Logical id of an operation's role. */
export function roleName(operation: Operation): string {
  return `${operation.name}Role`;
}

/** What a function may do: what its declaration says, in this account and Region, and write to the shared log group. */
export function roleOf(operation: Operation, stage: string): object {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: `kms-functions ${stage}: ${operation.name}`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: 'operation',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [...operation.permissions.map(statementOf), logStatement(stage)],
          },
        },
      ],
    },
  };
}

function statementOf({ action, resource }: Permission): object {
  return { Effect: 'Allow', Action: action, Resource: resourceOf(action, resource), ...conditionOf(action) };
}

function resourceOf(action: string, resource: Permission['resource']): unknown {
  if (action === 'iam:CreateServiceLinkedRole') {
    return arn('iam', '', 'role/aws-service-role/mrk.kms.amazonaws.com/*');
  }
  return resource === 'any' ? '*' : arn('kms', '${AWS::Region}', `${resource}/*`);
}

/** KMS makes its own role for multi-Region keys, and no other (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-auth-slr.html). */
function conditionOf(action: string): object {
  if (action !== 'iam:CreateServiceLinkedRole') return {};
  return { Condition: { StringEquals: { 'iam:AWSServiceName': 'mrk.kms.amazonaws.com' } } };
}

function logStatement(stage: string): object {
  return {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: arn('logs', '${AWS::Region}', `log-group:/kms-functions/${stage}:*`),
  };
}

function arn(service: string, region: string, resource: string): object {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${service}:${region}:\${AWS::AccountId}:${resource}` };
}
