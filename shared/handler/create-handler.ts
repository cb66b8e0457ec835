import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { checkScope, type Guard, identifyCaller, protectTags } from '../authorization/index.ts';
import type { Call } from '../call/call.ts';
import type { CallContext, ChainMiddleware } from '../call/chain.ts';
import { type FunctionConfig, readFunctionConfig } from '../config/function-config.ts';
import type { InputSchema, Operation } from '../declaration/operation.ts';
import { getClient } from '../kms/client.ts';
import { type CommandClass, send } from '../kms/send.ts';
import { createAuthorization } from './create-authorization.ts';
import { decodeBody } from './middleware/decode-body.ts';
import { formatResponse } from './middleware/format-response.ts';
import { limitTime } from './middleware/limit-time.ts';
import { mapErrors } from './middleware/map-errors.ts';
import { matchRoute } from './middleware/match-route.ts';
import { parseJsonBody } from './middleware/parse-json-body.ts';
import { passCall } from './middleware/pass-call.ts';
import { readInput } from './middleware/read-input.ts';
import { recordCall } from './middleware/record-call.ts';
import { rejectInvalidInput } from './middleware/reject-invalid-input.ts';
import { validateInput } from './middleware/validate-input.ts';

export interface Handler {
  (event: unknown, context: Context): Promise<unknown>;
  /** Returns the same handler with `config` instead of the configuration from the environment. Used in tests. */
  withConfig(config: FunctionConfig): Handler;
}

/** Performs a validated and authorized call, and returns its result. Its requests to KMS end before the call's deadline. */
export type Respond = (call: Call) => Promise<unknown>;

/** Options of `createCustomHandler`. */
export interface CustomHandlerOptions {
  readonly guards?: readonly Guard[];
  /** Reads bodies in another format than JSON. */
  readonly readBody?: ChainMiddleware;
  /** Checks the input before it is validated against the declaration. */
  readonly checkInput?: readonly ChainMiddleware[];
  readonly config?: FunctionConfig;
}

/** Creates the Lambda handler for a KMS operation. The handler accepts HTTP and direct events. */
export function createHandler<Input extends InputSchema>(
  operation: Operation<Input>,
  Command: CommandClass<Input>,
  guards: readonly Guard[] = [],
): Handler {
  return createCustomHandler(operation, (call) => send(call, Command), { guards });
}

/** Creates the Lambda handler for an operation that `respond` performs. */
export function createCustomHandler(
  operation: Operation,
  respond: Respond,
  options: CustomHandlerOptions = {},
): Handler {
  const { config = readFunctionConfig() } = options;
  // A function has a full CPU while it loads. Creating the client during the first call would take several times as
  // long.
  getClient(config, config.regions[0]);
  const handler = createChain(operation, { ...options, config }).handler((_event: unknown, context: Context) =>
    respond((context as CallContext).call),
  );
  return Object.assign(handler as (event: unknown, context: Context) => Promise<unknown>, {
    withConfig: (other: FunctionConfig) => createCustomHandler(operation, respond, { ...options, config: other }),
  });
}

/**
 * Creates a handler's middleware chain, outermost middleware first. `before` hooks run from top to bottom. `after` and
 * `onError` hooks run from bottom to top.
 */
function createChain(
  operation: Operation,
  { guards = [], readBody, checkInput = [], config }: CustomHandlerOptions & { readonly config: FunctionConfig },
) {
  // Every request to KMS has a time limit (shared/kms/attempts.ts), so Middy does not need to watch the time.
  return middy({ timeoutEarlyInMillis: 0 })
    .use(recordCall(operation, config))
    .use(mapErrors())
    .use(formatResponse())
    .use(identifyCaller(config))
    .use(matchRoute())
    .use(limitTime())
    .use(readBody ?? [])
    .use(decodeBody())
    .use(parseJsonBody())
    .use(readInput(operation))
    .use([...checkInput])
    .use(validateInput(operation))
    .use(checkScope(operation, config))
    .use(protectTags(operation, config))
    .use(rejectInvalidInput())
    .use(createAuthorization(operation, guards, config))
    .use(passCall());
}
