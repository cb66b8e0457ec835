import type * as z from 'zod/mini';
import type * as shapes from '../../shared/declaration/shapes.ts';
import type { KeySpec, KeyUsage } from '../core/key-spec.ts';
import {
  generateBytes,
  generateEcKey,
  generateEd25519Key,
  generateMlDsaKey,
  generateMlKemKey,
  generateRsaKey,
  type MaterialGenerator,
} from './material-generation.ts';
import { requireRuntimeSupport } from './runtime-support.ts';

export type { KeySpec, KeyUsage };

export type EncryptionAlgorithm = z.output<ReturnType<typeof shapes.encryptionAlgorithm>>;
export type SigningAlgorithm = z.output<ReturnType<typeof shapes.signingAlgorithm>>;
export type MacAlgorithm = z.output<ReturnType<typeof shapes.macAlgorithm>>;
export type KeyAgreementAlgorithm = z.output<ReturnType<typeof shapes.keyAgreementAlgorithm>>;
export type EncapsulationAlgorithm = z.output<ReturnType<typeof shapes.encapsulationAlgorithm>>;

/** A key spec's algorithms for each key usage that it supports, in the order of KeyMetadata. */
export interface AlgorithmsByUsage {
  readonly ENCRYPT_DECRYPT?: readonly EncryptionAlgorithm[];
  readonly SIGN_VERIFY?: readonly SigningAlgorithm[];
  readonly GENERATE_VERIFY_MAC?: readonly MacAlgorithm[];
  readonly KEY_AGREEMENT?: readonly KeyAgreementAlgorithm[];
  readonly ENCAPSULATE_DECAPSULATE?: readonly EncapsulationAlgorithm[];
}

export type KeyFamily = 'SYMMETRIC' | 'HMAC' | 'RSA' | 'ECDSA' | 'EDWARDS' | 'SM2' | 'ML_DSA' | 'ML_KEM';

/** The properties of a key spec. Read them from the row instead of switching on the name of the key spec. */
export interface KeySpecRow {
  readonly keySpec: KeySpec;
  readonly family: KeyFamily;
  /** The length of an RSA modulus. */
  readonly modulusBits?: number;
  /**
   * The key object's `asymmetricKeyType`. It is `undefined` for raw material, and for SM2, for which Node.js reports no
   * type.
   */
  readonly keyType?: string;
  /** The `namedCurve` in the key object's `asymmetricKeyDetails`. */
  readonly curve?: string;
  /** The length of generated raw material. It is `undefined` if the material is PKCS#8. */
  readonly rawBytes?: number;
  /** The maximum length of imported raw material. `rawBytes` is the minimum, and the default maximum. */
  readonly maxRawBytes?: number;
  /** True if AWS rejects keys with this key spec and Origin EXTERNAL. */
  readonly isNotImportable?: true;
  /** The length of the ciphertext that Encapsulate returns, for ML-KEM only. */
  readonly kemCiphertextBytes?: number;
  readonly algorithms: AlgorithmsByUsage;
  /** True if the material is a key pair, so GetPublicKey supports it. */
  readonly isAsymmetric: boolean;
  /** Generates random material: raw bytes, or a PKCS#8 private key in DER. */
  readonly generateMaterial: MaterialGenerator;
}

type Facts = Omit<KeySpecRow, 'keySpec' | 'isAsymmetric'>;

const symmetric: Facts = {
  family: 'SYMMETRIC',
  rawBytes: 32,
  algorithms: { ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT'] },
  generateMaterial: () => generateBytes(32),
};

/**
 * Generated HMAC keys (RFC 2104) are as long as the digest. Imported HMAC keys can be longer
 * (https://docs.aws.amazon.com/kms/latest/developerguide/importing-keys-conceptual.html#importing-keys-material-requirements).
 */
const hmac = (bits: 224 | 256 | 384 | 512): Facts => ({
  family: 'HMAC',
  rawBytes: bits / 8,
  maxRawBytes: 128,
  algorithms: { GENERATE_VERIFY_MAC: [`HMAC_SHA_${bits}`] },
  generateMaterial: () => generateBytes(bits / 8),
});

const rsa = (bits: 2048 | 3072 | 4096): Facts => ({
  family: 'RSA',
  modulusBits: bits,
  keyType: 'rsa',
  algorithms: {
    ENCRYPT_DECRYPT: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    SIGN_VERIFY: [
      'RSASSA_PKCS1_V1_5_SHA_256',
      'RSASSA_PKCS1_V1_5_SHA_384',
      'RSASSA_PKCS1_V1_5_SHA_512',
      'RSASSA_PSS_SHA_256',
      'RSASSA_PSS_SHA_384',
      'RSASSA_PSS_SHA_512',
    ],
  },
  generateMaterial: () => generateRsaKey(bits),
});

const ecNist = (curve: string, hashBits: 256 | 384 | 512): Facts => ({
  family: 'ECDSA',
  keyType: 'ec',
  curve,
  algorithms: { SIGN_VERIFY: [`ECDSA_SHA_${hashBits}`], KEY_AGREEMENT: ['ECDH'] },
  generateMaterial: () => generateEcKey(curve),
});

const secp256k1: Facts = {
  family: 'ECDSA',
  keyType: 'ec',
  curve: 'secp256k1',
  algorithms: { SIGN_VERIFY: ['ECDSA_SHA_256'] },
  generateMaterial: () => generateEcKey('secp256k1'),
};

const edwards25519: Facts = {
  family: 'EDWARDS',
  keyType: 'ed25519',
  algorithms: { SIGN_VERIFY: ['ED25519_PH_SHA_512', 'ED25519_SHA_512'] },
  generateMaterial: generateEd25519Key,
};

const sm2: Facts = {
  family: 'SM2',
  curve: 'SM2',
  algorithms: { ENCRYPT_DECRYPT: ['SM2PKE'], SIGN_VERIFY: ['SM2DSA'], KEY_AGREEMENT: ['ECDH'] },
  generateMaterial: () => generateEcKey('SM2'),
};

const mlDsa = (size: 44 | 65 | 87): Facts => ({
  family: 'ML_DSA',
  isNotImportable: true,
  keyType: `ml-dsa-${size}`,
  algorithms: { SIGN_VERIFY: ['ML_DSA_SHAKE_256'] },
  generateMaterial: () => generateMlDsaKey(size),
});

/** The values of `kemCiphertextBytes` are from FIPS 203, table 3. */
const mlKem = (size: 512 | 768 | 1024, kemCiphertextBytes: number): Facts => ({
  family: 'ML_KEM',
  keyType: `ml-kem-${size}`,
  kemCiphertextBytes,
  algorithms: { ENCAPSULATE_DECAPSULATE: ['ML_KEM'] },
  generateMaterial: () => generateMlKemKey(size),
});

const facts = {
  SYMMETRIC_DEFAULT: symmetric,
  HMAC_224: hmac(224),
  HMAC_256: hmac(256),
  HMAC_384: hmac(384),
  HMAC_512: hmac(512),
  RSA_2048: rsa(2048),
  RSA_3072: rsa(3072),
  RSA_4096: rsa(4096),
  ECC_NIST_P256: ecNist('prime256v1', 256),
  ECC_NIST_P384: ecNist('secp384r1', 384),
  ECC_NIST_P521: ecNist('secp521r1', 512),
  ECC_NIST_EDWARDS25519: edwards25519,
  ECC_SECG_P256K1: secp256k1,
  SM2: sm2,
  ML_DSA_44: mlDsa(44),
  ML_DSA_65: mlDsa(65),
  ML_DSA_87: mlDsa(87),
  ML_KEM_512: mlKem(512, 768),
  ML_KEM_768: mlKem(768, 1088),
  ML_KEM_1024: mlKem(1024, 1568),
} satisfies Record<KeySpec, Facts>;

/**
 * The KMS key specs, with one row each. Keys with any key spec can have imported material and can be multi-Region keys.
 *
 * - https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 * - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html (KeyUsage, KeySpec)
 * - https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html (import)
 */
export const keySpecs = Object.fromEntries(
  Object.entries(facts).map(([keySpec, row]: [string, Facts]) => [
    keySpec,
    withSupportCheck({ keySpec: keySpec as KeySpec, ...row, isAsymmetric: row.rawBytes === undefined }),
  ]),
) as Readonly<Record<KeySpec, KeySpecRow>>;

/** Returns the row with a generator that fails with a clear error if the running Node.js lacks the key spec. */
function withSupportCheck(row: KeySpecRow): KeySpecRow {
  const generateMaterial: MaterialGenerator = async () => {
    requireRuntimeSupport(row);
    return row.generateMaterial();
  };
  return { ...row, generateMaterial };
}

/**
 * The members of KeyMetadata and GetPublicKey that list a key's algorithms. Each key has only the member for its key
 * usage.
 */
export interface ListedAlgorithms {
  EncryptionAlgorithms?: EncryptionAlgorithm[];
  SigningAlgorithms?: SigningAlgorithm[];
  MacAlgorithms?: MacAlgorithm[];
  KeyAgreementAlgorithms?: KeyAgreementAlgorithm[];
  EncapsulationAlgorithms?: EncapsulationAlgorithm[];
}

const algorithmsMember = {
  ENCRYPT_DECRYPT: 'EncryptionAlgorithms',
  SIGN_VERIFY: 'SigningAlgorithms',
  GENERATE_VERIFY_MAC: 'MacAlgorithms',
  KEY_AGREEMENT: 'KeyAgreementAlgorithms',
  ENCAPSULATE_DECAPSULATE: 'EncapsulationAlgorithms',
} as const satisfies Record<KeyUsage, keyof ListedAlgorithms>;

/** Returns an object such as `{SigningAlgorithms: […]}`, or `{}` if the key spec does not support the usage. */
export function listAlgorithms(row: KeySpecRow, keyUsage: KeyUsage): ListedAlgorithms {
  const algorithms = row.algorithms[keyUsage];
  return algorithms === undefined ? {} : { [algorithmsMember[keyUsage]]: [...algorithms] };
}
