import type { verifyMac as operation } from '../../../functions/crypto/verify-mac/operation.ts';
import type { Action } from '../../action.ts';
import { verifyMac as isMacOf } from '../../crypto/mac.ts';
import { endDryRun } from '../../keys/dry-run.ts';
import { openCurrentMaterial } from '../../keys/material.ts';
import { recordUsage } from '../../keys/record-usage.ts';
import { findUsableKey } from '../../keys/usable-key.ts';
import { KmsError } from '../../protocol/kms-error.ts';

export const verifyMac: Action<typeof operation> = (input, context) => {
  const { MacAlgorithm: algorithm, Message: message, Mac: mac } = input;
  const key = findUsableKey(context, input.KeyId, 'VerifyMac', 'GENERATE_VERIFY_MAC', algorithm);
  const material = openCurrentMaterial(context.store, key);
  // AWS never answers `MacValid: false`.
  if (!isMacOf({ keySpec: key.record.keySpec, algorithm, message, material, mac })) {
    throw new KmsError('KMSInvalidMacException');
  }
  endDryRun(input.DryRun);
  recordUsage(context, key, 'VerifyMac');
  return { KeyId: key.arn, MacValid: true, MacAlgorithm: algorithm };
};
