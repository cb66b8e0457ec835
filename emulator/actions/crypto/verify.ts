import type { verify as operation } from '../../../functions/crypto/verify/operation.ts';
import type { Action } from '../../action.ts';
import { verify as verifyWith } from '../../crypto/signing.ts';
import { endDryRun } from '../../keys/dry-run.ts';
import { recordUsage } from '../../keys/record-usage.ts';
import { signingRequest } from '../../keys/signing-request.ts';
import { KmsError } from '../../protocol/kms-error.ts';

export const verify: Action<typeof operation> = async (input, context) => {
  const { key, request } = signingRequest(context, input, 'Verify');
  const isValid = await verifyWith({ ...request, signature: input.Signature });
  // AWS never answers `SignatureValid: false`.
  if (!isValid) throw new KmsError('KMSInvalidSignatureException');
  endDryRun(input.DryRun);
  recordUsage(context, key, 'Verify');
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
};
