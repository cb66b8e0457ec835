import type { enableKeyRotation as operation } from '../../../functions/rotation/enable-key-rotation/operation.ts';
import { dayMs } from '../../core/key-record.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { requirePrimary } from '../replicas/related-keys.ts';
import { requireRotatable } from './rotatable-key.ts';

const defaultPeriodDays = 365;

export const enableKeyRotation: OperationHandler<typeof operation> = (input, context) => {
  changeKey(context, input.KeyId, 'EnableKeyRotation', (key) => {
    requireRotatable(key);
    requirePrimary(key, 'EnableKeyRotation');
    const { rotation } = key.record;
    const periodDays = input.RotationPeriodInDays ?? rotation?.periodDays ?? defaultPeriodDays;
    // The period starts when rotation is enabled or the period changes. Enabling rotation again without a period or with
    // the same period has no effect (recorded from AWS).
    if (rotation?.periodDays === periodDays) return;
    key.record.rotation = { periodDays, nextMs: context.clock.now() + periodDays * dayMs };
  });
  return {};
};
