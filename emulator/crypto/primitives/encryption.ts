import { constants, privateDecrypt, publicEncrypt } from 'node:crypto';
import { KmsError } from '../../core/kms-error.ts';
import { compatibleRow } from '../compatibility.ts';
import { type ParsedKey, parsedKey } from '../formats/parsed-key.ts';
import type { KeySpec, KeySpecRow } from '../key-specs.ts';
import { sm2Decrypt, sm2Encrypt } from './sm2.ts';

/**
 * Encrypt and Decrypt under asymmetric keys: RSAES-OAEP (RFC 8017 §7.1, MGF1 over the same hash, no label) and SM2PKE.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html
 */
export type AsymmetricEncryptionRequest = {
  readonly keySpec: KeySpec;
  readonly algorithm: string;
  readonly material: Uint8Array;
};

type EncryptionRow = {
  maxPlaintextBytes(row: KeySpecRow): number;
  encrypt(key: ParsedKey, plaintext: Uint8Array): Promise<Buffer>;
  /** Undefined for what was not encrypted under this key. */
  decrypt(key: ParsedKey, ciphertext: Uint8Array): Promise<Buffer | undefined>;
};

const oaep = (oaepHash: 'sha1' | 'sha256', hashBytes: number): EncryptionRow => {
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash };
  return {
    maxPlaintextBytes: ({ size }) => size / 8 - 2 * hashBytes - 2,
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

const algorithms: Readonly<Record<string, EncryptionRow>> = Object.assign(Object.create(null), {
  RSAES_OAEP_SHA_1: oaep('sha1', 20),
  RSAES_OAEP_SHA_256: oaep('sha256', 32),
  SM2PKE: { maxPlaintextBytes: () => 1024, encrypt: sm2Encrypt, decrypt: sm2Decrypt },
} satisfies Record<string, EncryptionRow>);

/** 214 for RSA_2048 with RSAES_OAEP_SHA_1 and so on, as the reference of Encrypt lists them; SM2PKE: 1024. */
export function maxPlaintextBytes(keySpec: KeySpec, algorithm: string): number {
  return algorithmOf(keySpec, algorithm).maxPlaintextBytes(compatibleRow(keySpec, 'ENCRYPT_DECRYPT', algorithm));
}

/** RSA: as long as the modulus. SM2: DER, about 110 bytes longer than the plaintext. */
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
  return algorithmOf(keySpec, algorithm).encrypt(parsedKey(material), plaintext);
}

/** InvalidCiphertextException, without a message as KMS has it, for what was not encrypted so under this key. */
export async function decryptAsymmetric(
  request: AsymmetricEncryptionRequest & { readonly ciphertext: Uint8Array },
): Promise<Buffer> {
  const { keySpec, algorithm, material, ciphertext } = request;
  const plaintext = await algorithmOf(keySpec, algorithm).decrypt(parsedKey(material), ciphertext);
  if (plaintext === undefined) throw new KmsError('InvalidCiphertextException');
  return plaintext;
}

function algorithmOf(keySpec: KeySpec, algorithm: string): EncryptionRow {
  compatibleRow(keySpec, 'ENCRYPT_DECRYPT', algorithm);
  const row = algorithms[algorithm];
  if (row === undefined) throw new Error(`${algorithm} is not an asymmetric algorithm`);
  return row;
}
