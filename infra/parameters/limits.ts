import * as z from 'zod';
import { listOf, parameter, wholeNumber } from './parameter.ts';

/** Accepts a list of `OPERATION:NUMBER` pairs, each for a different operation. */
function numberByOperation(minimum: number, maximum: number) {
  return listOf(z.string().regex(/^[A-Z][A-Za-z]+:\d{1,5}$/))
    .transform((pairs) => pairs.map((pair): [string, number] => [pair.split(':')[0] ?? '', Number(pair.split(':')[1])]))
    .refine((pairs) => pairs.every(([, number]) => number >= minimum && number <= maximum))
    .refine((pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length)
    .transform((pairs): ReadonlyMap<string, number> => new Map(pairs));
}

export const limitParameters = {
  throttleRate: parameter({
    schema: wholeNumber(1, 10_000),
    default: '100',
    rule: 'must be a whole number from 1 to 10000',
    description:
      'Maximum number of requests per second for each route. If the KMS request quota for an operation is lower, the quota applies instead. `operationRates` changes the rate for individual operations.',
    example: '500',
  }),
  throttleBurst: parameter({
    schema: wholeNumber(1, 5_000),
    default: '200',
    rule: 'must be a whole number from 1 to 5000',
    description:
      'Maximum number of concurrent requests in a burst for each route. If the KMS request quota for an operation is below `throttleRate`, the quota also limits the burst.',
    example: '1000',
  }),
  operationRates: parameter({
    schema: numberByOperation(1, 10_000),
    unset: 'the lower of `throttleRate` and the KMS request quota; 2 for CreateKey and ReplicateKey',
    rule: 'must be a list of `OPERATION:RATE` pairs, with each operation at most once and rates from 1 to 10000',
    description:
      'Maximum number of requests per second, and the maximum burst, for the routes of individual operations. A rate can be higher or lower than the default. After AWS increases a KMS request quota, raise the rate here too. Every operation in the list must be deployed.',
    example: 'CreateKey:5,Sign:2000',
  }),
  reservedConcurrency: parameter({
    schema: numberByOperation(0, 9_999),
    unset: 'no reservation and no limit',
    rule: 'must be a list of `OPERATION:COUNT` pairs, with each operation at most once and counts from 0 to 9999',
    description:
      "Reserved concurrency for functions. A function always has this capacity and never exceeds it. A count of `0` disables the function. Every operation in the list must be deployed. Lambda requires that 100 of the account's concurrency (1,000 by default) remain unreserved. New accounts may have a concurrency of only 10, so they cannot reserve any.",
    example: 'Decrypt:50,GenerateDataKeyPair:5',
  }),
};
