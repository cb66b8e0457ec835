import type { getParametersForImport as operation } from '../../../functions/import/get-parameters-for-import/operation.ts';
import { dayMs } from '../../core/key-record.ts';
import { generateWrappingKey, requireWrappingSupport } from '../../crypto/key-wrapping.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { requireKeySpecInRegion } from '../keys/resolve-key-spec.ts';
import { sealImportToken } from './import-token.ts';

export const getParametersForImport: OperationHandler<typeof operation> = async (input, context) => {
  const { WrappingKeySpec: wrappingKeySpec, WrappingAlgorithm: wrappingAlgorithm } = input;
  const key = resolveKey(context, input.KeyId, { operation: 'GetParametersForImport' });
  requireKeySpecInRegion(wrappingKeySpec, context.region);
  requireWrappingSupport({ keySpec: key.record.keySpec, wrappingKeySpec, wrappingAlgorithm });
  const { privateKey: wrappingPrivateKey, publicKey } = await generateWrappingKey(wrappingKeySpec);
  // The token is valid for 24 hours:
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html
  const validToMs = context.clock.now() + dayMs;
  const token = { wrappingKeySpec, wrappingAlgorithm, wrappingPrivateKey, validToMs };
  return {
    KeyId: key.arn,
    ImportToken: sealImportToken(context.store, key, token),
    PublicKey: publicKey,
    ParametersValidTo: new Date(validToMs),
  };
};
