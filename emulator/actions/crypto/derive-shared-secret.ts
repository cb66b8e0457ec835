import type { deriveSharedSecret as operation } from '../../../functions/crypto/derive-shared-secret/operation.ts';
import type { Action } from '../../action.ts';
import { deriveSharedSecret as secretOf } from '../../crypto/key-agreement.ts';
import { endDryRun } from '../../keys/dry-run.ts';
import { openCurrentMaterial } from '../../keys/material.ts';
import { deliveryTo } from '../../keys/recipient.ts';
import { recordUsage } from '../../keys/record-usage.ts';
import { findUsableKey } from '../../keys/usable-key.ts';

export const deriveSharedSecret: Action<typeof operation> = async (input, context) => {
  const { KeyAgreementAlgorithm: algorithm, PublicKey: publicKey } = input;
  const deliver = deliveryTo(input.Recipient);
  const key = findUsableKey(context, input.KeyId, 'DeriveSharedSecret', 'KEY_AGREEMENT', algorithm);
  const material = openCurrentMaterial(context.store, key);
  // Also in a dry run: whether the other party's key is of the right curve, only this tells.
  const secret = await secretOf({ keySpec: key.record.keySpec, algorithm, publicKey, material });
  endDryRun(input.DryRun);
  recordUsage(context, key, 'DeriveSharedSecret');
  return {
    KeyId: key.arn,
    ...deliver('SharedSecret', secret),
    KeyAgreementAlgorithm: algorithm,
    KeyOrigin: key.record.origin,
  };
};
