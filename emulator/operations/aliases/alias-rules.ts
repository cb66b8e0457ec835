import type { Key } from '../../core/key-record.ts';
import type { KeyOperation } from '../../core/key-states.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import { isAlias, resolveKey } from '../../keys/resolve-key.ts';

/** Of one key (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html). */
const maxAliases = 50;

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
export function checkAliasName(name: string): void {
  if (!name.startsWith('alias/')) {
    throw new KmsError(
      'ValidationException',
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  if (name.startsWith('alias/aws')) throw new KmsError('NotAuthorizedException');
  if (name === 'alias/') throw new KmsError('InvalidAliasNameException');
  // The shape's pattern lets a colon pass; an alias has none.
  if (name.includes(':')) {
    throw new KmsError('ValidationException', `${name} contains invalid characters for an alias`);
  }
}

/** Resolves the key that an alias is to refer to: a key of the caller's own account, and not by another alias. */
export function resolveTargetKey(context: OperationContext, identifier: string, operation: KeyOperation): Key {
  if (isAlias(identifier)) {
    throw new KmsError('ValidationException', 'Aliases must refer to keys. Not aliases');
  }
  const key = resolveKey(context, identifier, { operation });
  if (key.account !== context.account) throw new KmsError('NotFoundException', `Key '${key.arn}' does not exist`);
  return key;
}

/** Throws LimitExceededException where the key has as many aliases as a key can have. */
export function refuseTooManyAliases({ store }: OperationContext, { account, region, keyId, arn }: Key): void {
  if (store.aliases.listPage(account, region, '', maxAliases, keyId).length === maxAliases) {
    throw new KmsError('LimitExceededException', `Aliases per key quota is ${maxAliases} for key ${arn}.`);
  }
}
