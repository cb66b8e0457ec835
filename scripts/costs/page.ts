import { awsOperations } from '../../functions/all-operations.ts';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { buildServiceParts } from '../../infra/service.ts';
import {
  listDataKeyPairQuotas,
  listSymmetricQuotas,
  requestsPerSecond,
} from '../../shared/declaration/request-quotas.ts';
import { logLineBytes } from './log-line-bytes.ts';
import { calculateItemLogs, ownOperationsSection } from './own-operations.ts';
import { dollars, pricesLookedUp } from './prices.ts';
import { calculateCosts, scenarios } from './scenarios.ts';

/** The assumed response time of KMS for a Lambda function in the same Region. AWS does not publish this time. */
const assumedKmsMs = 10;
/** The memory size that provides a full vCPU (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const wholeCpuMb = 1_769;
const defaultMemoryMb = 512;

export interface MeasuredCall {
  /** The duration of a call on a full vCPU, with an emulator on the same machine instead of KMS. */
  readonly cpuMs: number;
}

/** Builds docs/reference/costs.md, which documents a deployment's costs and the KMS quotas. */
export function costsPage({ cpuMs }: MeasuredCall): string {
  const kms = dollars.perMillionKmsRequests['symmetric keys, HMAC, RSA_2048'];
  const { call, platform, access, audit } = logLineBytes;
  const logs = ((call + platform + access + audit) / 1_000) * dollars.perGbOfLogs;
  const billMs = (memoryMb: number) => Math.ceil(assumedKmsMs + cpuMs * Math.max(1, wholeCpuMb / memoryMb));
  const rows = [128, 256, defaultMemoryMb, 1_024, wholeCpuMb].map((memoryMb) => {
    const duration = (memoryMb / 1_024) * billMs(memoryMb) * 1_000 * dollars.perGbSecond;
    const cells = [kms, dollars.perMillionInvocations, duration, dollars.perMillionHttpRequests, logs];
    const total = cells.reduce((sum, cell) => sum + cell);
    return `| ${memoryMb} MB | ${billMs(memoryMb)} | ${[...cells, total].map((cell) => cell.toFixed(2)).join(' | ')} |`;
  });
  const { Resources } = buildServiceParts(resolveDeployment('prod', {})).resources;
  const alarms = Object.values(Resources).reduce((total, resource) => total + countAlarmMetrics(resource), 0);
  const model = { billedMs: billMs(defaultMemoryMb), memoryMb: defaultMemoryMb, alarms };
  const costs = scenarios.map((scenario) => calculateCosts(scenario, model));
  return `# Costs

This page estimates the costs of a deployment and of a million operations, and lists the KMS request quotas. The estimates use list prices for
us-east-1 in US dollars, as of ${pricesLookedUp}. They do not include free tiers or data transfer. Because prices change, check the current prices before you decide:
[KMS](https://aws.amazon.com/kms/pricing/), [API Gateway](https://aws.amazon.com/api-gateway/pricing/),
[Lambda](https://aws.amazon.com/lambda/pricing/), [CloudWatch](https://aws.amazon.com/cloudwatch/pricing/),
[EventBridge](https://aws.amazon.com/eventbridge/pricing/), [CloudTrail](https://aws.amazon.com/cloudtrail/pricing/), [DynamoDB](https://aws.amazon.com/dynamodb/pricing/on-demand/),
[Step Functions](https://aws.amazon.com/step-functions/pricing/), [S3](https://aws.amazon.com/s3/pricing/).

## Three examples

This table shows the costs of three example deployments for a 30-day month in dollars:

| item | ${scenarios.map(({ title }) => title).join(' | ')} |
| --- | ${scenarios.map(() => '--:').join(' | ')} |
${Object.keys(costs[0] ?? {})
  .map((item) => `| ${item} | ${costs.map((each) => formatDollars(each[item] ?? 0)).join(' | ')} |`)
  .join('\n')}
| **total** | ${costs.map((each) => `**${formatDollars(sum(each))}**`).join(' | ')} |

${scenarios.map(({ title, description }) => `- ${title.charAt(0).toUpperCase()}${title.slice(1)}: ${description}.`).join('\n')}

The examples assume ${defaultMemoryMb} MB of memory, calls with symmetric keys, and no retries. The audit forwarder copies
${new Intl.ListFormat('en-GB').format(scenarios.map(({ recordsPerForwarding }) => String(recordsPerForwarding)))} records per invocation in the first, second and third examples, because more calls per second lead to larger batches.

## Fixed costs per month

| item | dollars |
| --- | --- |
| a key | ${dollars.perKeyMonth.toFixed(2)} |
| a metric in an alarm (a deployment has ${alarms}) | ${dollars.perAlarmMonth.toFixed(2)} |
| the dashboard | ${dollars.perDashboardMonth.toFixed(2)} |
| a metric with data (two metrics for the service, two for each operation in use, and a few for problems) | ${dollars.perMetricMonth.toFixed(2)} |

An idle deployment costs about 4.50 dollars a month for alarms and the dashboard, plus the cost of its keys. With all ${defaultOperations()} operations of the
default deployment in use, the metrics cost ${formatDollars((2 * (defaultOperations() + 1) + 3) * dollars.perMetricMonth)} dollars a month. With \`routeMetrics=on\`, API Gateway adds six metrics for each route in use.
Whenever someone opens or refreshes the dashboard, each of its three log queries costs ${dollars.perGbOfLogQueries} dollars per gigabyte of logs in the time range.

### A budget for keys

Every key costs a dollar a month until you schedule its deletion, and each of its first two rotations adds a dollar a month. A caller with permission to call CreateKey
can create two keys per second, and an account can have 100,000 keys in a Region. The KeysCreated alarm goes off if callers create more than
\`keysCreatedThreshold\` keys in an hour. Also create an [AWS budget](https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html)
for KMS in the account, and allow \`POST /keys\` only for callers that need to create keys.

## Costs of a million operations

A million operations over HTTP require a million HTTP API requests, a million Lambda invocations and a million KMS requests. Each retry adds a KMS request. If a
function itself rejects a request (400, 404, 413, 415), it does not call KMS. This table shows the costs in dollars for each memory size:

| memory | billed ms | KMS | Lambda requests | Lambda time | HTTP API | logs | total |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

The model assumes that KMS takes ${assumedKmsMs} ms to respond. For the function's own time, it uses the [measured](benchmarks.md) duration of a call to the
emulator on a full vCPU, which is ${cpuMs} ms. With less than ${wholeCpuMb} MB of memory, Lambda provides less than a full vCPU, so the function's own time increases.

A signed call over HTTP writes about ${(call + platform + access + audit).toLocaleString('en')} bytes of logs:

| line | bytes |
| --- | --- |
| the function's line for the call, with its metrics | ${call.toLocaleString('en')} |
| Lambda's own lines (\`platform.start\`, \`platform.report\`) | ${platform} |
| API Gateway's access log | ${access} |
| the audit trail's copy of the record | ${audit} |

Other costs per million calls:

- CloudWatch Logs invokes the audit forwarder for each batch of records. Without batches, a million invocations cost about ${formatDollars(dollars.perMillionInvocations + (defaultMemoryMb / 1_024) * 60 * 1_000 * dollars.perGbSecond + (platform / 1_000) * dollars.perGbOfLogs)} dollars.
- With tenants or \`keysClaim\`, a call that contains an alias can add a DescribeKey request. A million of these KMS requests cost ${formatDollars(kms)} dollars.
- With tenants, each function instance looks up the owner of each key in use every 5 minutes. A lookup is a KMS request, so 10
  instances that use 100 keys all month cause 8.64 million lookups, or ${Math.round(8.64 * kms)} dollars.
- With [idempotency keys](../guides/safe-retries.md), a call to CreateKey costs four DynamoDB write units. A million calls cost ${formatDollars(4 * dollars.perMillionDynamoWrites)} dollars.
- ${describeBatches(kms)}
- With \`eventBus\`, a million lifecycle events cost ${formatDollars(dollars.perMillionEvents)} dollar.
- CloudTrail identifies direct invokers only in Lambda data events, which are off by default. A million data events cost ${formatDollars(dollars.perMillionDataEvents)} dollar, plus storage.
- Direct invocation avoids the cost of the HTTP API, which is ${formatDollars(dollars.perMillionHttpRequests)} dollar. A REST API would cost ${formatDollars(dollars.perMillionRestRequests)} dollars.
- For asymmetric keys other than RSA_2048, a million KMS requests cost ${dollars.perMillionKmsRequests['other asymmetric keys']} dollars instead of ${kms} dollars.
- A million data key pairs cost ${dollars.perMillionKeyPairs.elliptic} dollars for elliptic curves, or ${dollars.perMillionKeyPairs.RSA.toLocaleString('en')} dollars for RSA.

KMS and the HTTP API account for most of the total. To reduce costs, use one data key for many messages. Either call GenerateDataKey and encrypt
the messages in your own process, or use the data key cache in the AWS Encryption SDK. Both methods divide the cost per message by the number of
messages per data key.

${ownOperationsSection()}

## KMS quotas

All callers in an account and Region share the same KMS quotas. Except for symmetric operations, these quotas are far lower than the limits of
Lambda (1,000 concurrent executions by default) and the HTTP API (10,000 requests per second). AWS can increase nearly all KMS quotas on
request. After an increase, set [\`kmsQuotas\`](configuration.md#kmsquotas). This table lists the
[default quotas](https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html), which the emulator applies with
\`--quotas\`. In some Regions, the quota in the first row is higher:
${symmetricElsewhere()}.

| requests per second | operations (a plus sign joins operations that share a quota) | time for a million requests |
| --- | --- | --- |
${quotaRows().join('\n')}

- The quota for data key pairs depends on the key pair spec: ${dataKeyPairText()}. In the China Regions, the quotas for these RSA specs are 1, 0.5 and 0.1.
  AWS publishes no quota for ML-KEM, so the emulator uses 100.
- ReplicateKey also counts as two CreateKey requests in the replica's Region. UpdatePrimaryRegion counts in both Regions.
- AWS publishes no quota for Encapsulate and Decapsulate. The emulator counts them as asymmetric operations.
`;
}

/** The time limit of a batch, which is also the longest billed time. */
const batchSeconds = 26;
const itemsPerBatch = 1_000;

function describeBatches(kms: number): string {
  const batches = 1e6 / itemsPerBatch;
  const lambda =
    (batches / 1e6) * dollars.perMillionInvocations +
    batches * batchSeconds * (defaultMemoryMb / 1_024) * dollars.perGbSecond;
  const logs = calculateItemLogs();
  return `[Batches](../guides/batches.md) need the same KMS requests, but fewer other requests. A million items in batches of ${itemsPerBatch.toLocaleString('en')} over HTTP cost ${formatDollars(kms)} dollars for KMS,
  ${formatDollars(logs)} dollars for the records of the items, at most ${formatDollars(lambda)} dollars for Lambda, and less than a cent for the HTTP API: at most ${formatDollars(kms + logs + lambda)} dollars in total.`;
}

function sum(costs: Readonly<Record<string, number>>): number {
  return Object.values(costs).reduce((total, cost) => total + cost, 0);
}

function formatDollars(amount: number): string {
  return amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Returns the number of operations in a deployment with default parameters, including Health. */
function defaultOperations(): number {
  return resolveDeployment('prod', {}).operations.length + 1;
}

/** Describes the Regions in which the shared quota for symmetric operations is higher than the default. */
function symmetricElsewhere(): string {
  return [...Map.groupBy(listSymmetricQuotas(), ([, perSecond]) => perSecond)]
    .toSorted(([a], [b]) => a - b)
    .map(([perSecond, rows]) => {
      const regions = rows.map(([region]) => region);
      return `${perSecond.toLocaleString('en')} in ${regions.slice(0, -1).join(', ')} and ${regions.at(-1)}`;
    })
    .join(', and ');
}

function dataKeyPairText(): string {
  const specs = Map.groupBy(
    listDataKeyPairQuotas().filter(([spec]) => !spec.startsWith('ML_KEM')),
    ([, perSecond]) => perSecond,
  );
  const parts = [...specs]
    .toSorted(([a], [b]) => b - a)
    .map(([perSecond, rows]) => {
      const names = rows.map(([spec]) => spec);
      return `${perSecond} for ${names.length > 2 ? 'elliptic curves' : names.join(' and ')}`;
    });
  return parts.join(', ');
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

/** Returns the number of metrics that an alarm monitors, which CloudWatch charges separately, or 0 for other resources. */
function countAlarmMetrics(resource: { readonly Type?: string; readonly Properties?: object }): number {
  if (resource.Type !== 'AWS::CloudWatch::Alarm') return 0;
  const { Metrics } = resource.Properties as { readonly Metrics?: readonly object[] };
  return Metrics === undefined ? 1 : Metrics.filter((metric) => 'MetricStat' in metric).length;
}
