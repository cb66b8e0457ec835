import type { generateMac as operation } from '../../../functions/crypto/generate-mac/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import { generateMac as computeMac } from '../../crypto/primitives/mac.ts';
import { openCurrentMaterial } from '../../keys/key-material.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { recordUsage } from './record-usage.ts';

export const generateMac: OperationHandler<typeof operation> = (input, context) => {
  const { MacAlgorithm: algorithm, Message: message } = input;
  const key = resolveKey(context, input.KeyId, {
    allowAlias: true,
    operation: 'GenerateMac',
    use: { usage: 'GENERATE_VERIFY_MAC', algorithm },
  });
  throwIfDryRun(input.DryRun);
  const material = openCurrentMaterial(context.store, key);
  const mac = computeMac({ keySpec: key.record.keySpec, algorithm, message, material });
  recordUsage(context, key, 'GenerateMac');
  return { Mac: mac, MacAlgorithm: algorithm, KeyId: key.arn };
};
