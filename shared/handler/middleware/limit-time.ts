import type { Call } from '../../call/call.ts';
import type { ChainMiddleware } from '../../call/chain.ts';
import { isObject } from '../../declaration/json-object.ts';
import { timeoutHeader } from '../../declaration/timeout-header.ts';

/** The part of the caller's time, and the longest time, that the response needs to reach the caller. */
const transitShare = 0.1;
const maxTransitMs = 500;

/**
 * Ends the call before its caller stops waiting. Otherwise, the caller would receive no error, and KMS could execute a
 * request after its caller has given up.
 */
export function limitTime(): ChainMiddleware {
  return {
    before: ({ context, internal: { call } }) => {
      const value = readTimeout(call, context.clientContext);
      if (value === undefined) return;
      if (typeof value === 'string' && /^[1-9]\d{0,8}$/.test(value)) {
        const waitsMs = Number(value);
        call.deadline.shorten(waitsMs - Math.min(maxTransitMs, waitsMs * transitShare));
      } else call.errors.push(invalidTimeout);
    },
  };
}

/** Reads the caller's time from a header, or from the client context of a direct invocation. */
function readTimeout({ http }: Call, clientContext: unknown): unknown {
  if (http !== undefined) return http.headers.get(timeoutHeader);
  const custom = isObject(clientContext) ? clientContext.custom : undefined;
  return isObject(custom) ? custom[timeoutHeader] : undefined;
}

const invalidTimeout = {
  pointer: '',
  detail: 'must have a positive integer of milliseconds in the header or client context member kms-timeout-ms',
};
