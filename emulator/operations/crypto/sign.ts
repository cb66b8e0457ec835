import type { sign as operation } from '../../../functions/crypto/sign/operation.ts';
import { sign as signWith } from '../../crypto/primitives/signing.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { endDryRun } from './dry-run.ts';
import { recordUsage } from './record-usage.ts';
import { signingRequest } from './signing-request.ts';

export const sign: OperationHandler<typeof operation> = async (input, context) => {
  const { key, request } = signingRequest(context, input, 'Sign');
  endDryRun(input.DryRun);
  const signature = await signWith(request);
  recordUsage(context, key, 'Sign');
  return { KeyId: key.arn, Signature: signature, SigningAlgorithm: input.SigningAlgorithm };
};
