import type { createKey as operation } from '../../../functions/keys/create-key/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { checkKeyStoreRequest, placeInKeyStore } from '../key-stores/key-store-key.ts';
import { checkPolicy, defaultPolicy } from '../policies/key-policy.ts';
import { checkTags } from '../tags/tag-rules.ts';
import { insertKey, newKeyId } from './insert-key.ts';
import { metadataOf } from './key-metadata.ts';
import { specAndUsage } from './resolve-key-spec.ts';

export const createKey: OperationHandler<typeof operation> = async (input, context) => {
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
