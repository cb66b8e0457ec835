import type { listKeys as operation } from '../../../functions/keys/list-keys/operation.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';

export const listKeys: OperationHandler<typeof operation> = (input, { store, account, region }) => {
  const { items, NextMarker, Truncated } = paginate(
    `keys ${account} ${region}`,
    input,
    { defaultLimit: 100, maxLimit: 1000 },
    (after, count) => store.keys.listPage(account, region, Number(after ?? 0), count),
    (key) => String(key.seq),
  );
  return { Keys: items.map(({ keyId, arn }) => ({ KeyId: keyId, KeyArn: arn })), NextMarker, Truncated };
};
