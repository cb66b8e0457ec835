import type { getKeyRotationStatus as operation } from '../../../functions/rotation/get-key-rotation-status/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { refuseKeyStoreKey } from '../key-stores/key-store-key.ts';
import { primaryOf } from '../replicas/multi-region.ts';

export const getKeyRotationStatus: OperationHandler<typeof operation> = (input, context) => {
  const key = resolveKey(context, input.KeyId, { operation: 'GetKeyRotationStatus' });
  refuseKeyStoreKey(key);
  const { state } = key.record;
  const { rotation } = primaryOf(context.store, key).record;
  // A key that waits for its deletion does not rotate.
  const isOn = rotation !== undefined && state !== 'PendingDeletion' && state !== 'PendingReplicaDeletion';
  return {
    KeyRotationEnabled: isOn,
    KeyId: key.keyId,
    RotationPeriodInDays: isOn ? rotation.periodDays : undefined,
    NextRotationDate: isOn ? new Date(rotation.nextMs) : undefined,
  };
};
