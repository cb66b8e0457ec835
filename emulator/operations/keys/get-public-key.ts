import type { getPublicKey as operation } from '../../../functions/keys/get-public-key/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import { exportPublicKey } from '../../crypto/formats/public-key.ts';
import { keySpecs, listAlgorithms } from '../../crypto/key-specs.ts';
import { requireRuntimeSupport } from '../../crypto/runtime-support.ts';
import { openCurrentMaterial } from '../../keys/key-material.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';

export const getPublicKey: OperationHandler<typeof operation> = (input, context) => {
  // AWS checks the key state before the key type (recorded from AWS).
  const key = resolveKey(context, input.KeyId, { allowAlias: true, operation: 'GetPublicKey' });
  const { keySpec, keyUsage } = key.record;
  const row = keySpecs[keySpec];
  if (!row.isAsymmetric) throw new KmsError('UnsupportedOperationException');
  requireRuntimeSupport(row);
  return {
    KeyId: key.arn,
    PublicKey: exportPublicKey(openCurrentMaterial(context.store, key)),
    // AWS returns the key spec under both names, as in KeyMetadata.
    CustomerMasterKeySpec: keySpec,
    KeySpec: keySpec,
    KeyUsage: keyUsage,
    ...listAlgorithms(row, keyUsage),
  };
};
