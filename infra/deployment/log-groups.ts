import type { Deployment } from './deployment.ts';
import { accessLogGroup, auditLogGroup, forwarderLogGroup, functionLogGroup } from './logical-ids.ts';
import { buildTagList } from './tags.ts';

/** Returns the name of the log group that all functions share, except for the audit forwarder. */
export function functionLogGroupName(stage: string): string {
  return `/kms-functions/${stage}`;
}

/**
 * Returns the name of the audit forwarder's own log group. If it used the functions' log group, the report of each
 * failure would invoke it again.
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

/** The first eight characters of the unique id in `arn:PARTITION:cloudformation:REGION:ACCOUNT:stack/NAME/ID`. */
const stackIdPrefix = {
  'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }],
};

/**
 * Returns the name of the audit trail's log group. Only the audit forwarder may write to the group. The group outlives the
 * stack, so its name contains a part of the stack id. The stage can therefore be removed and deployed again.
 */
export function auditLogGroupName(stage: string): object {
  return { 'Fn::Sub': [`/kms-functions/${stage}/audit-\${StackId}`, { StackId: stackIdPrefix }] };
}

export function buildLogGroups(deployment: Deployment): Record<string, object> {
  const { stage, isLocal, parameters } = deployment;
  const { logRetentionDays, auditRetentionDays, auditRetain } = parameters;
  const auditLogs = buildLogGroup(auditLogGroupName(stage), auditRetentionDays, deployment);
  return {
    [functionLogGroup]: buildLogGroup(functionLogGroupName(stage), logRetentionDays, deployment),
    [accessLogGroup]: buildLogGroup(accessLogGroupName(stage), logRetentionDays, deployment),
    [auditLogGroup]: auditRetain && !isLocal ? retain(auditLogs) : auditLogs,
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
 * Keeps a log group when its stack is removed, and protects it from deletion
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html). The policy
 * `RetainExceptOnCreate` would let CloudFormation delete the group after a failed creation, which the protection rejects.
 */
function retain({ Properties, ...group }: LogGroup): object {
  return {
    ...group,
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { ...Properties, DeletionProtectionEnabled: true },
  };
}

function buildLogGroup(name: string | object, retentionDays: number, deployment: Deployment): LogGroup {
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
