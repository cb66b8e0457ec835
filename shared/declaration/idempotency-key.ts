import { isAwsOperation, type Operation } from './operation.ts';

/**
 * The header that contains the idempotency key of an HTTP request
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
 */
export const idempotencyKeyHeader = 'idempotency-key';

/** The header of a response that an earlier call with the same idempotency key created. */
export const replayHeader = 'idempotent-replayed';

/** The member that contains the idempotency key in an event or a body. The functions do not send it to KMS. */
export const idempotencyKeyMember = 'IdempotencyKey';

/** Returns `true` if callers can send an idempotency key to the operation, in a deployment with `idempotency=on`. */
export function acceptsIdempotencyKey(operation: Operation): boolean {
  return isAwsOperation(operation) && (operation.ownMembers?.includes(idempotencyKeyMember) ?? false);
}

/** Matches valid idempotency keys. In a header, quotation marks may enclose the key. */
export const idempotencyKeyPattern = /^[A-Za-z0-9_.:/@+=~-]{1,128}$/;

/** The rule for idempotency keys, as the end of a sentence that begins with the member's name. */
export const idempotencyKeyRule = 'must be 1 to 128 letters, digits and characters from `_ . : / @ + = ~ -`';
