import * as z from 'zod';
import { listOf, parameter, wholeNumber } from './parameter.ts';

export const limitParameters = {
  throttleRate: parameter({
    schema: wholeNumber(1, 10_000),
    default: '100',
    rule: 'must be a whole number from 1 to 10000',
    description:
      'Maximum number of requests per second for each route. If the KMS request quota for an operation is lower, the quota applies instead.',
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
  reservedConcurrency: parameter({
    schema: listOf(z.string().regex(/^[A-Z][A-Za-z]+:\d{1,4}$/)).transform(
      (pairs) => new Map(pairs.map((pair) => [pair.split(':')[0] ?? '', Number(pair.split(':')[1])])),
    ),
    unset: 'no reservation and no limit',
    rule: 'must be a list of `OPERATION:COUNT` pairs with counts from 0 to 9999',
    description:
      'Reserved concurrency for functions. A function always has this capacity and never exceeds it. A count of `0` disables the function. Every operation in the list must be deployed.',
    example: 'Decrypt:50,GenerateDataKeyPair:5',
  }),
};
