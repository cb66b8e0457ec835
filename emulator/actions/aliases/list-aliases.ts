import type { listAliases as operation } from '../../../functions/aliases/list-aliases/operation.ts';
import type { Action } from '../../action.ts';
import { kmsArn } from '../../keys/arn.ts';
import { findKeyWithoutAlias } from '../../keys/find-key.ts';
import { page } from '../../keys/page.ts';

export const listAliases: Action<typeof operation> = (input, context) => {
  const { store, account, region } = context;
  const key = input.KeyId === undefined ? undefined : findKeyWithoutAlias(context, input.KeyId, 'ListAliases');
  const { items, NextMarker, Truncated } = page(
    `aliases ${account} ${region} ${key?.keyId ?? ''}`,
    input,
    { byDefault: 50, most: 100 },
    (after, count) => store.aliases.page(account, region, after ?? '', count, key?.keyId),
    ({ name }) => name,
  );
  const Aliases = items.map(({ name, keyId, createdMs, updatedMs }) => ({
    AliasName: name,
    AliasArn: kmsArn(region, account, name),
    TargetKeyId: keyId,
    CreationDate: new Date(createdMs),
    LastUpdatedDate: new Date(updatedMs),
  }));
  return { Aliases, NextMarker, Truncated };
};
