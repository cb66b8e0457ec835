import type { verifyMac as operation } from '../../../functions/crypto/verify-mac/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import { KmsError } from '../../core/kms-error.ts';
import { verifyMac as isValidMac } from '../../crypto/primitives/mac.ts';
import { openCurrentMaterial } from '../../keys/key-material.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { recordUsage } from './record-usage.ts';

export const verifyMac: OperationHandler<typeof operation> = (input, context) => {
  const { MacAlgorithm: algorithm, Message: message, Mac: mac } = input;
  const key = resolveKey(context, input.KeyId, {
    allowAlias: true,
    operation: 'VerifyMac',
    use: { usage: 'GENERATE_VERIFY_MAC', algorithm },
  });
  const material = openCurrentMaterial(context.store, key);
  // For an invalid MAC, AWS returns an error instead of `MacValid: false`.
  if (!isValidMac({ keySpec: key.record.keySpec, algorithm, message, material, mac })) {
    throw new KmsError('KMSInvalidMacException');
  }
  throwIfDryRun(input.DryRun);
  recordUsage(context, key, 'VerifyMac');
  return { KeyId: key.arn, MacValid: true, MacAlgorithm: algorithm };
};
