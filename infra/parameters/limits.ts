import * as z from 'zod';
import { listOf, parameter, wholeNumber } from './parameter.ts';

/** Accepts a list of `NAME:NUMBER` pairs, each of which has a different name. */
function numberByName(minimum: number, maximum: number, name = /[A-Z][A-Za-z]+/) {
  return listOf(z.string().regex(new RegExp(`^(?:${name.source}):\\d{1,7}$`)))
    .transform((pairs) => pairs.map((pair): [string, number] => [pair.split(':')[0] ?? '', Number(pair.split(':')[1])]))
    .refine((pairs) => pairs.every(([, number]) => number >= minimum && number <= maximum))
    .refine((pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length)
    .transform((pairs): ReadonlyMap<string, number> => new Map(pairs));
}

/** Accepts a part of a whole, from 0.01 to `maximum`. */
function part(maximum: number) {
  return z
    .string()
    .regex(/^[01](?:\.\d{1,4})?$/)
    .transform(Number)
    .pipe(z.number().min(0.01).max(maximum));
}

export const limitParameters = {
  kmsShare: parameter({
    schema: part(1),
    default: '0.5',
    rule: 'must be a number from 0.01 to 1',
    description:
      'The part of each KMS request quota that the routes of this deployment may use. Routes whose operations share a quota divide this part. The rest remains for other users of KMS in the account and Region, such as AWS services, other stages and direct invokers.',
    example: '0.25',
    local: { applied: true, note: 'If any parameter of a rate is set, all routes have rate limits.' },
  }),
  kmsQuotas: parameter({
    schema: numberByName(1, 1_000_000, /[A-Z][A-Za-z]+|symmetric|asymmetric|data-key-pair/),
    unset: "the default quotas in the service's Region",
    rule: 'must be a list of `QUOTA:RATE` pairs, with each quota at most once and rates from 1 to 1000000',
    description:
      "The account's KMS request quotas, in requests per second, if they differ from the [defaults](costs.md#kms-quotas). The quotas that operations share are `symmetric`, `asymmetric` and `data-key-pair`. Other quotas have the name of their operation.",
    example: 'asymmetric:5000,ListKeys:2000',
    local: { applied: true, note: 'If any parameter of a rate is set, all routes have rate limits.' },
  }),
  throttleRate: parameter({
    schema: wholeNumber(1, 10_000),
    default: '100',
    rule: 'must be a whole number from 1 to 10000',
    description:
      'Maximum number of requests per second for each route. If the share of the KMS request quota is lower, this share applies instead. `operationRates` changes the rate for individual operations.',
    example: '500',
    local: { applied: true, note: 'If any parameter of a rate is set, all routes have rate limits.' },
  }),
  throttleBurst: parameter({
    schema: wholeNumber(1, 5_000),
    default: '200',
    rule: 'must be a whole number from 1 to 5000',
    description:
      'Maximum number of concurrent requests in a burst for each route. If the share of the KMS request quota is lower, this share applies instead.',
    example: '1000',
    local: { applied: true, note: 'If any parameter of a rate is set, all routes have rate limits.' },
  }),
  operationRates: parameter({
    schema: numberByName(1, 10_000),
    unset:
      'the lower of `throttleRate` and an equal part of the share of the KMS request quota; at most 2 for CreateKey and ReplicateKey',
    rule: 'must be a list of `OPERATION:RATE` pairs, with each operation at most once and rates from 1 to 10000',
    description:
      'Maximum number of requests per second, and the maximum burst, for the routes of individual operations. A rate can exceed `throttleRate`, but the rates of all operations with the same KMS request quota must stay within `kmsShare` of the quota. The other operations with this quota divide the rest. Every operation in the list must be deployed.',
    example: 'CreateKey:1,Sign:200',
    local: { applied: true, note: 'If any parameter of a rate is set, all routes have rate limits.' },
  }),
  accountConcurrency: parameter({
    schema: wholeNumber(10, 1_000_000),
    default: '1000',
    rule: 'must be a whole number from 10 to 1000000',
    description:
      "The account's quota for concurrent Lambda executions in the service's Region. `aws lambda get-account-settings` shows it. The Concurrency alarm goes off when the account claims more than 80 % of this quota.",
    example: '3000',
    local: { applied: false, reason: 'it has no alarms' },
  }),
  reservedConcurrency: parameter({
    schema: numberByName(0, 9_999),
    unset: 'no reservation and no limit',
    rule: 'must be a list of `OPERATION:COUNT` pairs, with each operation at most once and counts from 0 to 9999',
    description:
      "Reserved concurrency for functions. A function always has this capacity and never exceeds it. A count of `0` disables the function. Every operation in the list must be deployed. Lambda requires that 100 of the account's concurrency (1,000 by default) remain unreserved. New accounts may have a concurrency of only 10, so they cannot reserve any.",
    example: 'Decrypt:50,GenerateDataKeyPair:5',
    local: { applied: false, reason: 'all functions run in one process' },
  }),
};
