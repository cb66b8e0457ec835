import type { Deployment } from './deployment.ts';
import { tagsOf } from './tags.ts';

/** Logical ids. */
export const functionLogGroup = 'FunctionsLogGroup';
export const accessLogGroup = 'AccessLogGroup';
export const auditLogGroup = 'AuditLogGroup';

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

/** Of the audit trail. No function but its forwarder may write to it. */
export function auditLogGroupName(stage: string): string {
  return `/kms-functions/${stage}/audit`;
}

export function logGroups(deployment: Deployment): Record<string, object> {
  const { logRetentionDays, auditRetentionDays } = deployment.parameters;
  return {
    [functionLogGroup]: logGroup(functionLogGroupName(deployment.stage), logRetentionDays, deployment),
    [accessLogGroup]: logGroup(accessLogGroupName(deployment.stage), logRetentionDays, deployment),
    [auditLogGroup]: logGroup(auditLogGroupName(deployment.stage), auditRetentionDays, deployment),
  };
}

function logGroup(name: string, retentionDays: number, deployment: Deployment): object {
  const { logKmsKeyArn } = deployment.parameters;
  return {
    Type: 'AWS::Logs::LogGroup',
    Properties: {
      LogGroupName: name,
      RetentionInDays: retentionDays,
      ...(logKmsKeyArn === undefined ? {} : { KmsKeyId: logKmsKeyArn }),
      Tags: tagsOf(deployment),
    },
  };
}
