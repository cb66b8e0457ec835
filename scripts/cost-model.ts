import { awsOperations } from '../functions/all-operations.ts';
import { requestsPerSecond } from '../shared/declaration/request-quotas.ts';

/**
 * AWS's list prices in us-east-1, without free tiers:
 * https://aws.amazon.com/kms/pricing/, https://aws.amazon.com/lambda/pricing/ (arm64),
 * https://aws.amazon.com/api-gateway/pricing/ (HTTP API, first tier), https://aws.amazon.com/cloudwatch/pricing/.
 */
const pricesLookedUp = '2026-11-25';
const dollars = {
  perMillionKmsRequests: { 'symmetric keys, HMAC, RSA_2048': 3, 'other asymmetric keys': 15 },
  perMillionKeyPairs: { elliptic: 10, RSA: 1_200 },
  perKeyMonth: 1,
  perMillionInvocations: 0.2,
  perGbSecond: 0.0000133334,
  perMillionHttpRequests: 1,
  perMillionRestRequests: 3.5,
  perGbOfLogs: 0.5,
  perMetricMonth: 0.3,
  perAlarmMonth: 0.1,
  perDashboardMonth: 3,
} as const;

/** The shared quota for symmetric operations, in Regions where it is higher than the default. */
const symmetricElsewhere =
  '20,000 in us-east-2, ap-northeast-1, ap-southeast-1, ap-southeast-2, eu-central-1 and eu-west-2, and 100,000 in us-east-1, us-west-2 and eu-west-1';

/** The assumed time that KMS takes to respond to a Lambda function in the same Region. AWS publishes no figure. */
const assumedKmsMs = 10;
/** The memory for which Lambda provides a whole vCPU (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const wholeCpuMb = 1_769;

export interface MeasuredCall {
  /**
   * How long a call takes on a full vCPU. It includes the time in an emulator on the same machine instead of the time in KMS.
   */
  readonly cpuMs: number;
  readonly logBytes: number;
}

/** Returns docs/reference/costs.md: the costs of a deployment and of a million operations, and the KMS quotas. */
export function costsPage({ cpuMs, logBytes }: MeasuredCall): string {
  const kms = dollars.perMillionKmsRequests['symmetric keys, HMAC, RSA_2048'];
  const logs = (logBytes / 1e9) * 1e6 * dollars.perGbOfLogs;
  const rows = [128, 256, 512, 1_024, wholeCpuMb].map((memoryMb) => {
    const billedMs = Math.ceil(assumedKmsMs + cpuMs * Math.max(1, wholeCpuMb / memoryMb));
    const duration = (memoryMb / 1_024) * billedMs * 1_000 * dollars.perGbSecond;
    const total = kms + dollars.perMillionInvocations + duration + dollars.perMillionHttpRequests + logs;
    const cells = [kms, dollars.perMillionInvocations, duration, dollars.perMillionHttpRequests, logs, total];
    return `| ${memoryMb} MB | ${billedMs} | ${cells.map((cell) => cell.toFixed(2)).join(' | ')} |`;
  });
  return `# Costs

This page estimates the costs of a deployment and of a million operations, and lists the KMS request quotas. It uses list prices for
us-east-1 in US dollars, as of ${pricesLookedUp}, without free tiers and data transfer. Prices change. Before you decide, check
[KMS](https://aws.amazon.com/kms/pricing/), [API Gateway](https://aws.amazon.com/api-gateway/pricing/),
[Lambda](https://aws.amazon.com/lambda/pricing/) and [CloudWatch](https://aws.amazon.com/cloudwatch/pricing/).

## Fixed costs per month

| part | dollars |
| --- | --- |
| a key | ${dollars.perKeyMonth.toFixed(2)} |
| an alarm; a deployment has six | ${dollars.perAlarmMonth.toFixed(2)} |
| the dashboard | ${dollars.perDashboardMonth.toFixed(2)} |
| a metric with data; a deployment has six, and six more for each operation in use | ${dollars.perMetricMonth.toFixed(2)} |

An idle deployment costs about 4 dollars for its alarms and dashboard, plus the cost of its keys.

## Costs of a million operations

A million operations over HTTP need a million HTTP API requests, Lambda invocations and KMS requests. Each retry is one more KMS request.
If a function itself rejects a request (400, 404, 413, 415), it sends no request to KMS. The table shows dollars for each memory size:

| memory | billed ms | KMS | Lambda requests | Lambda time | HTTP API | logs | total |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

The model assumes that KMS takes ${assumedKmsMs} ms. A call with the emulator [took](benchmarks.md) ${cpuMs} ms on a whole CPU, which the model uses as the
function's own time. This time grows when Lambda provides less than a whole CPU (below ${wholeCpuMb} MB). A call writes ${logBytes} bytes of log data.

- The audit trail stores a second copy of the audit record, about 0.6 kB, for ${(0.6 * dollars.perGbOfLogs).toFixed(2)} dollars more.
- Direct invocation saves the HTTP API's ${dollars.perMillionHttpRequests.toFixed(2)} dollars. A REST API would cost ${dollars.perMillionRestRequests.toFixed(2)} dollars.
- A million operations on asymmetric keys other than RSA_2048 cost ${dollars.perMillionKmsRequests['other asymmetric keys']} dollars for KMS requests, instead of ${kms} dollars.
- A million data key pairs cost ${dollars.perMillionKeyPairs.elliptic} dollars (elliptic curves) or ${dollars.perMillionKeyPairs.RSA.toLocaleString('en')} dollars (RSA).

KMS and the HTTP API cause most of the total. To reduce the total, use one data key for many messages: call GenerateDataKey and encrypt
in your own process, or use the AWS Encryption SDK's cache. The total is then divided by the number of messages per data key.

## KMS quotas

KMS quotas apply per account and Region, to all callers together. Except for symmetric operations, KMS throttles long before Lambda (1,000
concurrent executions by default) and the HTTP API (10,000 requests per second). AWS raises nearly all quotas on request. This table
lists the [default quotas](https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html), which the emulator
applies with \`--quotas\`. The quota in the first row is ${symmetricElsewhere}.

| requests per second | operations (+ means a shared quota) | time for a million requests |
| --- | --- | --- |
${quotaRows().join('\n')}
`;
}

function quotaRows(): string[] {
  const byQuota = Map.groupBy(awsOperations, ({ name, requestQuota }) =>
    typeof requestQuota === 'number' ? name : requestQuota,
  );
  const quotas = [...byQuota.values()].map((operations) => ({
    perSecond: Math.max(...operations.map(({ requestQuota }) => requestsPerSecond(requestQuota))),
    names: operations.map(({ name }) => name).join(' + '),
  }));
  const rates = [...Map.groupBy(quotas, ({ perSecond }) => perSecond)].toSorted(([a], [b]) => b - a);
  return rates.map(([perSecond, sharing]) => {
    const seconds = 1e6 / perSecond;
    const time = seconds < 7_200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3_600)} hours`;
    return `| ${perSecond.toLocaleString('en')} | ${sharing.map(({ names }) => names).join(', ')} | ${time} |`;
  });
}
