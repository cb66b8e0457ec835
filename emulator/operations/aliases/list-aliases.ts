import type { listAliases as operation } from '../../../functions/aliases/list-aliases/operation.ts';
import { formatKmsArn } from '../../core/arn.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';

export const listAliases: OperationHandler<typeof operation> = (input, context) => {
  const { store, account, region } = context;
  const key = input.KeyId === undefined ? undefined : resolveKey(context, input.KeyId, { operation: 'ListAliases' });
  const { items, NextMarker, Truncated } = paginate(
    `aliases ${account} ${region} ${key?.keyId ?? ''}`,
    input,
    { defaultLimit: 50, maxLimit: 100 },
    (after, count) => store.aliases.listPage(account, region, after ?? '', count, key?.keyId),
    ({ name }) => name,
  );
  const Aliases = items.map(({ name, keyId, createdMs, updatedMs }) => ({
    AliasName: name,
    AliasArn: formatKmsArn(region, account, name),
    TargetKeyId: keyId,
    CreationDate: new Date(createdMs),
    LastUpdatedDate: new Date(updatedMs),
  }));
  return { Aliases, NextMarker, Truncated };
};
