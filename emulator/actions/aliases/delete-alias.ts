import type { deleteAlias as operation } from '../../../functions/aliases/delete-alias/operation.ts';
import type { Action } from '../../action.ts';
import { checkAliasName } from '../../keys/alias-rules.ts';
import { kmsArn } from '../../keys/arn.ts';
import { KmsError } from '../../protocol/kms-error.ts';

export const deleteAlias: Action<typeof operation> = (input, { store, account, region }) => {
  checkAliasName(input.AliasName);
  const removed = store.write(() => store.aliases.remove(account, region, input.AliasName));
  if (!removed)
    throw new KmsError('NotFoundException', `Alias ${kmsArn(region, account, input.AliasName)} is not found.`);
  return {};
};
