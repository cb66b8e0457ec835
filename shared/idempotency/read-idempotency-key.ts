import type { Call } from '../call/call.ts';
import type { ChainMiddleware } from '../call/chain.ts';
import {
  idempotencyKeyHeader,
  idempotencyKeyMember,
  idempotencyKeyPattern,
  idempotencyKeyRule,
} from '../declaration/idempotency-key.ts';

const pointer = `/${idempotencyKeyMember}`;

/** Reads the idempotency key from the header or from the request, and removes it from the request. */
export function readIdempotencyKey(): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      const [key, ...others] = takeKeys(call);
      if (key === undefined) return;
      if (others.length > 0) call.errors.push({ pointer, detail: 'must not be sent in both the header and the body' });
      else if (typeof key !== 'string' || !idempotencyKeyPattern.test(key))
        call.errors.push({ pointer, detail: idempotencyKeyRule });
      else call.idempotencyKey = key;
    },
  };
}

/**
 * Rejects requests with an idempotency key, because a deployment without the parameter `idempotency` could create a second
 * key when the caller sends the request again.
 */
export function rejectIdempotencyKey(): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      if (takeKeys(call).length === 0) return;
      call.errors.push({
        pointer,
        detail: 'is not supported by this deployment without the parameter `idempotency=on`',
      });
    },
  };
}

function takeKeys({ http, json }: Call): unknown[] {
  const header = http?.headers.get(idempotencyKeyHeader);
  const { [idempotencyKeyMember]: member } = json;
  delete json[idempotencyKeyMember];
  // The header is a string of RFC 9651, which has quotation marks. Many clients omit them.
  return [header?.trim().replace(/^"(.*)"$/, '$1'), member].filter((key) => key !== undefined);
}
