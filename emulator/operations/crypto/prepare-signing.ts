import type { Key } from '../../core/key-record.ts';
import type { SigningAlgorithm } from '../../crypto/key-specs.ts';
import { type MessageType, type SignRequest, validateSignRequest } from '../../crypto/primitives/signing.ts';
import { openCurrentMaterial } from '../../keys/key-material.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';

/** Resolves the key for a Sign or Verify request, and checks that the algorithm supports the message. */
export function prepareSigning(
  context: OperationContext,
  input: {
    readonly KeyId: string;
    readonly Message: Uint8Array;
    readonly MessageType?: MessageType | undefined;
    readonly SigningAlgorithm: SigningAlgorithm;
  },
  operation: 'Sign' | 'Verify',
): { readonly key: Key; readonly request: SignRequest } {
  const key = resolveKey(context, input.KeyId, {
    allowAlias: true,
    operation,
    use: { usage: 'SIGN_VERIFY', algorithm: input.SigningAlgorithm },
  });
  const request = {
    keySpec: key.record.keySpec,
    algorithm: input.SigningAlgorithm,
    messageType: input.MessageType ?? 'RAW',
    message: input.Message,
  };
  validateSignRequest(request);
  return { key, request: { ...request, material: openCurrentMaterial(context.store, key) } };
}
