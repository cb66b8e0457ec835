import type { verify as operation } from '../../../functions/crypto/verify/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import { verify as verifyWith } from '../../crypto/primitives/signing.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { endDryRun } from './dry-run.ts';
import { recordUsage } from './record-usage.ts';
import { signingRequest } from './signing-request.ts';

export const verify: OperationHandler<typeof operation> = async (input, context) => {
  const { key, request } = signingRequest(context, input, 'Verify');
  const isValid = await verifyWith({ ...request, signature: input.Signature });
  // AWS never answers `SignatureValid: false`.
  if (!isValid) throw new KmsError('KMSInvalidSignatureException');
  endDryRun(input.DryRun);
  recordUsage(context, key, 'Verify');
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
};
