import type { updatePrimaryRegion as operation } from '../../../functions/replicas/update-primary-region/operation.ts';
import { requireState } from '../../core/key-states.ts';
import { KmsError } from '../../core/kms-error.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { isMultiRegionPrimary, listRelatedKeys } from './related-keys.ts';

/** Changes the primary before the call returns. In AWS KMS, both keys have the state Updating for several seconds. */
export const updatePrimaryRegion: OperationHandler<typeof operation> = (input, context) => {
  const { store } = context;
  store.write(() => {
    const primary = resolveKey(context, input.KeyId, { operation: 'UpdatePrimaryRegion' });
    if (!isMultiRegionPrimary(primary)) {
      // AWS returns KMSInvalidStateException for a replica (recorded from AWS). There is no recording for a
      // single-Region key.
      const code = primary.record.multiRegion ? 'KMSInvalidStateException' : 'UnsupportedOperationException';
      throw new KmsError(code, `${primary.arn} is not a multi-Region primary key.`);
    }
    if (primary.region === input.PrimaryRegion) return;
    const keys = listRelatedKeys(store, primary);
    const next = keys.find(({ region, record }) => region === input.PrimaryRegion && record.replicaOf !== undefined);
    if (next === undefined) {
      throw new KmsError(
        'ValidationException',
        `${primary.keyId} does not have a replica key in the specified Region.`,
      );
    }
    requireState(next, 'UpdatePrimaryRegion');
    const { rotation, onDemandRotations } = primary.record;
    for (const { record } of keys) {
      record.replicaOf = next.region;
      delete record.rotation;
      record.onDemandRotations = 0;
    }
    delete next.record.replicaOf;
    Object.assign(next.record, { onDemandRotations, ...(rotation && { rotation }) });
    for (const key of keys) store.keys.save(key);
  });
  return {};
};
