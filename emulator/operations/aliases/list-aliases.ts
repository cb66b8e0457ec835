import type { listAliases as operation } from '../../../functions/aliases/list-aliases/operation.ts';
import { formatKmsArn } from '../../core/arn.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { addPredefinedAliases, type ListedAlias } from './aws-managed-keys.ts';

export const listAliases: OperationHandler<typeof operation> = (input, context) => {
  const { store, account, region } = context;
  const key = input.KeyId === undefined ? undefined : resolveKey(context, input.KeyId, { operation: 'ListAliases' });
  const { items, NextMarker, Truncated } = paginate(
    `aliases ${account} ${region} ${key?.keyId ?? ''}`,
    input,
    { defaultLimit: 50, maxLimit: 100 },
    (after = '', count): ListedAlias[] => {
      const page = store.aliases.listPage(account, region, after, count, key?.keyId);
      return context.hasAwsManagedKeys && key === undefined ? addPredefinedAliases(page, after, count) : page;
    },
    ({ name }) => name,
  );
  const toDate = (timeMs: number | undefined) => (timeMs === undefined ? undefined : new Date(timeMs));
  const Aliases = items.map(({ name, keyId, createdMs, updatedMs }) => ({
    AliasName: name,
    AliasArn: formatKmsArn(region, account, name),
    TargetKeyId: keyId,
    CreationDate: toDate(createdMs),
    LastUpdatedDate: toDate(updatedMs),
  }));
  return { Aliases, NextMarker, Truncated };
};
