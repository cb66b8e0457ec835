import { findPartition, parseKmsArn } from '../../core/arn.ts';
import type { Key } from '../../core/key-record.ts';
import type { KeyOperation } from '../../core/key-states.ts';
import { KmsError } from '../../core/kms-error.ts';
import { createCiphertextKeyNotFound } from '../../core/not-found.ts';
import { decryptUnder, type EncryptionContext, readMaterialId } from '../../crypto/formats/ciphertext.ts';
import type { EncryptionAlgorithm } from '../../crypto/key-specs.ts';
import { decryptAsymmetric } from '../../crypto/primitives/asymmetric-encryption.ts';
import { type CiphertextKey, findCiphertextKey } from '../../keys/find-ciphertext-key.ts';
import { formatMaterialId, openCurrentMaterial } from '../../keys/key-material.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import {
  openBackingKey,
  requireEncryptionKey,
  symmetricAlgorithm,
  throwIfEncryptionContext,
} from './encryption-key.ts';

export interface Decrypted {
  readonly key: Key;
  readonly plaintext: Buffer;
  /** The KeyMaterialId. It is set only for symmetric keys. */
  readonly materialId?: string;
}

interface Decryption {
  readonly keyId: string | undefined;
  readonly algorithm: EncryptionAlgorithm;
  readonly ciphertext: Uint8Array;
  readonly encryptionContext: EncryptionContext | undefined;
}

/**
 * Decrypts a ciphertext from `encryptWithKey`. A symmetric ciphertext identifies its key and its material, which need
 * not be current. If the request also specifies a key, the keys must match. For an asymmetric algorithm, the request
 * must specify the key.
 */
export async function decryptWithKey(
  context: OperationContext,
  operation: KeyOperation,
  request: Decryption,
): Promise<Decrypted> {
  return request.algorithm === symmetricAlgorithm
    ? decryptWithCiphertextKey(context, operation, request)
    : decryptWithNamedKey(context, operation, request);
}

function decryptWithCiphertextKey(context: OperationContext, operation: KeyOperation, request: Decryption): Decrypted {
  if (request.keyId !== undefined) throwIfRelatedKeyElsewhere(context, request.keyId);
  const named = request.keyId === undefined ? undefined : resolveKey(context, request.keyId, { allowAlias: true });
  const materialId = readMaterialId(request.ciphertext);
  if (materialId === undefined) throw new KmsError('InvalidCiphertextException');
  const { key, material } = requireCiphertextKey(context, materialId, named);
  requireEncryptionKey(key, operation, symmetricAlgorithm);
  const backingKey = openBackingKey(context.store, material);
  const plaintext = decryptUnder(backingKey, request.ciphertext, request.encryptionContext);
  if (plaintext === undefined) throw new KmsError('InvalidCiphertextException');
  return { key, plaintext, materialId: formatMaterialId(material) };
}

async function decryptWithNamedKey(
  context: OperationContext,
  operation: KeyOperation,
  request: Decryption,
): Promise<Decrypted> {
  const { keyId, algorithm, ciphertext } = request;
  if (keyId === undefined) throw new KmsError('ValidationException', 'KeyId must not be null');
  const key = resolveKey(context, keyId, { allowAlias: true });
  requireEncryptionKey(key, operation, algorithm);
  throwIfEncryptionContext(request.encryptionContext);
  const material = openCurrentMaterial(context.store, key);
  const plaintext = await decryptAsymmetric({ keySpec: key.record.keySpec, algorithm, material, ciphertext });
  return { key, plaintext };
}

function requireCiphertextKey(
  context: OperationContext,
  materialId: Uint8Array,
  named: Key | undefined,
): CiphertextKey {
  const found = findCiphertextKey(context, materialId, named);
  if (found !== undefined) return found;
  throw named === undefined ? createCiphertextKeyNotFound() : createIncorrectKey();
}

/**
 * Throws IncorrectKeyException for the ARN of a related multi-Region key in another Region. For all other ARNs in other
 * Regions, AWS returns NotFoundException. The response to the primary's ARN in a replica's Region is recorded from AWS.
 */
function throwIfRelatedKeyElsewhere({ store, region }: OperationContext, keyId: string): void {
  const arn = keyId.startsWith('arn:') ? parseKmsArn(keyId) : undefined;
  if (arn === undefined || arn.region === region || !arn.resource.startsWith('key/mrk-')) return;
  if (arn.partition !== findPartition(region)) return;
  if (store.keys.find(arn.account, region, arn.resource.slice('key/'.length)) !== undefined) throw createIncorrectKey();
}

function createIncorrectKey(): KmsError {
  return new KmsError(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );
}
