import type { getKeyRotationStatus as operation } from '../../../functions/rotation/get-key-rotation-status/operation.ts';
import { throwIfInKeyStore } from '../../core/key-origin.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { findPrimary } from '../replicas/related-keys.ts';

export const getKeyRotationStatus: OperationHandler<typeof operation> = (input, context) => {
  const key = resolveKey(context, input.KeyId, { operation: 'GetKeyRotationStatus' });
  throwIfInKeyStore(key);
  const { state } = key.record;
  const { rotation } = findPrimary(context.store, key).record;
  // A key that is pending deletion does not rotate.
  const isOn = rotation !== undefined && state !== 'PendingDeletion' && state !== 'PendingReplicaDeletion';
  return {
    KeyRotationEnabled: isOn,
    KeyId: key.keyId,
    RotationPeriodInDays: isOn ? rotation.periodDays : undefined,
    NextRotationDate: isOn ? new Date(rotation.nextMs) : undefined,
  };
};
