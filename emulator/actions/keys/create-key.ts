import type { createKey as operation } from '../../../functions/keys/create-key/operation.ts';
import type { Action } from '../../action.ts';
import { insertKey, newKeyId } from '../../keys/create-key.ts';
import { checkKeyStoreRequest, placeInKeyStore } from '../../keys/key-store-key.ts';
import { metadataOf } from '../../keys/metadata.ts';
import { specAndUsage } from '../../keys/new-key.ts';
import { checkPolicy, defaultPolicy } from '../../keys/policy.ts';
import { checkTags } from '../../keys/tags.ts';

export const createKey: Action<typeof operation> = async (input, context) => {
  const { store, clock, account, region } = context;
  const { row, keyUsage } = specAndUsage(input, region);
  const origin = input.Origin ?? 'AWS_KMS';
  checkKeyStoreRequest(input, origin, row.keySpec);
  if (input.Policy !== undefined) checkPolicy(input.Policy);
  checkTags(input.Tags ?? []);
  const multiRegion = input.MultiRegion ?? false;
  const material = origin === 'EXTERNAL' ? undefined : await row.generateMaterial();
  const key = store.write(() =>
    insertKey(store, {
      account,
      region,
      keyId: newKeyId(multiRegion),
      record: {
        keySpec: row.keySpec,
        keyUsage,
        origin,
        multiRegion,
        createdMs: clock.now(),
        description: input.Description ?? '',
        state: material === undefined ? 'PendingImport' : 'Enabled',
        onDemandRotations: 0,
        ...placeInKeyStore(context, input, origin),
      },
      material,
      policy: input.Policy ?? defaultPolicy(account, region),
      tags: input.Tags ?? [],
    }),
  );
  return { KeyMetadata: metadataOf(store, key) };
};
