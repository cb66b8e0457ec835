import type { createAlias as operation } from '../../../functions/aliases/create-alias/operation.ts';
import { formatKmsArn } from '../../core/arn.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { checkAliasName, resolveTargetKey, throwIfTooManyAliases } from './alias-rules.ts';

export const createAlias: OperationHandler<typeof operation> = (input, context) => {
  const { store, account, region, clock } = context;
  checkAliasName(input.AliasName);
  store.write(() => {
    const key = resolveTargetKey(context, input.TargetKeyId, 'CreateAlias');
    if (store.aliases.find(account, region, input.AliasName) !== undefined) {
      throw new KmsError(
        'AlreadyExistsException',
        `An alias with the name ${formatKmsArn(region, account, input.AliasName)} already exists`,
      );
    }
    throwIfTooManyAliases(context, key);
    store.aliases.put(account, region, input.AliasName, key.keyId, clock.now());
  });
  return {};
};
