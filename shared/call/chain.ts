import type { MiddlewareObj, Request } from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Call } from './call.ts';

/** What the middleware share, in Middy's `request.internal`. `recordCall`, the first middleware, sets it. */
type Internal = { call: Call };

/** A Middy middleware of the chain in `handler/create-handler.ts`. */
export type ChainMiddleware = MiddlewareObj<unknown, unknown, Error, Context, Internal>;
export type ChainRequest = Request<unknown, unknown, Error, Context, Internal>;

/** The context that a handler receives: Lambda's own, and the call. */
export interface CallContext extends Context {
  readonly call: Call;
}
