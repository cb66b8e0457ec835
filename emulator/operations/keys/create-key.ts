import type { createKey as operation } from '../../../functions/keys/create-key/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { checkKeyStoreMembers, placeInKeyStore } from '../key-stores/key-store-placement.ts';
import { buildDefaultPolicy, checkKeyPolicy } from '../policies/key-policy.ts';
import { checkTags } from '../tags/tag-rules.ts';
import { generateKeyId, insertKey } from './insert-key.ts';
import { buildKeyMetadata } from './key-metadata.ts';
import { resolveKeySpec } from './resolve-key-spec.ts';

export const createKey: OperationHandler<typeof operation> = async (input, context) => {
  const { store, clock, account, region } = context;
  const { row, keyUsage } = resolveKeySpec(input, region);
  const origin = input.Origin ?? 'AWS_KMS';
  if (origin === 'EXTERNAL' && row.isNotImportable) {
    throw new KmsError('ValidationException', `KeySpec ${row.keySpec} is not supported for Origin EXTERNAL`);
  }
  checkKeyStoreMembers(input, origin, row.keySpec);
  if (input.Policy !== undefined) checkKeyPolicy(input.Policy, context.region);
  checkTags(input.Tags ?? []);
  const multiRegion = input.MultiRegion ?? false;
  const material = origin === 'EXTERNAL' ? undefined : await row.generateMaterial();
  const key = store.write(() =>
    insertKey(store, {
      account,
      region,
      keyId: generateKeyId(multiRegion),
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
      policy: input.Policy ?? buildDefaultPolicy(account, region),
      tags: input.Tags ?? [],
    }),
  );
  return { KeyMetadata: buildKeyMetadata(store, key) };
};
