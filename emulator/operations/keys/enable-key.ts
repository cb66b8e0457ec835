import type { enableKey as operation } from '../../../functions/keys/enable-key/operation.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { setKeyState } from '../key-stores/key-store-connection.ts';

export const enableKey: OperationHandler<typeof operation> = (input, context) => {
  changeKey(context, input.KeyId, 'EnableKey', (key) => {
    const { record } = key;
    setKeyState(context.store, key, 'Enabled');
    // A rotation that became due while the key was disabled takes place immediately, and a new rotation period starts
    // (https://docs.aws.amazon.com/kms/latest/developerguide/rotating-keys-enable.html).
    if (record.rotation) record.rotation.nextMs = Math.max(record.rotation.nextMs, context.clock.now());
  });
  return {};
};
