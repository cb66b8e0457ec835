import type { getKeyRotationStatus as operation } from '../../../functions/rotation/get-key-rotation-status/operation.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { findPrimary } from '../replicas/related-keys.ts';

export const getKeyRotationStatus: OperationHandler<typeof operation> = (input, context) => {
  const key = resolveKey(context, input.KeyId, { operation: 'GetKeyRotationStatus' });
  const { state } = key.record;
  const { rotation } = findPrimary(context.store, key).record;
  // AWS reports that rotation is off for a key that is pending deletion, but not for a primary that is waiting for the
  // deletion of its replicas (recorded from AWS).
  const isOn = rotation !== undefined && state !== 'PendingDeletion';
  return {
    KeyRotationEnabled: isOn,
    KeyId: key.arn,
    RotationPeriodInDays: isOn ? rotation.periodDays : undefined,
    NextRotationDate: isOn ? new Date(rotation.nextMs) : undefined,
  };
};
