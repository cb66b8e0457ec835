import type { MiddlewareObj, Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Call } from './call.ts';

/**
 * The state that all middleware share in Middy's `request.internal`. The first middleware, `recordCall`, creates this
 * state.
 */
type Internal = { call: Call };

/** A Middy middleware in the chain that `handler/create-handler.ts` creates. */
export type ChainMiddleware = MiddlewareObj<unknown, unknown, Error, Context, Internal>;
export type ChainRequest = Request<unknown, unknown, Error, Context, Internal>;

/** The context that a handler receives: the Lambda context and the call. */
export interface CallContext extends Context {
  readonly call: Call;
}
