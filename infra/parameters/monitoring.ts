import * as z from 'zod';
import { accountId, listOf, onOff, parameter, wholeNumber } from './parameter.ts';

/**
 * The retention periods that CloudWatch Logs supports
 * (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html).
 */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const retention = wholeNumber(1, 3653).refine((days) => retentionDays.includes(days));
const retentionRule = `must be one of ${retentionDays.join(', ')}`;

export const monitoringParameters = {
  logRetentionDays: parameter({
    schema: retention,
    default: '30',
    rule: retentionRule,
    description: 'Number of days to retain the function logs and the API Gateway access log.',
    example: '365',
    local: { applied: false, reason: 'it has no log groups' },
  }),
  auditRetentionDays: parameter({
    schema: retention,
    default: '365',
    rule: retentionRule,
    description: 'Number of days to retain the audit trail.',
    example: '731',
    local: { applied: false, reason: 'it has no log groups' },
  }),
  auditRetain: parameter({
    schema: onOff,
    default: 'on',
    rule: 'must be `on` or `off`',
    description:
      'Controls whether the audit trail outlives the stack. With `on`, the audit log group is protected from deletion, and remains after you remove the stack. Use `off` only for stages whose audit trail you do not need to keep.',
    example: 'off',
    local: { applied: false, reason: 'it has no log groups' },
  }),
  logKmsKeyArn: parameter({
    schema: z.string().regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/),
    unset: 'encryption with a key that CloudWatch Logs owns',
    rule: 'must be the ARN of a KMS key, not of an alias',
    description:
      'KMS key that encrypts the logs and the audit trail. Its key policy must allow CloudWatch Logs to use the key.',
    example: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    local: { applied: false, reason: 'it has no log groups' },
  }),
  auditContextValues: parameter({
    schema: listOf(z.string().regex(/^[^,\s]{1,200}$/)),
    unset: 'no values',
    rule: 'must be a list of encryption context keys',
    description:
      'Encryption context keys whose values the audit trail contains. For other encryption context keys, the audit trail contains only the key.',
    example: 'tenant,purpose',
    local: { applied: true, note: 'With `KMS_FUNCTIONS_LOG=json`, `npm start` prints the records.' },
  }),
  eventBus: parameter({
    schema: z.string().regex(/^[\w.-]{1,256}$/),
    unset: 'no events',
    rule: "must be the name of an event bus in the service's account and Region",
    description:
      'EventBridge event bus to which the service publishes key lifecycle events, such as key creation, rotation and scheduled deletion.',
    example: 'default',
    local: { applied: false, reason: 'it has no audit forwarder' },
  }),
  tracing: parameter({
    schema: onOff,
    default: 'off',
    rule: 'must be `on` or `off`',
    description: 'Controls whether the functions send traces to AWS X-Ray.',
    example: 'on',
    local: { applied: false, reason: 'it does not call X-Ray' },
  }),
  routeMetrics: parameter({
    schema: onOff,
    default: 'off',
    rule: 'must be `on` or `off`',
    description:
      'Controls whether API Gateway publishes metrics for each route, at an additional cost. The alarms and the dashboard do not need these metrics.',
    example: 'on',
    local: { applied: false, reason: 'it does not call CloudWatch' },
  }),
  keysCreatedThreshold: parameter({
    schema: wholeNumber(1, 10_000),
    default: '50',
    rule: 'must be a whole number from 1 to 10000',
    description: 'Number of keys that callers may create in an hour before the KeysCreated alarm goes off.',
    example: '500',
    local: { applied: false, reason: 'it has no alarms' },
  }),
  rollbackAlarmAccount: parameter({
    schema: accountId,
    unset: 'no rollback when an alarm goes off',
    rule: 'must be a 12-digit account id',
    description:
      "The service's own account. If set, CloudFormation rolls a deployment back if the Faults, GatewayFaults, Latency or AccessDenied alarm goes off during the deployment or in the ten minutes after it. Set this parameter only after the stage's first deployment, because a deployment fails if its alarms do not exist yet.",
    example: '111122223333',
    local: { applied: false, reason: 'it is not deployed' },
  }),
  alarmTopicArn: parameter({
    schema: z.string().regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/),
    unset: 'alarms without notifications',
    rule: 'must be the ARN of an SNS topic',
    description:
      'SNS topic that receives a notification when an alarm enters the state ALARM or OK, and for each call that destroys a key. If a KMS key encrypts the topic, its key policy must allow CloudWatch alarms and the role in the stack output `ForwardAuditRoleArn` to use the key. The policy of the AWS managed key `alias/aws/sns` does not allow this use.',
    example: 'arn:aws:sns:us-east-1:111122223333:on-call',
    local: { applied: false, reason: 'it has no alarms' },
  }),
};
