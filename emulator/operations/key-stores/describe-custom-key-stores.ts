import type { describeCustomKeyStores as operation } from '../../../functions/key-stores/describe-custom-key-stores/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import { paginate } from '../../core/page.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { createKeyStoreNotFound, toKeyStoreEntry } from './find-key-store.ts';

export const describeCustomKeyStores: OperationHandler<typeof operation> = (input, { store, account, region }) => {
  const { CustomKeyStoreId: id, CustomKeyStoreName: name } = input;
  if (id !== undefined && name !== undefined) {
    throw new KmsError(
      'ValidationException',
      'You can specify either CustomKeyStoreId or CustomKeyStoreName, but not both.',
    );
  }
  const wanted = store.keyStores
    .listByRegion(account, region)
    .filter(({ keyStoreId, record }) => (id ?? keyStoreId) === keyStoreId && (name ?? record.name) === record.name);
  const named = id ?? name;
  if (named !== undefined && wanted.length === 0) throw createKeyStoreNotFound(named);
  const { items, NextMarker, Truncated } = paginate(
    `key-stores ${account} ${region}`,
    input,
    { defaultLimit: 100, maxLimit: 1000 },
    (after, count) => wanted.filter(({ seq }) => seq > Number(after ?? 0)).slice(0, count),
    ({ seq }) => String(seq),
  );
  return { CustomKeyStores: items.map(toKeyStoreEntry), NextMarker, Truncated };
};
