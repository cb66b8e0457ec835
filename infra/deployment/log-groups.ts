import type { Deployment } from './deployment.ts';
import { accessLogGroup, auditLogGroup, functionLogGroup } from './logical-ids.ts';
import { buildTagList } from './tags.ts';

/** Returns the name of the log group that all functions share. */
export function functionLogGroupName(stage: string): string {
  return `/kms-functions/${stage}`;
}

/**
 * Returns the name of the access log group. Under `/aws/vendedlogs/`, a single CloudWatch Logs resource policy covers every
 * group to which AWS services deliver logs
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html).
 */
export function accessLogGroupName(stage: string): string {
  return `/aws/vendedlogs/kms-functions/${stage}/access`;
}

/** Returns the name of the audit trail log group. Only the forwarder may write to it. */
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
