import type { Key } from '../../core/key-record.ts';
import type { KeyOperation } from '../../core/key-states.ts';
import { KmsError } from '../../core/kms-error.ts';
import { BackingKey } from '../../crypto/backing-key.ts';
import { decryptUnder, type EncryptionContext, encryptUnder, readMaterialId } from '../../crypto/formats/ciphertext.ts';
import type { EncryptionAlgorithm } from '../../crypto/key-specs.ts';
import { decryptAsymmetric, encryptAsymmetric } from '../../crypto/primitives/asymmetric-encryption.ts';
import { type CiphertextKey, findCiphertextKey } from '../../keys/find-ciphertext-key.ts';
import { formatMaterialId, openCurrentMaterial, requireCurrentMaterial } from '../../keys/key-material.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import { requireUsable, resolveKey } from '../../keys/resolve-key.ts';
import type { Material } from '../../store/material-table.ts';
import type { Store } from '../../store/store.ts';

export const symmetricAlgorithm = 'SYMMETRIC_DEFAULT';

export interface Encrypted {
  readonly ciphertext: Buffer;
  /** AWS's KeyMaterialId, of a symmetric key. */
  readonly materialId?: string;
}

/** Throws where the key cannot be used for encryption with this algorithm. */
export function requireEncryption(key: Key, operation: KeyOperation, algorithm: string): void {
  requireUsable(key, { operation, use: { usage: 'ENCRYPT_DECRYPT', algorithm } });
}

const newBackingKey = (bytes: Uint8Array) => new BackingKey(bytes);
function backingKeyOf(store: Store, material: Material): BackingKey {
  return store.materials.openAs(material, newBackingKey);
}

/** Encrypts under the current material of a symmetric key. */
export function encryptSymmetric(
  { store }: OperationContext,
  key: Key,
  plaintext: Uint8Array,
  encryptionContext: EncryptionContext | undefined,
): Required<Encrypted> {
  const material = requireCurrentMaterial(store, key);
  const ciphertext = encryptUnder(backingKeyOf(store, material), material.materialId, plaintext, encryptionContext);
  return { ciphertext, materialId: formatMaterialId(material) };
}

/** Encrypts under the key's current material. */
export async function encryptWithKey(
  context: OperationContext,
  key: Key,
  algorithm: EncryptionAlgorithm,
  plaintext: Uint8Array,
  encryptionContext: EncryptionContext | undefined,
): Promise<Encrypted> {
  if (algorithm === symmetricAlgorithm) return encryptSymmetric(context, key, plaintext, encryptionContext);
  refuseContext(encryptionContext);
  const { keySpec } = key.record;
  const material = openCurrentMaterial(context.store, key);
  return { ciphertext: await encryptAsymmetric({ keySpec, algorithm, material, plaintext }) };
}

export interface Decrypted {
  readonly key: Key;
  readonly plaintext: Buffer;
  /** AWS's KeyMaterialId, of a symmetric key. */
  readonly materialId?: string;
}

export interface Decryption {
  readonly keyId: string | undefined;
  readonly algorithm: EncryptionAlgorithm;
  readonly ciphertext: Uint8Array;
  readonly encryptionContext: EncryptionContext | undefined;
}

/**
 * Decrypts what `encryptWithKey` made. A symmetric ciphertext tells its key and material, old ones included, and a key that
 * the request names must be that one; under an asymmetric key the request must name it.
 */
export async function decryptWithKey(
  context: OperationContext,
  operation: KeyOperation,
  request: Decryption,
): Promise<Decrypted> {
  return request.algorithm === symmetricAlgorithm
    ? decryptSymmetric(context, operation, request)
    : decryptNamed(context, operation, request);
}

function decryptSymmetric(context: OperationContext, operation: KeyOperation, request: Decryption): Decrypted {
  const named = request.keyId === undefined ? undefined : resolveKey(context, request.keyId, { allowAlias: true });
  const materialId = readMaterialId(request.ciphertext);
  if (materialId === undefined) throw new KmsError('InvalidCiphertextException');
  const { key, material } = requireCiphertextKey(context, materialId, named);
  requireEncryption(key, operation, symmetricAlgorithm);
  const plaintext = decryptUnder(backingKeyOf(context.store, material), request.ciphertext, request.encryptionContext);
  if (plaintext === undefined) throw new KmsError('InvalidCiphertextException');
  return { key, plaintext, materialId: formatMaterialId(material) };
}

async function decryptNamed(
  context: OperationContext,
  operation: KeyOperation,
  request: Decryption,
): Promise<Decrypted> {
  const { keyId, algorithm, ciphertext } = request;
  if (keyId === undefined) throw new KmsError('ValidationException', 'KeyId must not be null');
  const key = resolveKey(context, keyId, { allowAlias: true });
  requireEncryption(key, operation, algorithm);
  refuseContext(request.encryptionContext);
  const material = openCurrentMaterial(context.store, key);
  const plaintext = await decryptAsymmetric({ keySpec: key.record.keySpec, algorithm, material, ciphertext });
  return { key, plaintext };
}

function refuseContext(encryptionContext: EncryptionContext | undefined): void {
  if (encryptionContext === undefined || Object.keys(encryptionContext).length === 0) return;
  throw new KmsError(
    'ValidationException',
    'EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.',
  );
}

function requireCiphertextKey(
  context: OperationContext,
  materialId: Uint8Array,
  named: Key | undefined,
): CiphertextKey {
  const owner = findCiphertextKey(context, materialId, named);
  if (owner !== undefined) return owner;
  if (named !== undefined) {
    throw new KmsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  throw new KmsError(
    'AccessDeniedException',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  );
}
