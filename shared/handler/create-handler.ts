import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { accessFromEnvironment } from '../authorization/access-config.ts';
import type { Guard } from '../authorization/bounds.ts';
import { scopeFromEnvironment } from '../authorization/scope.ts';
import type { InputSchema, Operation } from '../declaration/operation.ts';
import { isRetrySafe } from '../declaration/retry-safety.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { timeoutEarlyMs } from '../kms/attempts.ts';
import { clientOf } from '../kms/client.ts';
import { endpointOverride } from '../kms/endpoint.ts';
import { type CommandOf, send } from '../kms/send.ts';
import type { Call, ChainMiddleware } from './call.ts';
import { applyGuards } from './middleware/apply-guards.ts';
import { authorizeKeys } from './middleware/authorize-keys.ts';
import { bindCaller } from './middleware/bind-tenant.ts';
import { writeAnswer } from './middleware/format-response.ts';
import { identifyCaller } from './middleware/identify-caller.ts';
import { mapErrors } from './middleware/map-errors.ts';
import { parseBody } from './middleware/parse-body.ts';
import { readInput } from './middleware/read-input.ts';
import { recordCall } from './middleware/record-call.ts';
import { validateInput } from './middleware/validate-input.ts';

export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** The Lambda handler of an operation of AWS, for HTTP and direct events alike. */
export function createHandler<Input extends InputSchema>(
  operation: Operation<Input>,
  Command: CommandOf<Input>,
  guards: readonly Guard[] = [],
): Handler {
  return createHandlerOf(operation, (call, signal) => send(call, Command, signal), guards);
}

/** The same for what `respond` does. The chain, outermost first; `after` and `onError` run in reverse. */
export function createHandlerOf(
  operation: Operation,
  respond: (call: Call, signal: AbortSignal | undefined) => Promise<unknown>,
  guards: readonly Guard[] = [],
): Handler {
  endpointOverride();
  const access = accessFromEnvironment();
  const scope = scopeFromEnvironment();
  // As the function loads, Lambda gives it a whole CPU; the first call would wait several times as long for its client.
  clientOf(scope.regions[0], { isRetrySafe: isRetrySafe(operation, {}) });
  const chain: ChainMiddleware[] = [
    recordCall(operation, scope),
    mapErrors(),
    writeAnswer(),
    identifyCaller(access),
    parseBody(),
    readInput(operation),
    validateInput(operation),
    authorizeKeys(operation, access),
    bindCaller(operation, access),
    applyGuards(guards, access.bounds),
  ];
  return middy({
    timeoutEarlyInMillis: timeoutEarlyMs,
    timeoutEarlyResponse: () => {
      throw new KmsFunctionsError('TimeoutError');
    },
  })
    .use(chain as unknown as middy.MiddlewareObj[])
    .handler((call: unknown, _context: unknown, options?: { signal?: AbortSignal }) =>
      respond(call as Call, options?.signal),
    ) as unknown as Handler;
}
