import type { generateMac as operation } from '../../../functions/crypto/generate-mac/operation.ts';
import type { Action } from '../../action.ts';
import { generateMac as macOf } from '../../crypto/mac.ts';
import { endDryRun } from '../../keys/dry-run.ts';
import { openCurrentMaterial } from '../../keys/material.ts';
import { recordUsage } from '../../keys/record-usage.ts';
import { findUsableKey } from '../../keys/usable-key.ts';

export const generateMac: Action<typeof operation> = (input, context) => {
  const { MacAlgorithm: algorithm, Message: message } = input;
  const key = findUsableKey(context, input.KeyId, 'GenerateMac', 'GENERATE_VERIFY_MAC', algorithm);
  endDryRun(input.DryRun);
  const material = openCurrentMaterial(context.store, key);
  const mac = macOf({ keySpec: key.record.keySpec, algorithm, message, material });
  recordUsage(context, key, 'GenerateMac');
  return { Mac: mac, MacAlgorithm: algorithm, KeyId: key.arn };
};
