import { throwIfDryRun } from '../../core/dry-run.ts';
import type { KeyOperation } from '../../core/key-states.ts';
import { Violations } from '../../core/violations.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { requireEncryptionKey } from './encryption-key.ts';

interface CiphertextRequest {
  readonly CiphertextBlob?: Uint8Array | undefined;
  readonly DryRun?: boolean | undefined;
  readonly DryRunModifiers?: readonly string[] | undefined;
}

/**
 * Returns the request's ciphertext. The AWS model marks the ciphertext as optional, but KMS requires it. For a dry run
 * with IGNORE_CIPHERTEXT, checks only the key, which the request must specify, and always throws.
 */
export function requireCiphertext(
  request: CiphertextRequest,
  context: OperationContext,
  operation: KeyOperation,
  key: { readonly member: string; readonly id: string | undefined; readonly algorithm: string },
): Uint8Array {
  const violations = new Violations();
  if (request.DryRun && request.DryRunModifiers?.includes('IGNORE_CIPHERTEXT')) {
    if (key.id === undefined) violations.add(null, key.member, 'Member must not be null');
    violations.throwIfAny();
    requireEncryptionKey(resolveKey(context, key.id ?? '', { allowAlias: true }), operation, key.algorithm);
    throwIfDryRun(true);
  }
  if (request.CiphertextBlob === undefined) violations.add(null, 'ciphertextBlob', 'Member must not be null');
  violations.throwIfAny();
  return request.CiphertextBlob ?? new Uint8Array();
}
