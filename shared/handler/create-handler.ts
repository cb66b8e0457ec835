import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import {
  applyGuards,
  authorizeKeys,
  bindCaller,
  bindTenant,
  checkScope,
  type Guard,
  identifyCaller,
  protectServiceTag,
  rejectForeignResponse,
} from '../authorization/index.ts';
import type { Call } from '../call/call.ts';
import type { CallContext } from '../call/chain.ts';
import { type FunctionConfig, readFunctionConfig } from '../config/function-config.ts';
import type { InputSchema, Operation } from '../declaration/operation.ts';
import { isRetrySafe } from '../declaration/retry-safety.ts';
import { KmsFunctionsError } from '../errors/kms-functions-error.ts';
import { timeoutEarlyMs } from '../kms/attempts.ts';
import { getClient } from '../kms/client.ts';
import { type CommandClass, send } from '../kms/send.ts';
import { decodeBody } from './middleware/decode-body.ts';
import { formatResponse } from './middleware/format-response.ts';
import { mapErrors } from './middleware/map-errors.ts';
import { matchRoute } from './middleware/match-route.ts';
import { parseJsonBody } from './middleware/parse-json-body.ts';
import { passCall } from './middleware/pass-call.ts';
import { readInput } from './middleware/read-input.ts';
import { recordCall } from './middleware/record-call.ts';
import { rejectInvalidInput } from './middleware/reject-invalid-input.ts';
import { validateInput } from './middleware/validate-input.ts';
import { withDeadline } from './with-deadline.ts';

export interface Handler {
  (event: unknown, context: Context): Promise<unknown>;
  /** Returns the same handler with `config` instead of the configuration from the environment. Used in tests. */
  withConfig(config: FunctionConfig): Handler;
}

/** Performs a validated and authorized call, and returns its result. `signal` is aborted shortly before the function times out. */
export type Respond = (call: Call, signal: AbortSignal | undefined) => Promise<unknown>;

/** Creates the Lambda handler for a KMS operation. The handler accepts HTTP and direct events. */
export function createHandler<Input extends InputSchema>(
  operation: Operation<Input>,
  Command: CommandClass<Input>,
  guards: readonly Guard[] = [],
  config?: FunctionConfig,
): Handler {
  return createCustomHandler(operation, (call, signal) => send(call, Command, signal), guards, config);
}

/** Creates the Lambda handler for an operation that `respond` performs. */
export function createCustomHandler(
  operation: Operation,
  respond: Respond,
  guards: readonly Guard[] = [],
  config: FunctionConfig = readFunctionConfig(),
): Handler {
  // A function has a full CPU while it loads. Creating the client during the first call would take several times as
  // long.
  getClient(config, config.regions[0], { isRetrySafe: isRetrySafe(operation, {}) });
  const handler = createChain(operation, guards, config).handler(
    (_event: unknown, context: Context, { signal }: { readonly signal: AbortSignal }) =>
      respond((context as CallContext).call, signal),
  );
  return Object.assign(handler as (event: unknown, context: Context) => Promise<unknown>, {
    withConfig: (other: FunctionConfig) => createCustomHandler(operation, respond, guards, other),
  });
}

/**
 * Creates a handler's middleware chain, outermost middleware first. `before` hooks run from top to bottom. `after` and
 * `onError` hooks run from bottom to top.
 */
function createChain(operation: Operation, guards: readonly Guard[], config: FunctionConfig) {
  return middy({ timeoutEarlyInMillis: timeoutEarlyMs, timeoutEarlyResponse: throwTimeout })
    .use(recordCall(operation, config))
    .use(mapErrors(config))
    .use(formatResponse())
    .use(identifyCaller(config))
    .use(matchRoute())
    .use(decodeBody())
    .use(parseJsonBody())
    .use(readInput(operation))
    .use(validateInput(operation))
    .use(checkScope(operation, config))
    .use(protectServiceTag(operation, config))
    .use(rejectInvalidInput())
    .use(withDeadline(authorizeKeys(operation, config)))
    .use(withDeadline(bindTenant(operation, config)))
    .use(bindCaller(operation, config))
    .use(applyGuards(guards, config))
    .use(rejectForeignResponse(config))
    .use(passCall());
}

function throwTimeout(): never {
  throw new KmsFunctionsError('TimeoutError');
}
