import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import { KmsError } from '../../core/kms-error.ts';
import { requireAlgorithmSupport } from '../algorithm-support.ts';
import { type ParsedKey, parseKey } from '../formats/parsed-key.ts';
import type { EncryptionAlgorithm, KeySpec, KeySpecRow } from '../key-specs.ts';
import { decryptSm2, encryptSm2 } from './sm2.ts';

/**
 * Implements Encrypt and Decrypt for asymmetric keys, with RSAES-OAEP (RFC 8017 §7.1, MGF1 over the same hash, no
 * label) and SM2PKE. https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html
 */

export interface AsymmetricEncryptionRequest {
  readonly keySpec: KeySpec;
  readonly algorithm: EncryptionAlgorithm;
  readonly material: Uint8Array;
}

interface EncryptionPrimitive {
  maxPlaintextBytes(row: KeySpecRow): number;
  encrypt(key: ParsedKey, plaintext: Uint8Array): Promise<Buffer>;
  /** Returns `undefined` if the ciphertext was not encrypted under this key. */
  decrypt(key: ParsedKey, ciphertext: Uint8Array): Promise<Buffer | undefined>;
}

const oaep = (oaepHash: 'sha1' | 'sha256', hashBytes: number): EncryptionPrimitive => {
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
  return {
    maxPlaintextBytes: ({ modulusBits = 0 }) => modulusBits / 8 - 2 * hashBytes - 2,
    encrypt: async ({ publicKey }, plaintext) => publicEncrypt({ key: publicKey, ...padding }, plaintext),
    decrypt: async ({ privateKey }, ciphertext) => {
      try {
        return privateDecrypt({ key: privateKey, ...padding }, ciphertext);
      } catch {
        return undefined;
      }
    },
  };
};

const primitives: Readonly<Record<Exclude<EncryptionAlgorithm, 'SYMMETRIC_DEFAULT'>, EncryptionPrimitive>> = {
  RSAES_OAEP_SHA_1: oaep('sha1', 20),
  RSAES_OAEP_SHA_256: oaep('sha256', 32),
  SM2PKE: { maxPlaintextBytes: () => 1024, encrypt: encryptSm2, decrypt: decryptSm2 },
};

/**
 * Returns the maximum length of the plaintext, as listed in the Encrypt reference. For example, the maximum is 214 for
 * RSA_2048 with RSAES_OAEP_SHA_1, and 1024 for SM2PKE.
 */
export function maxPlaintextBytes(keySpec: KeySpec, algorithm: EncryptionAlgorithm): number {
  return getPrimitive(keySpec, algorithm).maxPlaintextBytes(
    requireAlgorithmSupport(keySpec, 'ENCRYPT_DECRYPT', algorithm),
  );
}

/**
 * Encrypts with the public key. An RSA ciphertext is as long as the modulus. An SM2 ciphertext is DER and about 110
 * bytes longer than the plaintext.
 */
export async function encryptAsymmetric(
  request: AsymmetricEncryptionRequest & { readonly plaintext: Uint8Array },
): Promise<Buffer> {
  const { keySpec, algorithm, material, plaintext } = request;
  const limit = maxPlaintextBytes(keySpec, algorithm);
  if (plaintext.length > limit) {
    throw new KmsError(
      'ValidationException',
      `Algorithm ${algorithm} and key spec ${keySpec} cannot encrypt data larger than ${limit} bytes.`,
    );
  }
  return getPrimitive(keySpec, algorithm).encrypt(parseKey(material), plaintext);
}

/**
 * Decrypts with the private key. Throws InvalidCiphertextException if the ciphertext was not encrypted with this
 * algorithm under this key. As in KMS, the error has no message.
 */
export async function decryptAsymmetric(
  request: AsymmetricEncryptionRequest & { readonly ciphertext: Uint8Array },
): Promise<Buffer> {
  const { keySpec, algorithm, material, ciphertext } = request;
  const plaintext = await getPrimitive(keySpec, algorithm).decrypt(parseKey(material), ciphertext);
  if (plaintext === undefined) throw new KmsError('InvalidCiphertextException');
  return plaintext;
}

function getPrimitive(keySpec: KeySpec, algorithm: EncryptionAlgorithm): EncryptionPrimitive {
  requireAlgorithmSupport(keySpec, 'ENCRYPT_DECRYPT', algorithm);
  if (algorithm === 'SYMMETRIC_DEFAULT') throw new Error('SYMMETRIC_DEFAULT is not an asymmetric algorithm');
  return primitives[algorithm];
}
