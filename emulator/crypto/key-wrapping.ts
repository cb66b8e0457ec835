import { KmsError } from '../core/kms-error.ts';
import { publicKeyOf } from './formats/public-key.ts';
import { type KeyFamily, type KeySpec, keySpecs } from './key-specs.ts';
import { unwrapAesPadded } from './primitives/aes-key-wrap.ts';
import { decryptAsymmetric } from './primitives/encryption.ts';

/**
 * The wrapping of key material on its way into KMS: GetParametersForImport makes the key, ImportKeyMaterial unwraps.
 * https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-get-public-key-and-token.html
 *
 * RSA_AES_KEY_WRAP_*: RSAES-OAEP(256-bit AES key) ‖ AES-KWP(material) (PKCS #11 CKM_RSA_AES_KEY_WRAP).
 */
export type WrappingKeySpec = 'RSA_2048' | 'RSA_3072' | 'RSA_4096' | 'SM2';

/** `privateKey`: PKCS#8, kept by KMS; `publicKey`: SubjectPublicKeyInfo, given out. Both DER. */
export type WrappingKey = { readonly privateKey: Buffer; readonly publicKey: Buffer };

type WrappingRow = {
  /** The algorithm that protects the material, or the AES key that protects it. */
  readonly encryption: string;
  readonly throughAes: boolean;
  readonly wrappingFamily: KeyFamily;
  /** Whose material may be wrapped so. */
  readonly wraps: readonly KeyFamily[];
};

const asymmetricFamilies = ['RSA', 'ECDSA', 'EDWARDS', 'SM2', 'ML_DSA', 'ML_KEM'] as const;

/** RSAES_PKCS1_V1_5 has no row: KMS has not supported it since October 10, 2023. */
const wrappingAlgorithms: Readonly<Record<string, WrappingRow>> = Object.assign(Object.create(null), {
  RSAES_OAEP_SHA_1: direct('RSAES_OAEP_SHA_1', 'RSA'),
  RSAES_OAEP_SHA_256: direct('RSAES_OAEP_SHA_256', 'RSA'),
  RSA_AES_KEY_WRAP_SHA_1: throughAes('RSAES_OAEP_SHA_1'),
  RSA_AES_KEY_WRAP_SHA_256: throughAes('RSAES_OAEP_SHA_256'),
  SM2PKE: direct('SM2PKE', 'SM2'),
} satisfies Record<string, WrappingRow>);

/** For everything that fits into one ciphertext; an RSA private key never does. */
function direct(encryption: string, wrappingFamily: KeyFamily): WrappingRow {
  return {
    encryption,
    throughAes: false,
    wrappingFamily,
    wraps: ['SYMMETRIC', 'HMAC', ...asymmetricFamilies.filter((family) => family !== 'RSA')],
  };
}

/** For private keys. */
function throughAes(encryption: string): WrappingRow {
  return { encryption, throughAes: true, wrappingFamily: 'RSA', wraps: asymmetricFamilies };
}

const aesKeyBytes = 32;

/** Which wrapping a request to GetParametersForImport asks for. */
export type WrappingChoice = {
  /** Of the KMS key that is to get the material. */
  readonly keySpec: KeySpec;
  readonly wrappingKeySpec: WrappingKeySpec;
  readonly wrappingAlgorithm: string;
};

/** UnsupportedOperationException for a combination that KMS does not have. */
export function checkWrapping({ keySpec, wrappingKeySpec, wrappingAlgorithm }: WrappingChoice): void {
  const row = wrappingAlgorithms[wrappingAlgorithm];
  if (row === undefined) {
    throw new KmsError('UnsupportedOperationException', `Wrapping algorithm ${wrappingAlgorithm} is not supported.`);
  }
  if (row.wrappingFamily !== keySpecs[wrappingKeySpec].family) {
    throw new KmsError(
      'UnsupportedOperationException',
      `Wrapping algorithm ${wrappingAlgorithm} is not supported with wrapping key spec ${wrappingKeySpec}.`,
    );
  }
  // A P-521 PKCS#8 key has 241 bytes; an RSA_2048 OAEP ciphertext holds 214 at most.
  const tooLong = keySpec === 'ECC_NIST_P521' && wrappingKeySpec === 'RSA_2048' && !row.throughAes;
  if (tooLong || !row.wraps.includes(keySpecs[keySpec].family)) {
    throw new KmsError(
      'UnsupportedOperationException',
      `Wrapping algorithm ${wrappingAlgorithm} with wrapping key spec ${wrappingKeySpec} is not supported for key spec ${keySpec}.`,
    );
  }
}

export async function generateWrappingKey(wrappingKeySpec: WrappingKeySpec): Promise<WrappingKey> {
  const privateKey = await keySpecs[wrappingKeySpec].generateMaterial();
  return { privateKey, publicKey: publicKeyOf(privateKey) };
}

/** The wrapped material; not yet known to be good material (`checkImportedMaterial`). InvalidCiphertextException otherwise. */
export async function unwrapKeyMaterial(
  request: WrappingChoice & {
    /** PKCS#8 of `generateWrappingKey`. */
    readonly wrappingPrivateKey: Uint8Array;
    readonly encryptedKeyMaterial: Uint8Array;
  },
): Promise<Buffer> {
  checkWrapping(request);
  const { wrappingKeySpec, wrappingAlgorithm, wrappingPrivateKey, encryptedKeyMaterial } = request;
  const row = wrappingAlgorithms[wrappingAlgorithm]!;
  const decrypt = (ciphertext: Uint8Array) =>
    decryptAsymmetric({
      keySpec: wrappingKeySpec,
      algorithm: row.encryption,
      material: wrappingPrivateKey,
      ciphertext,
    });
  if (!row.throughAes) return decrypt(encryptedKeyMaterial);

  const modulusBytes = keySpecs[wrappingKeySpec].size / 8;
  const aesKey = await decrypt(encryptedKeyMaterial.subarray(0, modulusBytes));
  const material =
    aesKey.length === aesKeyBytes ? unwrapAesPadded(aesKey, encryptedKeyMaterial.subarray(modulusBytes)) : undefined;
  if (material === undefined) throw new KmsError('InvalidCiphertextException');
  return material;
}
