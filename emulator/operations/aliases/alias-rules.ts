import type { Key } from '../../core/key-record.ts';
import type { KeyOperation } from '../../core/key-states.ts';
import { KmsError } from '../../core/kms-error.ts';
import { createKeyNotFound } from '../../core/not-found.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import { isAlias, resolveKey } from '../../keys/resolve-key.ts';

/**
 * The maximum number of aliases per key (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html).
 */
const maxAliases = 50;

/**
 * Throws ValidationException, NotAuthorizedException or InvalidAliasNameException if the alias name is invalid
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html).
 */
export function checkAliasName(name: string): void {
  if (!name.startsWith('alias/')) {
    throw new KmsError(
      'ValidationException',
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  if (name.startsWith('alias/aws')) throw new KmsError('NotAuthorizedException');
  if (name === 'alias/') throw new KmsError('InvalidAliasNameException');
  // The pattern in the declaration allows colons, but AWS rejects them.
  if (name.includes(':')) {
    throw new KmsError('ValidationException', `${name} contains invalid characters for an alias`);
  }
}

/**
 * Resolves an alias's target key. The request must identify the key by its id or ARN, and the key must be in the
 * caller's account.
 */
export function resolveTargetKey(context: OperationContext, identifier: string, operation: KeyOperation): Key {
  if (isAlias(identifier)) {
    throw new KmsError('ValidationException', 'Aliases must refer to keys. Not aliases');
  }
  const key = resolveKey(context, identifier, { operation });
  if (key.account !== context.account) throw createKeyNotFound(key.arn);
  return key;
}

/** Throws LimitExceededException if the key already has the maximum number of aliases. */
export function throwIfTooManyAliases({ store }: OperationContext, { account, region, keyId }: Key): void {
  const count = store.aliases.listPage(account, region, '', maxAliases, keyId).length;
  if (count < maxAliases) return;
  throw new KmsError(
    'LimitExceededException',
    `Aliases per key quota for this account in this region is ${maxAliases}, current usage is ${count}.`,
  );
}
