import { logLineBytes } from './log-line-bytes.ts';
import { dollars } from './prices.ts';

const batchItems = 100;
const tokensPerRequest = 2_000;
/** A Map state starts an execution, which executes one state (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-transitions.html). */
const transitionsPerBatch = 2;
/** The results and the failures. */
const putsPerBatch = 2;
/** The worker and ReEncryptBatch, each with 512 MB for a second. */
const functionsPerBatch = 2;
const memoryGb = 0.5;

const kms = dollars.perMillionKmsRequests['symmetric keys, HMAC, RSA_2048'];

/** Returns the dollars per million items that the state machine costs in addition to KMS and the logs. */
export function calculateBulkCosts(): number {
  const { perMillionStateTransitions, perMillionPutRequests, perMillionInvocations, perGbSecond } = dollars;
  const perMillionBatches =
    transitionsPerBatch * perMillionStateTransitions +
    putsPerBatch * perMillionPutRequests +
    functionsPerBatch * (perMillionInvocations + memoryGb * perGbSecond * 1e6);
  return perMillionBatches / batchItems;
}

/** Returns the dollars per million items for the records of items. */
export function calculateItemLogs(): number {
  return ((logLineBytes.item + logLineBytes.itemAudit) / 1_000) * dollars.perGbOfLogs;
}

/** Builds the section about the operations that AWS KMS does not have. */
export function ownOperationsSection(): string {
  const http = (requests: number) =>
    (requests / 1e6) * (dollars.perMillionHttpRequests + dollars.perMillionInvocations);
  const rows = [
    ['GenerateLookupToken', 'one for each version', kms, http(1e6), undefined],
    [
      `GenerateLookupTokenBatch with ${tokensPerRequest.toLocaleString('en')} values`,
      'one for each version, for all values',
      kms / tokensPerRequest,
      http(1e6 / tokensPerRequest),
      undefined,
    ],
    ['the state machine for lists', 'one for each item', kms, calculateBulkCosts(), calculateItemLogs()],
    ['DescribeKeyUsage', 'five for each Region', 5 * kms, http(1e6), undefined],
    [
      'ScheduleKeyDeletion with the deletion guard',
      'three, and one for each further Region',
      3 * kms,
      http(1e6),
      undefined,
    ],
  ] as const;
  const format = (amount: number | undefined) =>
    amount === undefined ? 'as above' : amount.toFixed(amount < 0.1 ? 4 : 2);
  return `### Operations of this service

This table shows the dollars for a million items, tokens or calls. The column "requests" contains the HTTP API and Lambda requests. For the
state machine, it contains Step Functions, S3 and Lambda.

| operation | KMS requests | KMS | requests | logs |
| --- | --- | --: | --: | --: |
${rows.map(([name, requests, ...amounts]) => `| ${name} | ${requests} | ${amounts.map(format).join(' | ')} |`).join('\n')}

- [The state machine](../guides/re-encrypting.md#time-and-cost) pays for each batch of 100 items two
  [state transitions](https://aws.amazon.com/step-functions/pricing/), two [PUT requests](https://aws.amazon.com/s3/pricing/), and two functions of 512 MB
  for a second. A Distributed Map [starts each batch with a
  transition](https://docs.aws.amazon.com/step-functions/latest/dg/concepts-transitions.html).
- [The deletion guard](../guides/deleting-keys.md#cost) and DescribeKeyUsage can send five GetKeyLastUsage requests per second in an account and Region.`;
}
