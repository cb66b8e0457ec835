import type { ActionContext } from '../action.ts';
import { KmsError } from '../protocol/kms-error.ts';
import { findKey, isAlias } from './find-key.ts';
import type { Key } from './key-record.ts';
import type { KeyOperation } from './states.ts';

/** The key that an alias is to point at: a key of the caller's own account, not by another alias. */
export function findTarget(context: ActionContext, identifier: string, operation: KeyOperation): Key {
  if (isAlias(identifier)) {
    throw new KmsError('ValidationException', 'Aliases must refer to keys. Not aliases');
  }
  const key = findKey(context, identifier, operation);
  if (key.account !== context.account) throw new KmsError('NotFoundException', `Key '${key.arn}' does not exist`);
  return key;
}
