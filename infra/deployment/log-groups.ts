import type { Deployment } from './deployment.ts';
import { accessLogGroup, auditLogGroup, forwarderLogGroup, functionLogGroup } from './logical-ids.ts';
import { buildTagList } from './tags.ts';

/** Returns the name of the log group that all functions share, except for the audit forwarder. */
export function functionLogGroupName(stage: string): string {
  return `/kms-functions/${stage}`;
}

/**
 * Returns the name of the audit forwarder's own log group. If the forwarder used the functions' log group, each failure
 * report would invoke the forwarder again.
 */
export function forwarderLogGroupName(stage: string): string {
  return `/kms-functions/${stage}/forwarder`;
}

/**
 * Returns the name of API Gateway's access log group. The prefix `/aws/vendedlogs/` keeps the CloudWatch Logs resource
 * policy small, because one entry covers all log groups with this prefix
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html).
 */
export function accessLogGroupName(stage: string): string {
  return `/aws/vendedlogs/kms-functions/${stage}/access`;
}

export function buildLogGroups(deployment: Deployment): Record<string, object> {
  const { stage, isLocal, parameters } = deployment;
  const { logRetentionDays, auditRetentionDays, auditRetain } = parameters;
  const auditLogs = buildLogGroup(undefined, auditRetentionDays, deployment);
  return {
    [functionLogGroup]: buildLogGroup(functionLogGroupName(stage), logRetentionDays, deployment),
    [accessLogGroup]: buildLogGroup(accessLogGroupName(stage), logRetentionDays, deployment),
    [auditLogGroup]: isLocal ? auditLogs : protect(auditLogs, auditRetain),
    ...(isLocal
      ? {}
      : { [forwarderLogGroup]: buildLogGroup(forwarderLogGroupName(stage), logRetentionDays, deployment) }),
  };
}

interface LogGroup {
  readonly Type: 'AWS::Logs::LogGroup';
  readonly Properties: object;
}

/**
 * Keeps the audit trail when the stack is removed, and protects it from deletion
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html). With the policy
 * `RetainExceptOnCreate`, CloudFormation would try to delete the group after a failed creation, but the protection
 * rejects the deletion. Without `isRetained`, the protection is explicitly off, so that a deployment also turns it off
 * for an existing group.
 */
function protect({ Properties, ...group }: LogGroup, isRetained: boolean): object {
  return {
    ...group,
    ...(isRetained ? { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' } : {}),
    Properties: { ...Properties, DeletionProtectionEnabled: isRetained },
  };
}

/**
 * Builds a log group. If the name is absent, as for the audit trail, CloudFormation generates a name. A retained group
 * remains even after a failed deployment is rolled back, so the next attempt needs a different name
 * (https://aws.amazon.com/about-aws/whats-new/2023/07/aws-cloudformation-deletion-policies-dev-test-cycle/).
 */
function buildLogGroup(name: string | undefined, retentionDays: number, deployment: Deployment): LogGroup {
  const { logKmsKeyArn } = deployment.parameters;
  return {
    Type: 'AWS::Logs::LogGroup',
    Properties: {
      ...(name === undefined ? {} : { LogGroupName: name }),
      RetentionInDays: retentionDays,
      ...(logKmsKeyArn === undefined ? {} : { KmsKeyId: logKmsKeyArn }),
      Tags: buildTagList(deployment),
    },
  };
}
