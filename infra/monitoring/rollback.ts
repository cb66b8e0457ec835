import type { Deployment } from '../deployment/deployment.ts';
import { alarmNames, rollbackAlarmIds } from './alarms.ts';

/** The value of `provider.rollbackConfiguration` in serverless.yml. */
export interface RollbackConfiguration {
  readonly RollbackTriggers: readonly { readonly Arn: string; readonly Type: 'AWS::CloudWatch::Alarm' }[];
  readonly MonitoringTimeInMinutes?: number;
}

const monitoringMinutes = 10;

/**
 * Builds the alarms that roll a deployment back. CloudFormation accepts at most five, and fails if an alarm does not
 * exist (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-rollback-triggers.html). The first
 * deployment of a stage must therefore have no such alarms. An empty list removes the triggers of an earlier
 * deployment.
 */
export function buildRollbackConfiguration(deployment: Deployment): RollbackConfiguration {
  const { rollbackAlarmAccount: account } = deployment.parameters;
  if (account === undefined || deployment.isLocal) return { RollbackTriggers: [] };
  const prefix = `arn:${findPartition(deployment.region)}:cloudwatch:${deployment.region}:${account}:alarm:`;
  const names = alarmNames(deployment, rollbackAlarmIds);
  return {
    RollbackTriggers: names.map((name) => ({ Arn: `${prefix}${name}`, Type: 'AWS::CloudWatch::Alarm' })),
    MonitoringTimeInMinutes: monitoringMinutes,
  };
}

/** Returns a Region's partition. osls passes these ARNs to CloudFormation outside the template, where pseudo parameters do not exist. */
function findPartition(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
