import { randomBytes } from 'node:crypto';
import { throwIfDryRun } from '../../core/dry-run.ts';
import type { Key } from '../../core/key-record.ts';
import { type KeyOperation, requireState } from '../../core/key-states.ts';
import { KmsError } from '../../core/kms-error.ts';
import { requireUsage } from '../../keys/key-usage.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import { encryptSymmetric } from './encrypt-with-key.ts';
import { recordUsage } from './record-usage.ts';

const bytesBySpec = { AES_128: 16, AES_256: 32 } as const;

export interface DataKeyRequest {
  readonly KeyId: string;
  readonly KeySpec?: keyof typeof bytesBySpec | undefined;
  readonly NumberOfBytes?: number | undefined;
  readonly EncryptionContext?: Readonly<Record<string, string>> | undefined;
  readonly DryRun?: boolean | undefined;
}

export interface DataKey {
  readonly key: Key;
  readonly plaintext: Buffer;
  readonly ciphertext: Buffer;
  readonly materialId: string;
}

/** Generates a data key and encrypts it under a symmetric key. AWS checks the size before the key usage. */
export function generateWrappedDataKey(
  context: OperationContext,
  request: DataKeyRequest,
  operation: 'GenerateDataKey' | 'GenerateDataKeyWithoutPlaintext',
): DataKey {
  const key = resolveKey(context, request.KeyId, { allowAlias: true });
  const bytes = resolveSize(request);
  requireDataKeyUse(key, operation);
  throwIfDryRun(request.DryRun);
  const plaintext = randomBytes(bytes);
  const encrypted = encryptSymmetric(context, key, plaintext, request.EncryptionContext);
  recordUsage(context, key, operation);
  return { key, plaintext, ...encrypted };
}

/**
 * Throws KmsError unless the key is a symmetric encryption key in a state that allows the operation. The message names
 * what the operation creates.
 */
export function requireDataKeyUse(key: Key, operation: KeyOperation, created = 'data key'): void {
  requireUsage(key, 'ENCRYPT_DECRYPT', operation);
  requireState(key, operation);
  if (key.record.keySpec !== 'SYMMETRIC_DEFAULT') {
    throw new KmsError('InvalidKeyUsageException', `You cannot generate a ${created} with an asymmetric CMK`);
  }
}

function resolveSize({ KeySpec, NumberOfBytes }: DataKeyRequest): number {
  const bytes = KeySpec === undefined ? NumberOfBytes : bytesBySpec[KeySpec];
  if (bytes === undefined || (KeySpec !== undefined && NumberOfBytes !== undefined)) {
    throw new KmsError('ValidationException', 'Please specify either number of bytes or key spec.');
  }
  return bytes;
}
