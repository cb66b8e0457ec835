import type { ChainMiddleware } from '../../../shared/call/chain.ts';
import { isObject } from '../../../shared/declaration/json-object.ts';

/**
 * The prefix that the message format reserves. A signed message stores its public key as `aws-crypto-public-key`
 * (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/concepts.html#encryption-context).
 */
const reservedPrefix = 'aws-crypto-';

/** Rejects an encryption context with a key that the message format reserves. */
export function rejectReservedKeys(): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      const { EncryptionContext: context } = call.json;
      if (!isObject(context) || !Object.keys(context).some((key) => key.startsWith(reservedPrefix))) return;
      call.errors.push({
        pointer: '/EncryptionContext',
        detail: `must not contain a key that begins with ${reservedPrefix}, which the message format reserves`,
      });
    },
  };
}
