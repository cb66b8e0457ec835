import type { ChainMiddleware } from '../../../shared/call/chain.ts';
import { isObject } from '../../../shared/declaration/json-object.ts';

/**
 * The prefix that the message format reserves. A signed message stores its public key as `aws-crypto-public-key`
 * (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/concepts.html#encryption-context).
 */
const reservedPrefix = 'aws-crypto-';

/** Rejects an encryption context that a message cannot store exactly, or with a key that the message format reserves. */
export function checkNewContext(): ChainMiddleware {
  return {
    before: ({ internal: { call } }) => {
      const { EncryptionContext: context } = call.json;
      if (!isObject(context)) return;
      const reject = (detail: string) => call.errors.push({ pointer: '/EncryptionContext', detail });
      if (Object.keys(context).some((key) => key.startsWith(reservedPrefix)))
        reject(`must not contain a key that begins with ${reservedPrefix}, which the message format reserves`);
      // UTF-8 has no form for a lone surrogate.
      if (!Object.entries(context).flat().every(isWellFormed)) reject('must be well-formed Unicode');
    },
  };
}

function isWellFormed(value: unknown): boolean {
  return typeof value !== 'string' || value.isWellFormed();
}
