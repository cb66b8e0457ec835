import type { enableKey as operation } from '../../../functions/keys/enable-key/operation.ts';
import { dayMs } from '../../core/key-record.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { setKeyState } from '../key-stores/key-store-connection.ts';
import { rotateKey } from '../rotation/rotate-key.ts';

export const enableKey: OperationHandler<typeof operation> = (input, context) => {
  changeKey(context, input.KeyId, 'EnableKey', (key) => {
    setKeyState(context.store, key, 'Enabled');
    // If rotations became due while the key was disabled, KMS immediately rotates the key once, and a new rotation
    // period starts (https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html).
    const { rotation } = key.record;
    const nowMs = context.clock.now();
    if (rotation === undefined || rotation.nextMs > nowMs) return;
    rotateKey(context.store, key, 'AUTOMATIC', nowMs);
    rotation.nextMs = nowMs + rotation.periodDays * dayMs;
  });
  return {};
};
