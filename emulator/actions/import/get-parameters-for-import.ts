import type { getParametersForImport as operation } from '../../../functions/import/get-parameters-for-import/operation.ts';
import type { Action } from '../../action.ts';
import { checkWrapping, generateWrappingKey } from '../../crypto/key-wrapping.ts';
import { findKeyWithoutAlias } from '../../keys/find-key.ts';
import { sealImportToken } from '../../keys/import-token.ts';
import { dayMs } from '../../keys/key-record.ts';
import { requireSpecInRegion } from '../../keys/new-key.ts';

export const getParametersForImport: Action<typeof operation> = async (input, context) => {
  const { WrappingKeySpec: wrappingKeySpec, WrappingAlgorithm: wrappingAlgorithm } = input;
  const key = findKeyWithoutAlias(context, input.KeyId, 'GetParametersForImport');
  requireSpecInRegion(wrappingKeySpec, context.region);
  checkWrapping({ keySpec: key.record.keySpec, wrappingKeySpec, wrappingAlgorithm });
  const { privateKey: wrappingPrivateKey, publicKey } = await generateWrappingKey(wrappingKeySpec);
  // 24 hours: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html
  const validToMs = context.clock.now() + dayMs;
  const token = { wrappingKeySpec, wrappingAlgorithm, wrappingPrivateKey, validToMs };
  return {
    KeyId: key.arn,
    ImportToken: sealImportToken(context.store, key, token),
    PublicKey: publicKey,
    ParametersValidTo: new Date(validToMs),
  };
};
