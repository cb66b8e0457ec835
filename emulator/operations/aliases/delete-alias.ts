import type { deleteAlias as operation } from '../../../functions/aliases/delete-alias/operation.ts';
import { createAliasNotFound } from '../../core/not-found.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { checkAliasName } from './alias-rules.ts';

export const deleteAlias: OperationHandler<typeof operation> = (input, { store, account, region }) => {
  checkAliasName(input.AliasName);
  const removed = store.write(() => store.aliases.remove(account, region, input.AliasName));
  if (!removed) throw createAliasNotFound(region, account, input.AliasName);
  return {};
};
