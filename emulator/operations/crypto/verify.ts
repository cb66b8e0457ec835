import type { verify as operation } from '../../../functions/crypto/verify/operation.ts';
import { throwIfDryRun } from '../../core/dry-run.ts';
import { KmsError } from '../../core/kms-error.ts';
import { verify as verifySignature } from '../../crypto/primitives/signing.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { prepareSigning } from './prepare-signing.ts';
import { recordUsage } from './record-usage.ts';

export const verify: OperationHandler<typeof operation> = async (input, context) => {
  const { key, request } = prepareSigning(context, input, 'Verify');
  const isValid = await verifySignature({ ...request, signature: input.Signature });
  // For an invalid signature, AWS returns an error instead of `SignatureValid: false`.
  if (!isValid) throw new KmsError('KMSInvalidSignatureException');
  throwIfDryRun(input.DryRun);
  recordUsage(context, key, 'Verify');
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
};
