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

/** The shared quota of symmetric operations in Regions with a higher one. */
const symmetricElsewhere =
  '20,000 in us-east-2, ap-northeast-1, ap-southeast-1, ap-southeast-2, eu-central-1 and eu-west-2, and 100,000 in us-east-1, us-west-2 and eu-west-1';

/** The time of KMS itself for a Lambda function in its Region. An assumption: AWS publishes no figure. */
const assumedKmsMs = 10;
/** A whole vCPU (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const wholeCpuMb = 1_769;

export interface MeasuredCall {
  /**
   * Time of a call on a whole CPU. It contains the time of an emulator on the same machine instead of the time of KMS.
   */
  readonly cpuMs: number;
  readonly logBytes: number;
}

/** docs/reference/costs.md: what a deployment and a million operations cost, and where KMS throttles. */
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

List prices of us-east-1 in US dollars, without free tiers and data transfer, as of ${pricesLookedUp}. AWS changes prices. Check
[KMS](https://aws.amazon.com/kms/pricing/), [API Gateway](https://aws.amazon.com/api-gateway/pricing/),
[Lambda](https://aws.amazon.com/lambda/pricing/) and [CloudWatch](https://aws.amazon.com/cloudwatch/pricing/) before you decide.

## Fixed costs per month

| part | dollars |
| --- | --- |
| a key | ${dollars.perKeyMonth.toFixed(2)} |
| an alarm; a deployment has six | ${dollars.perAlarmMonth.toFixed(2)} |
| the dashboard | ${dollars.perDashboardMonth.toFixed(2)} |
| a metric with data; 6 for the service, and 6 for each operation in use | ${dollars.perMetricMonth.toFixed(2)} |

An idle deployment costs about 4 dollars for alarms and dashboard, plus its keys.

## A million operations

A million operations over HTTP are a million requests to the HTTP API, a million invocations and a million requests to KMS. A retry is
one more request to KMS. A request that the functions reject themselves (400, 404, 413, 415) is no request to KMS.

| memory | billed ms | KMS | Lambda requests | Lambda time | HTTP API | logs | total |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

The model assumes ${assumedKmsMs} ms for KMS. The function's own ${cpuMs} ms were [measured](benchmarks.md) on a whole CPU, and grow as Lambda
gives less of one (${wholeCpuMb} MB is a whole CPU). A call writes ${logBytes} bytes of log.

- The audit trail stores the record of that line again, about 0.6 kB: ${(0.6 * dollars.perGbOfLogs).toFixed(2)} dollars more.
- Direct invocation saves the ${dollars.perMillionHttpRequests.toFixed(2)} dollars of the HTTP API. A REST API would cost ${dollars.perMillionRestRequests.toFixed(2)} dollars.
- A million operations on asymmetric keys other than RSA_2048 cost ${dollars.perMillionKmsRequests['other asymmetric keys']} dollars at KMS instead of ${kms}.
- A million data key pairs cost ${dollars.perMillionKeyPairs.elliptic} dollars (elliptic curves) or ${dollars.perMillionKeyPairs.RSA.toLocaleString('en')} dollars (RSA).

KMS and the gateway are most of the total. To save most of it, use a data key for many messages: call GenerateDataKey and encrypt in
your own process, or use the cache of the AWS Encryption SDK. This divides the total by the number of messages.

## Where KMS quotas apply

KMS throttles per account and Region, all callers together. For all but symmetric operations, it does so long before Lambda (1,000
concurrent executions by default) and the HTTP API (10,000 requests a second). The
[default quotas](https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html) follow, as the emulator applies them
with \`--quotas\`. AWS raises nearly all of them on request. The first row is ${symmetricElsewhere}.

| requests a second | for each of (+ for all together) | time for a million |
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
