import type { sign as operation } from '../../../functions/crypto/sign/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import { sign as signMessage } from '../../crypto/primitives/signing.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { prepareSigning } from './prepare-signing.ts';
import { recordUsage } from './record-usage.ts';

export const sign: OperationHandler<typeof operation> = async (input, context) => {
  const { key, request } = prepareSigning(context, input, 'Sign');
  throwIfDryRun(input.DryRun);
  const signature = await signMessage(request);
  recordUsage(context, key, 'Sign');
  return { KeyId: key.arn, Signature: signature, SigningAlgorithm: input.SigningAlgorithm };
};
