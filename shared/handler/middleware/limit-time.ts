import type { Call } from '../../call/call.ts';
import type { ChainMiddleware } from '../../call/chain.ts';
import { isObject } from '../../declaration/json-object.ts';
import { timeoutHeader } from '../../declaration/timeout-header.ts';

/** The time to reserve for sending the response to the caller: a share of the caller's time, and a maximum. */
const transitShare = 0.1;
const maxTransitMs = 500;

/**
 * Ends the call before its caller stops waiting. Without this limit, the caller would receive no error, and KMS could
 * execute a request after the caller has given up.
 */
export function limitTime(): ChainMiddleware {
  return {
    before: ({ context, internal: { call } }) => {
      const value = readTimeout(call, context.clientContext);
      if (value === undefined) return;
      if ((typeof value === 'string' || typeof value === 'number') && /^[1-9]\d{0,8}$/.test(String(value))) {
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
  detail:
    'must contain a positive integer of at most nine digits as kms-timeout-ms (milliseconds), in the headers or in the client context',
};
