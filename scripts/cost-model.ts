import { requestQuotas } from '../shared/declaration/request-quotas.ts';

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
  perGbOfLogs: 0.5,
} as const;

/** Of the quota that symmetric operations share. */
const symmetricElsewhere =
  '20,000 in us-east-2, ap-northeast-1, ap-southeast-1, ap-southeast-2, eu-central-1 and eu-west-2, and 100,000 in us-east-1, us-west-2 and eu-west-1';

/** What KMS itself takes from a Lambda function in its Region: an assumption, for no figure of AWS's states it. */
const assumedKmsMs = 10;
/** A whole vCPU (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const wholeCpuMb = 1_769;

export interface MeasuredCall {
  /** Time of a call on a whole CPU, KMS's part left out as far as an emulator beside it is fast. */
  readonly cpuMs: number;
  readonly logBytes: number;
}

/** Dollars and calls for a million operations over HTTP, as Markdown. */
export function costModel({ cpuMs, logBytes }: MeasuredCall): string {
  const kms = dollars.perMillionKmsRequests['symmetric keys, HMAC, RSA_2048'];
  const logs = (logBytes / 1e9) * 1e6 * dollars.perGbOfLogs;
  const rows = [128, 256, 512, 1_024, wholeCpuMb].map((memoryMb) => {
    const billedMs = Math.ceil(assumedKmsMs + cpuMs * Math.max(1, wholeCpuMb / memoryMb));
    const duration = (memoryMb / 1_024) * billedMs * 1_000 * dollars.perGbSecond;
    const total = kms + dollars.perMillionInvocations + duration + dollars.perMillionHttpRequests + logs;
    const cells = [kms, dollars.perMillionInvocations, duration, dollars.perMillionHttpRequests, logs, total];
    return `| ${memoryMb} MB | ${billedMs} | ${cells.map((cell) => cell.toFixed(2)).join(' | ')} |`;
  });
  return `A million operations over HTTP are a million requests to the HTTP API, a million invocations and a million requests to KMS;
a retry is one more request to KMS, and what the functions refuse themselves (400, 404, 413, 415) is none. In dollars, at list
prices of us-east-1 as known on ${pricesLookedUp} (AWS changes them: check before you rely on them), free tiers and data transfer left out:

| memory | billed ms | KMS | Lambda requests | Lambda time | HTTP API | logs | sum |
| --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

The model: KMS takes ${assumedKmsMs} ms (an assumption); the function's own ${cpuMs} ms, measured above on a whole CPU, grow as
Lambda gives less of one (${wholeCpuMb} MB is a whole); a call writes ${logBytes} bytes of log. The audit
trail takes the record in that line, some 0.6 kB, a second time: ${(0.6 * dollars.perGbOfLogs).toFixed(2)} dollars more. Direct invocation saves the HTTP API's dollar. Operations on
other asymmetric keys than RSA_2048 cost ${dollars.perMillionKmsRequests['other asymmetric keys']} dollars a million at KMS instead of ${kms}, data key pairs ${dollars.perMillionKeyPairs.elliptic} (elliptic) and
${dollars.perMillionKeyPairs.RSA.toLocaleString('en')} (RSA), and each key ${dollars.perKeyMonth} dollar a month.

Most of the sum is KMS's and the gateway's. A data key that is kept for many messages (GenerateDataKey, then encryption in the
caller's own process) divides all of it by the number of messages.

### Where KMS's quotas bind

KMS throttles by account and Region, all callers together, long before Lambda (1,000 at once by default) or the HTTP API
(10,000 requests a second) do, for all but the symmetric operations. The defaults, in requests a second, as the emulator applies them with \`--quotas\`
(https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html; nearly all can be raised on request). The first row is
${symmetricElsewhere}:

| requests a second | for each of (+ for all together) | at that rate, a million take |
| --- | --- | --- |
${quotaRows().join('\n')}
`;
}

function quotaRows(): string[] {
  const byRate = new Map<number, string[]>();
  for (const operations of Map.groupBy(requestQuotas, ([, { row }]) => row).values()) {
    const perSecond = operations[0]?.[1].perSecond ?? 0;
    const names = operations.map(([name]) => name).join(' + ');
    byRate.set(perSecond, [...(byRate.get(perSecond) ?? []), names]);
  }
  return [...byRate].map(([perSecond, operations]) => {
    const seconds = 1e6 / perSecond;
    const time = seconds < 7_200 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(seconds / 3_600)} hours`;
    return `| ${perSecond.toLocaleString('en')} | ${operations.join(', ')} | ${time} |`;
  });
}
