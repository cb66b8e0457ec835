import type { Key } from '../../core/key-record.ts';
import { type EncryptionContext, encryptUnder } from '../../crypto/formats/ciphertext.ts';
import type { EncryptionAlgorithm } from '../../crypto/key-specs.ts';
import { encryptAsymmetric } from '../../crypto/primitives/asymmetric-encryption.ts';
import { formatMaterialId, openCurrentMaterial, requireCurrentMaterial } from '../../keys/key-material.ts';
import type { OperationContext } from '../../keys/operation-context.ts';
import { openBackingKey, symmetricAlgorithm, throwIfEncryptionContext } from './encryption-key.ts';

export interface Encrypted {
  readonly ciphertext: Buffer;
  /** The KeyMaterialId. It is set only for symmetric keys. */
  readonly materialId?: string;
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
  throwIfEncryptionContext(encryptionContext);
  const { keySpec } = key.record;
  const material = openCurrentMaterial(context.store, key);
  return { ciphertext: await encryptAsymmetric({ keySpec, algorithm, material, plaintext }) };
}

/** Encrypts under a symmetric key's current material. */
export function encryptSymmetric(
  { store }: OperationContext,
  key: Key,
  plaintext: Uint8Array,
  encryptionContext: EncryptionContext | undefined,
): Required<Encrypted> {
  const material = requireCurrentMaterial(store, key);
  const ciphertext = encryptUnder(openBackingKey(store, material), material.materialId, plaintext, encryptionContext);
  return { ciphertext, materialId: formatMaterialId(material) };
}
