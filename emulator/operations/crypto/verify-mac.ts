import type { verifyMac as operation } from '../../../functions/crypto/verify-mac/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import { verifyMac as isMacOf } from '../../crypto/primitives/mac.ts';
import { openCurrentMaterial } from '../../keys/key-material.ts';
import type { Action } from '../../keys/operation-context.ts';
import { findUsableKey } from '../../keys/usable-key.ts';
import { endDryRun } from './dry-run.ts';
import { recordUsage } from './record-usage.ts';

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
