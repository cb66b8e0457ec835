import type { replicateKey as operation } from '../../../functions/replicas/replicate-key/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { buildExpiryMembers } from '../import/material-expiry.ts';
import { buildKeyMetadata } from '../keys/key-metadata.ts';
import { buildDefaultPolicy, checkKeyPolicy } from '../policies/key-policy.ts';
import { checkTags } from '../tags/tag-rules.ts';
import { checkReplicaRegion, insertReplica } from './insert-replica.ts';
import { isMultiRegionPrimary } from './related-keys.ts';

/**
 * Creates the replica before the call returns. AWS responds while the replica is still in state Creating, which lasts
 * for several seconds. The emulator returns the same response as AWS, but DescribeKey then reports the replica's final
 * state.
 */
export const replicateKey: OperationHandler<typeof operation> = (input, context) => {
  const { store, clock } = context;
  const { ReplicaRegion: region, Tags: tags = [] } = input;
  return store.write(() => {
    const primary = resolveKey(context, input.KeyId, { operation: 'ReplicateKey' });
    // AWS writes "multi-region" here, but "multi-Region" in UpdatePrimaryRegion (recorded from AWS).
    if (!isMultiRegionPrimary(primary)) {
      throw new KmsError('UnsupportedOperationException', `${primary.arn} is not a multi-region primary key.`);
    }
    checkReplicaRegion(primary, region);
    if (input.Policy !== undefined) checkKeyPolicy(input.Policy, context.region);
    checkTags(tags);
    if (store.keys.find(primary.account, region, primary.keyId) !== undefined) {
      throw new KmsError(
        'AlreadyExistsException',
        'You can create only one replica of each primary key in each AWS Region.',
      );
    }
    const policy = input.Policy ?? buildDefaultPolicy(primary.account, region);
    const description = input.Description ?? '';
    const replica = insertReplica(store, primary, { region, description, policy, tags, createdMs: clock.now() });
    return {
      ReplicaKeyMetadata: {
        ...buildKeyMetadata(store, replica),
        // While the replica is being created, AWS returns the primary's expiry and no material id (recorded from AWS).
        ...(primary.record.origin === 'EXTERNAL' ? buildExpiryMembers(store, primary) : {}),
        CurrentKeyMaterialId: undefined,
        KeyState: 'Creating',
        Enabled: false,
      },
      ReplicaPolicy: policy,
      ReplicaTags: tags.length === 0 ? undefined : tags,
    };
  });
};
