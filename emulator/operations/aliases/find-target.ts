import type { Key } from '../../core/key-record.ts';
import type { KeyOperation } from '../../core/key-states.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { ActionContext } from '../../keys/operation-context.ts';
import { findKey, isAlias } from '../../keys/resolve-key.ts';

/** The key that an alias is to point at: a key of the caller's own account, not by another alias. */
export function findTarget(context: ActionContext, identifier: string, operation: KeyOperation): Key {
  if (isAlias(identifier)) {
    throw new KmsError('ValidationException', 'Aliases must refer to keys. Not aliases');
  }
  const key = findKey(context, identifier, operation);
  if (key.account !== context.account) throw new KmsError('NotFoundException', `Key '${key.arn}' does not exist`);
  return key;
}
