import * as z from 'zod';
import { listOf, parameter, wholeNumber } from './parameter.ts';

export const limitParameters = {
  throttleRate: parameter({
    schema: wholeNumber(1, 10_000),
    default: '100',
    rule: 'must be a whole number from 1 to 10000',
    description:
      'Requests per second that each route accepts. If the KMS request quota for the operation is lower, it applies instead.',
    example: '500',
  }),
  throttleBurst: parameter({
    schema: wholeNumber(1, 5_000),
    default: '200',
    rule: 'must be a whole number from 1 to 5000',
    description: 'Burst limit: concurrent requests that each route accepts above its rate.',
    example: '1000',
  }),
  reservedConcurrency: parameter({
    schema: listOf(z.string().regex(/^[A-Z][A-Za-z]+:\d{1,4}$/)).transform(
      (pairs) => new Map(pairs.map((pair) => [pair.split(':')[0] ?? '', Number(pair.split(':')[1])])),
    ),
    unset: 'no reservation and no limit',
    rule: 'must be a list of `OPERATION:COUNT`, with deployed operations',
    description:
      'Reserved concurrency of functions. It both guarantees and limits concurrent executions of a function. `0` turns a function off.',
    example: 'Decrypt:50,GenerateDataKeyPair:5',
  }),
};
