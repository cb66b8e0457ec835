/**
 * AWS list prices in us-east-1, without free tiers:
 * https://aws.amazon.com/kms/pricing/, https://aws.amazon.com/lambda/pricing/ (arm64),
 * https://aws.amazon.com/api-gateway/pricing/ (HTTP API), https://aws.amazon.com/cloudwatch/pricing/,
 * https://aws.amazon.com/eventbridge/pricing/, https://aws.amazon.com/cloudtrail/pricing/,
 * https://aws.amazon.com/step-functions/pricing/, https://aws.amazon.com/s3/pricing/.
 */
export const pricesLookedUp = '2026-11-26';
export const dollars = {
  perMillionKmsRequests: { 'symmetric keys, HMAC, RSA_2048': 3, 'other asymmetric keys': 15 },
  perMillionKeyPairs: { elliptic: 10, RSA: 1_200 },
  perKeyMonth: 1,
  perMillionInvocations: 0.2,
  perGbSecond: 0.0000133334,
  /** The first 300 million requests of a month. Further requests cost less. */
  perMillionHttpRequests: 1,
  perMillionHttpRequestsAbove300Million: 0.9,
  perMillionRestRequests: 3.5,
  /** The first 10 TB of a month. The price also applies to Lambda and API Gateway logs. */
  perGbOfLogs: 0.5,
  /** Logs Insights charges for the data that each query reads. */
  perGbOfLogQueries: 0.005,
  perMetricMonth: 0.3,
  perAlarmMonth: 0.1,
  perDashboardMonth: 3,
  /** On-demand capacity, for items of at most 1 KB: https://aws.amazon.com/dynamodb/pricing/on-demand/. */
  perMillionDynamoWrites: 0.625,
  /** Standard workflows. A Map state also starts each of its executions with a transition. */
  perMillionStateTransitions: 25,
  perMillionPutRequests: 5,
  perMillionEvents: 1,
  perMillionDataEvents: 1,
} as const;
