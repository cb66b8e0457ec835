import type { Deployment } from './deployment.ts';
import { accessLogGroup, auditLogGroup, functionLogGroup } from './logical-ids.ts';
import { buildTagList } from './tags.ts';

/** Returns the name of the log group that all functions share. */
export function functionLogGroupName(stage: string): string {
  return `/kms-functions/${stage}`;
}

/**
 * Returns the name of API Gateway's access log group. The prefix `/aws/vendedlogs/` keeps the CloudWatch Logs resource
 * policy small, because one entry covers all log groups with this prefix
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html).
 */
export function accessLogGroupName(stage: string): string {
  return `/aws/vendedlogs/kms-functions/${stage}/access`;
}

/** Returns the name of the audit trail's log group. Only the audit forwarder may write to the group. */
export function auditLogGroupName(stage: string): string {
  return `/kms-functions/${stage}/audit`;
}

export function buildLogGroups(deployment: Deployment): Record<string, object> {
  const { logRetentionDays, auditRetentionDays } = deployment.parameters;
  return {
    [functionLogGroup]: buildLogGroup(functionLogGroupName(deployment.stage), logRetentionDays, deployment),
    [accessLogGroup]: buildLogGroup(accessLogGroupName(deployment.stage), logRetentionDays, deployment),
    [auditLogGroup]: buildLogGroup(auditLogGroupName(deployment.stage), auditRetentionDays, deployment),
  };
}

function buildLogGroup(name: string, retentionDays: number, deployment: Deployment): object {
  const { logKmsKeyArn } = deployment.parameters;
  return {
    Type: 'AWS::Logs::LogGroup',
    Properties: {
      LogGroupName: name,
      RetentionInDays: retentionDays,
      ...(logKmsKeyArn === undefined ? {} : { KmsKeyId: logKmsKeyArn }),
      Tags: buildTagList(deployment),
    },
  };
}
