import type { Deployment } from './deployment.ts';
import { tagsOf } from './tags.ts';

/** Logical ids. */
export const functionLogGroup = 'FunctionsLogGroup';
export const accessLogGroup = 'AccessLogGroup';

/** Of the log group that all functions share. */
export function functionLogGroupName(stage: string): string {
  return `/kms-functions/${stage}`;
}

/**
 * Under `/aws/vendedlogs/`, where one resource policy of CloudWatch Logs serves every group that AWS delivers to
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html).
 */
export function accessLogGroupName(stage: string): string {
  return `/aws/vendedlogs/kms-functions/${stage}/access`;
}

export function logGroups(deployment: Deployment): Record<string, object> {
  return {
    [functionLogGroup]: logGroup(functionLogGroupName(deployment.stage), deployment),
    [accessLogGroup]: logGroup(accessLogGroupName(deployment.stage), deployment),
  };
}

function logGroup(name: string, deployment: Deployment): object {
  const { logRetentionDays, logKmsKeyArn } = deployment.parameters;
  return {
    Type: 'AWS::Logs::LogGroup',
    Properties: {
      LogGroupName: name,
      RetentionInDays: logRetentionDays,
      ...(logKmsKeyArn === undefined ? {} : { KmsKeyId: logKmsKeyArn }),
      Tags: tagsOf(deployment),
    },
  };
}
