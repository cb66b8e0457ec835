import type { updateAlias as operation } from '../../../functions/aliases/update-alias/operation.ts';
import type { Key } from '../../core/key-record.ts';
import { KmsError } from '../../core/kms-error.ts';
import { createAliasNotFound } from '../../core/not-found.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { checkAliasName, resolveTargetKey, throwIfTooManyAliases } from './alias-rules.ts';

export const updateAlias: OperationHandler<typeof operation> = (input, context) => {
  const { store, account, region, clock } = context;
  checkAliasName(input.AliasName);
  store.write(() => {
    const alias = store.aliases.find(account, region, input.AliasName);
    if (alias === undefined) throw createAliasNotFound(region, account, input.AliasName);
    const key = resolveTargetKey(context, input.TargetKeyId, 'UpdateAlias');
    const current = store.keys.find(account, region, alias.keyId);
    if (current !== undefined) requireSameType(current, key);
    if (alias.keyId !== key.keyId) throwIfTooManyAliases(context, key);
    store.aliases.put(account, region, input.AliasName, key.keyId, clock.now());
  });
  return {};
};

/** Throws ValidationException if the key usages differ, or if only one of the keys is a symmetric encryption key. */
function requireSameType({ record: current }: Key, { record: next }: Key): void {
  const isSameType = (current.keySpec === 'SYMMETRIC_DEFAULT') === (next.keySpec === 'SYMMETRIC_DEFAULT');
  if (isSameType && current.keyUsage === next.keyUsage) return;
  // AWS documents both rules: https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html
  throw new KmsError(
    'ValidationException',
    'The current and the new key must have the same type and the same key usage',
  );
}
