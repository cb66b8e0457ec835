import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Call, ChainMiddleware } from './call.ts';
import { KmsFunctionsError } from './errors/kms-functions-error.ts';
import { clientOf } from './kms/client.ts';
import { endpointOverride } from './kms/endpoint.ts';
import { scopeFromEnvironment } from './kms/scope.ts';
import { type CommandOf, send } from './kms/send.ts';
import { mapErrors } from './middleware/map-errors.ts';
import { openDoor } from './middleware/open-door.ts';
import { parseBody } from './middleware/parse-body.ts';
import { readInput } from './middleware/read-input.ts';
import { recordCall } from './middleware/record-call.ts';
import { validateInput } from './middleware/validate-input.ts';
import { writeAnswer } from './middleware/write-answer.ts';
import type { InputSchema, Operation } from './operation.ts';

/** Before Lambda would end the function: enough to answer 504 and write the record. */
const timeoutEarlyMs = 200;

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/**
 * The Lambda handler of an operation, for HTTP and direct events alike.
 * The chain, outermost first; `after` and `onError` run in reverse.
 */
export function createHandler<Input extends InputSchema>(
  operation: Operation<Input>,
  Command: CommandOf<Input>,
): Handler {
  endpointOverride();
  // As the function loads, Lambda gives it a whole CPU; the first call would wait several times as long for its client.
  clientOf(scopeFromEnvironment().regions[0]);
  const chain: ChainMiddleware[] = [
    recordCall(operation),
    mapErrors(),
    writeAnswer(),
    openDoor(),
    parseBody(),
    readInput(operation),
    validateInput(operation),
  ];
  return middy({
    timeoutEarlyInMillis: timeoutEarlyMs,
    timeoutEarlyResponse: () => {
      throw new KmsFunctionsError('TimeoutError');
    },
  })
    .use(chain as unknown as middy.MiddlewareObj[])
    .handler((call: unknown, _context: unknown, options?: { signal?: AbortSignal }) =>
      send(call as Call, Command, options?.signal),
    ) as unknown as Handler;
}
