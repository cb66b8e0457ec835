import { auditMetricNames, metricsNamespace } from '../../../shared/observability/metric-names.ts';

const { rejectedRecords } = auditMetricNames;

/**
 * Reports rejected lines as one log line in CloudWatch's embedded metric format, without the lines' content
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export function reportRejections(reasons: readonly string[], service: string): void {
  if (reasons.length === 0) return;
  const line = {
    level: 'ERROR',
    message: 'rejected',
    service,
    reasons: [...new Set(reasons)],
    [rejectedRecords]: reasons.length,
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: metricsNamespace,
          Dimensions: [['service']],
          Metrics: [{ Name: rejectedRecords, Unit: 'Count' }],
        },
      ],
    },
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
