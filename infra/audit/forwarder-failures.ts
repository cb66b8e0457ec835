import { auditMetricNames, metricsNamespace } from '../../shared/observability/metric-names.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { auditLogGroup, functionId } from '../deployment/logical-ids.ts';
import { buildTagList } from '../deployment/tags.ts';
import type { Statement } from '../roles/statement.ts';
import { forwarder, forwarderRole } from './forwarder.ts';

const queue = 'AuditFailuresQueue';
/** The longest retention period that SQS supports. */
const retentionSeconds = 14 * 24 * 60 * 60;
const periodSeconds = 300;

/**
 * The metrics that are above zero if the audit trail loses records, or if an invoker tries to forge a record
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html). After an error or a throttle, Lambda
 * retries the invocation.
 */
const lambdaMetrics = ['Errors', 'Throttles', 'AsyncEventsDropped', 'DestinationDeliveryFailures'] as const;

/** Builds the queue for deliveries that the forwarder could not process, and the alarm for them. */
export function buildForwarderFailures(deployment: Deployment): Record<string, object> {
  return {
    [queue]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        MessageRetentionPeriod: retentionSeconds,
        SqsManagedSseEnabled: true,
        Tags: buildTagList(deployment),
      },
    },
    AuditInvocation: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: {
        FunctionName: { Ref: functionId(forwarder) },
        Qualifier: '$LATEST',
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': [queue, 'Arn'] } } },
      },
    },
    AuditAlarm: buildAlarm(deployment),
  };
}

export function buildForwarderOutputs(): Record<string, object> {
  return {
    AuditLogGroupName: {
      Description: "The audit trail's log group.",
      Value: { Ref: auditLogGroup },
    },
    // If the alarm topic is encrypted, the key policy of its KMS key must allow this role
    // (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
    [`${forwarderRole}Arn`]: {
      Description: "The audit forwarder's role.",
      Value: { 'Fn::GetAtt': [forwarderRole, 'Arn'] },
    },
    AuditFailuresQueueUrl: {
      Description: 'The queue for log deliveries that the audit forwarder could not process.',
      Value: { Ref: queue },
    },
  };
}

/**
 * Allows Lambda to send failed invocations to the queue
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html).
 */
export const queueStatement: Statement = {
  Effect: 'Allow',
  Action: 'sqs:SendMessage',
  Resource: { 'Fn::GetAtt': [queue, 'Arn'] },
};

/**
 * Builds an alarm for the sum of the metrics. A sum counts a missing metric as zero. The function FILL is not used,
 * because it can hide late data points from an alarm
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax).
 */
function buildAlarm(deployment: Deployment): object {
  const { name, parameters } = deployment;
  const topic = parameters.alarmTopicArn;
  const terms = [
    ...lambdaMetrics.map((metric) => buildTerm(metric, 'AWS/Lambda', 'FunctionName', `${name}-${forwarder}`)),
    buildTerm(auditMetricNames.rejectedRecords, metricsNamespace, 'service', name),
  ];
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${name}-Audit`,
      AlarmDescription: `${name}: The audit forwarder failed, or rejected records. See docs/guides/runbook.md.`,
      Metrics: [{ Id: 'total', Expression: terms.map(({ Id }) => Id).join(' + '), Label: 'Audit failures' }, ...terms],
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      ...(topic === undefined ? {} : { AlarmActions: [topic], OKActions: [topic] }),
      Tags: buildTagList(deployment),
    },
  };
}

function buildTerm(MetricName: string, Namespace: string, dimension: string, Value: string) {
  return {
    Id: MetricName.charAt(0).toLowerCase() + MetricName.slice(1),
    MetricStat: {
      Metric: { Namespace, MetricName, Dimensions: [{ Name: dimension, Value }] },
      Period: periodSeconds,
      Stat: 'Sum',
    },
    ReturnData: false,
  };
}
