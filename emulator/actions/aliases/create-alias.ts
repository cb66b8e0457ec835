import type { createAlias as operation } from '../../../functions/aliases/create-alias/operation.ts';
import type { Action } from '../../action.ts';
import { checkAliasName, refuseTooManyAliases } from '../../keys/alias-rules.ts';
import { kmsArn } from '../../keys/arn.ts';
import { findTarget } from '../../keys/find-target.ts';
import { KmsError } from '../../protocol/kms-error.ts';

export const createAlias: Action<typeof operation> = (input, context) => {
  const { store, account, region, clock } = context;
  checkAliasName(input.AliasName);
  store.write(() => {
    const key = findTarget(context, input.TargetKeyId, 'CreateAlias');
    if (store.aliases.find(account, region, input.AliasName) !== undefined) {
      throw new KmsError(
        'AlreadyExistsException',
        `An alias with the name ${kmsArn(region, account, input.AliasName)} already exists`,
      );
    }
    refuseTooManyAliases(context, key);
    store.aliases.put(account, region, input.AliasName, key.keyId, clock.now());
  });
  return {};
};
