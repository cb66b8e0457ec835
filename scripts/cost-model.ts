import { awsOperations } from '../functions/all-operations.ts';
import { requestsPerSecond } from '../shared/declaration/request-quotas.ts';

/**
 * AWS list prices in us-east-1, without free tiers:
 * https://aws.amazon.com/kms/pricing/, https://aws.amazon.com/lambda/pricing/ (arm64),
 * https://aws.amazon.com/api-gateway/pricing/ (HTTP API, first tier), https://aws.amazon.com/cloudwatch/pricing/.
 */
const pricesLookedUp = '2026-11-25';
export const dollars = {
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

/** The Regions in which the shared quota for symmetric operations is higher than the default. */
const symmetricElsewhere =
  '20,000 in us-east-2, ap-northeast-1, ap-southeast-1, ap-southeast-2, eu-central-1 and eu-west-2, and 100,000 in us-east-1, us-west-2 and eu-west-1';

/** The assumed response time of KMS for a Lambda function in the same Region. AWS does not publish this time. */
const assumedKmsMs = 10;
/** The memory size that provides a full vCPU (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const wholeCpuMb = 1_769;

export interface MeasuredCall {
  /** The duration of a call on a full vCPU, with an emulator on the same machine instead of KMS. */
  readonly cpuMs: number;
  readonly logBytes: number;
}

/** Builds docs/reference/costs.md, which documents a deployment's costs and the KMS quotas. */
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

| item | dollars |
| --- | --- |
| a key | ${dollars.perKeyMonth.toFixed(2)} |
| an alarm (a deployment has seven) | ${dollars.perAlarmMonth.toFixed(2)} |
| the dashboard | ${dollars.perDashboardMonth.toFixed(2)} |
| a metric with data (two for the service, two for each operation in use, and a few for problems) | ${dollars.perMetricMonth.toFixed(2)} |

An idle deployment costs about 4 dollars for its alarms and dashboard, plus the cost of its keys.

## Costs of a million operations

A million operations over HTTP require a million HTTP API requests, Lambda invocations and KMS requests. Each retry adds a KMS request. A
function that rejects a request itself (400, 404, 413, 415) does not call KMS. The table shows dollars for each memory size:

| memory | billed ms | KMS | Lambda requests | Lambda time | HTTP API | logs | total |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

The model assumes that KMS takes ${assumedKmsMs} ms. For the function's own time, it uses the [measured](benchmarks.md) duration of a call to the
emulator on a full vCPU, which is ${cpuMs} ms. This time increases below ${wholeCpuMb} MB, where Lambda provides less than a full vCPU. Each call
writes ${logBytes} bytes of log data.

- The audit trail stores a second copy of the audit record, about 0.6 kB, which adds ${(0.6 * dollars.perGbOfLogs).toFixed(2)} dollars.
- Direct invocation avoids the HTTP API cost of ${dollars.perMillionHttpRequests.toFixed(2)} dollars. A REST API would cost ${dollars.perMillionRestRequests.toFixed(2)} dollars.
- For asymmetric keys other than RSA_2048, a million KMS requests cost ${dollars.perMillionKmsRequests['other asymmetric keys']} dollars instead of ${kms} dollars.
- With tenants, each function instance looks up the owner of each key that it uses every 5 minutes. A lookup is a KMS request, so 10
  instances that use 100 keys all month cause 8.64 million lookups, or ${Math.round(8.64 * Number(kms))} dollars.
- A million data key pairs cost ${dollars.perMillionKeyPairs.elliptic} dollars for elliptic curves, or ${dollars.perMillionKeyPairs.RSA.toLocaleString('en')} dollars for RSA.

KMS and the HTTP API account for most of the total. To reduce costs, use one data key for many messages. Call GenerateDataKey and encrypt
in your own process, or use the data key cache of the AWS Encryption SDK. Both methods divide the cost per message by the number of
messages per data key.

## KMS quotas

All callers in an account share its KMS quotas for a Region. Except for symmetric operations, KMS quotas are far lower than the limits of
Lambda (1,000 concurrent executions by default) and the HTTP API (10,000 requests per second). AWS can increase nearly all KMS quotas on
request. This table lists the [default quotas](https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html), which
the emulator applies with \`--quotas\`. In some Regions, the quota in the first row is higher:
${symmetricElsewhere}.

| requests per second | operations (a plus sign joins operations that share a quota) | time for a million requests |
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
