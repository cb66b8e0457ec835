import type { updateAlias as operation } from '../../../functions/aliases/update-alias/operation.ts';
import { formatKmsArn } from '../../core/arn.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { checkAliasName, refuseTooManyAliases, resolveTargetKey } from './alias-rules.ts';

export const updateAlias: OperationHandler<typeof operation> = (input, context) => {
  const { store, account, region, clock } = context;
  checkAliasName(input.AliasName);
  store.write(() => {
    const alias = store.aliases.find(account, region, input.AliasName);
    if (alias === undefined) {
      throw new KmsError('NotFoundException', `Alias ${formatKmsArn(region, account, input.AliasName)} is not found.`);
    }
    const key = resolveTargetKey(context, input.TargetKeyId, 'UpdateAlias');
    const current = store.keys.find(account, region, alias.keyId);
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html: the same kind of key, and the same usage.
    const { keySpec, keyUsage } = key.record;
    const isSymmetric = keySpec === 'SYMMETRIC_DEFAULT';
    if (
      current &&
      (current.record.keyUsage !== keyUsage || (current.record.keySpec === 'SYMMETRIC_DEFAULT') !== isSymmetric)
    ) {
      throw new KmsError(
        'ValidationException',
        'The current and the new key must have the same type and the same key usage',
      );
    }
    if (alias.keyId !== key.keyId) refuseTooManyAliases(context, key);
    store.aliases.put(account, region, input.AliasName, key.keyId, clock.now());
  });
  return {};
};
