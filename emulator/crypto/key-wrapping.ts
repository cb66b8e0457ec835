import { KmsError } from '../core/kms-error.ts';
import { exportPublicKey } from './formats/public-key.ts';
import { type KeyFamily, type KeySpec, keySpecs } from './key-specs.ts';
import { unwrapAesPadded } from './primitives/aes-key-wrap.ts';
import { decryptAsymmetric } from './primitives/asymmetric-encryption.ts';

/**
 * The specs of the wrapping keys for imported key material. GetParametersForImport generates a wrapping key, and
 * ImportKeyMaterial unwraps the material.
 * https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-get-public-key-and-token.html
 */
export type WrappingKeySpec = 'RSA_2048' | 'RSA_3072' | 'RSA_4096' | 'SM2';

/**
 * A wrapping key in DER. `privateKey` is PKCS#8 and stays in KMS. `publicKey` is a SubjectPublicKeyInfo for the caller.
 */
export interface WrappingKey {
  readonly privateKey: Buffer;
  readonly publicKey: Buffer;
}

interface WrappingAlgorithmRow {
  /** The algorithm that encrypts either the material or the AES key that wraps the material. */
  readonly encryption: 'RSAES_OAEP_SHA_1' | 'RSAES_OAEP_SHA_256' | 'SM2PKE';
  readonly usesAesKey: boolean;
  readonly wrappingFamily: KeyFamily;
  /** The key families whose material this algorithm can wrap. */
  readonly wraps: readonly KeyFamily[];
}

const privateKeyFamilies = ['RSA', 'ECDSA', 'EDWARDS', 'SM2', 'ML_DSA', 'ML_KEM'] as const;

/** Wraps material that fits into one ciphertext. An RSA private key never fits. */
const wrapsDirectly = {
  usesAesKey: false,
  wraps: ['SYMMETRIC', 'HMAC', ...privateKeyFamilies.filter((family) => family !== 'RSA')],
} as const;

/** Wraps private keys as RSAES-OAEP(256-bit AES key) ‖ AES-KWP(material) (PKCS #11 CKM_RSA_AES_KEY_WRAP). */
const wrapsThroughAes = { usesAesKey: true, wrappingFamily: 'RSA', wraps: privateKeyFamilies } as const;

/** RSAES_PKCS1_V1_5 has no row, because KMS has not supported it since October 10, 2023. */
const wrappingAlgorithms = new Map<string, WrappingAlgorithmRow>([
  ['RSAES_OAEP_SHA_1', { encryption: 'RSAES_OAEP_SHA_1', wrappingFamily: 'RSA', ...wrapsDirectly }],
  ['RSAES_OAEP_SHA_256', { encryption: 'RSAES_OAEP_SHA_256', wrappingFamily: 'RSA', ...wrapsDirectly }],
  ['RSA_AES_KEY_WRAP_SHA_1', { encryption: 'RSAES_OAEP_SHA_1', ...wrapsThroughAes }],
  ['RSA_AES_KEY_WRAP_SHA_256', { encryption: 'RSAES_OAEP_SHA_256', ...wrapsThroughAes }],
  ['SM2PKE', { encryption: 'SM2PKE', wrappingFamily: 'SM2', ...wrapsDirectly }],
]);

const aesKeyBytes = 32;

/** The wrapping that a GetParametersForImport request specifies. */
export interface WrappingChoice {
  /** The spec of the KMS key that receives the material. */
  readonly keySpec: KeySpec;
  readonly wrappingKeySpec: WrappingKeySpec;
  readonly wrappingAlgorithm: string;
}

/**
 * The key specs whose private keys are too long for OAEP under RSA_2048. A P-521 PKCS#8 key is 241 bytes long, but
 * RSA_2048 with OAEP encrypts at most 214 bytes. An Ed25519 key would fit, but AWS rejects it too (recorded).
 */
const tooLongForRsa2048: readonly KeySpec[] = ['ECC_NIST_P521', 'ECC_NIST_EDWARDS25519'];

/** Throws ValidationException for a combination that KMS does not support. The message is recorded from AWS. */
export function requireWrappingSupport({ keySpec, wrappingKeySpec, wrappingAlgorithm }: WrappingChoice): void {
  const row = wrappingAlgorithms.get(wrappingAlgorithm);
  const isSupported =
    row !== undefined &&
    row.wrappingFamily === keySpecs[wrappingKeySpec].family &&
    row.wraps.includes(keySpecs[keySpec].family) &&
    !(wrappingKeySpec === 'RSA_2048' && !row.usesAesKey && tooLongForRsa2048.includes(keySpec));
  if (isSupported) return;
  throw new KmsError(
    'ValidationException',
    `Wrapping algorithm ${wrappingAlgorithm} and wrapping key spec ${wrappingKeySpec} cannot be used to import a ${keySpec} key.`,
  );
}

export async function generateWrappingKey(wrappingKeySpec: WrappingKeySpec): Promise<WrappingKey> {
  const privateKey = await keySpecs[wrappingKeySpec].generateMaterial();
  return { privateKey, publicKey: exportPublicKey(privateKey) };
}

/**
 * Returns the unwrapped material, which callers must check with `validateKeyMaterial`. Throws
 * InvalidCiphertextException if unwrapping fails.
 */
export async function unwrapKeyMaterial(
  request: WrappingChoice & {
    /** The PKCS#8 private key that `generateWrappingKey` returned. */
    readonly wrappingPrivateKey: Uint8Array;
    readonly encryptedKeyMaterial: Uint8Array;
  },
): Promise<Buffer> {
  requireWrappingSupport(request);
  const { wrappingKeySpec, wrappingAlgorithm, wrappingPrivateKey, encryptedKeyMaterial } = request;
  const { encryption, usesAesKey } = wrappingAlgorithms.get(wrappingAlgorithm)!;
  const decrypt = (ciphertext: Uint8Array) =>
    decryptAsymmetric({ keySpec: wrappingKeySpec, algorithm: encryption, material: wrappingPrivateKey, ciphertext });
  if (!usesAesKey) return decrypt(encryptedKeyMaterial);

  const modulusBytes = (keySpecs[wrappingKeySpec].modulusBits ?? 0) / 8;
  const aesKey = await decrypt(encryptedKeyMaterial.subarray(0, modulusBytes));
  const material =
    aesKey.length === aesKeyBytes ? unwrapAesPadded(aesKey, encryptedKeyMaterial.subarray(modulusBytes)) : undefined;
  if (material === undefined) throw new KmsError('InvalidCiphertextException');
  return material;
}
