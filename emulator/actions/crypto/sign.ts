import type { sign as operation } from '../../../functions/crypto/sign/operation.ts';
import type { Action } from '../../action.ts';
import { sign as signWith } from '../../crypto/signing.ts';
import { endDryRun } from '../../keys/dry-run.ts';
import { recordUsage } from '../../keys/record-usage.ts';
import { signingRequest } from '../../keys/signing-request.ts';

export const sign: Action<typeof operation> = async (input, context) => {
  const { key, request } = signingRequest(context, input, 'Sign');
  endDryRun(input.DryRun);
  const signature = await signWith(request);
  recordUsage(context, key, 'Sign');
  return { KeyId: key.arn, Signature: signature, SigningAlgorithm: input.SigningAlgorithm };
};
