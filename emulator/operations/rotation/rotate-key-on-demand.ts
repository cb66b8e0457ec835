import type { rotateKeyOnDemand as operation } from '../../../functions/rotation/rotate-key-on-demand/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import { changeKey } from '../../keys/change-key.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { rotateToPendingMaterial } from '../import/rotate-to-pending-material.ts';
import { requirePrimary } from '../replicas/related-keys.ts';
import { requireRotatable } from './rotatable-key.ts';
import { rotateKey } from './rotate-key.ts';

/**
 * The maximum number of on-demand rotations in a key's lifetime
 * (https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html).
 */
const maxOnDemandRotations = 25;
/**
 * KMS rejects on-demand rotation within this time before an automatic rotation
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html).
 */
const beforeAutomaticMs = 20 * 60 * 1000;

/** Rotates the key before the call returns. AWS completes the rotation within minutes. */
export const rotateKeyOnDemand: OperationHandler<typeof operation> = (input, context) => {
  const key = changeKey(context, input.KeyId, 'RotateKeyOnDemand', (key) => {
    requireRotatable(key);
    requirePrimary(key, 'RotateKeyOnDemand');
    if (key.record.onDemandRotations >= maxOnDemandRotations) {
      throw new KmsError(
        'LimitExceededException',
        `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${key.arn}`,
      );
    }
    const { rotation } = key.record;
    if (rotation !== undefined && rotation.nextMs - context.clock.now() <= beforeAutomaticMs) {
      throw new KmsError('ConflictException', `An automatic rotation of ${key.arn} begins within the next 20 minutes.`);
    }
    key.record.onDemandRotations += 1;
    if (key.record.origin === 'EXTERNAL') rotateToPendingMaterial(context.store, key, context.clock.now());
    else rotateKey(context.store, key, 'ON_DEMAND', context.clock.now());
  });
  return { KeyId: key.arn };
};
