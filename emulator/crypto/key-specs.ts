import {
  ecMaterial,
  edwards25519Material,
  type MaterialGenerator,
  mlDsaMaterial,
  mlKemMaterial,
  randomMaterial,
  rsaMaterial,
} from './key-generation.ts';

/**
 * Every fact of a KMS key spec, one row each: what it may be used for, with which algorithms, in the order in which
 * KeyMetadata lists them, and how its material is made. Callers get a row and never switch on a name.
 *
 * - https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 * - https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html (KeyUsage, KeySpec)
 * - https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html (all key types can be imported,
 *   multi-Region keys included)
 */
export type KeyUsage =
  | 'ENCRYPT_DECRYPT'
  | 'SIGN_VERIFY'
  | 'GENERATE_VERIFY_MAC'
  | 'KEY_AGREEMENT'
  | 'ENCAPSULATE_DECAPSULATE';

export type KeyFamily = 'SYMMETRIC' | 'HMAC' | 'RSA' | 'ECDSA' | 'EDWARDS' | 'SM2' | 'ML_DSA' | 'ML_KEM';

export type KeySpecRow = {
  readonly keySpec: KeySpec;
  readonly family: KeyFamily;
  /** Key length, modulus, curve or parameter set: 256 for P-256, 2048 for RSA_2048, 44 for ML_DSA_44. */
  readonly size: number;
  /** What `asymmetricKeyType` and `asymmetricKeyDetails` of its key object say; undefined where the material is raw. */
  readonly keyType?: string;
  readonly curve?: string;
  /** Length of raw material; undefined where the material is PKCS#8. */
  readonly rawBytes?: number;
  /** The allowed KeyUsage values and the algorithms of each. */
  readonly algorithms: Readonly<Partial<Record<KeyUsage, readonly string[]>>>;
  /** Has a key pair, so GetPublicKey works. */
  readonly asymmetric: boolean;
  /** May have Origin EXTERNAL. */
  readonly importable: boolean;
  /** May be a multi-Region key. */
  readonly multiRegion: boolean;
  /** Is a KeyPairSpec of GenerateDataKeyPair. */
  readonly dataKeyPair: boolean;
  /** New random material: raw bytes, or a PKCS#8 private key in DER. */
  readonly generateMaterial: MaterialGenerator;
};

type Facts = Omit<KeySpecRow, 'keySpec' | 'asymmetric' | 'importable' | 'multiRegion'>;

const symmetric: Facts = {
  family: 'SYMMETRIC',
  size: 256,
  rawBytes: 32,
  algorithms: { ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT'] },
  dataKeyPair: false,
  generateMaterial: randomMaterial(32),
};

/** RFC 2104 keys, as long as the digest; 224 bits are 28 bytes. */
const hmac = (bits: 224 | 256 | 384 | 512): Facts => ({
  family: 'HMAC',
  size: bits,
  rawBytes: bits / 8,
  algorithms: { GENERATE_VERIFY_MAC: [`HMAC_SHA_${bits}`] },
  dataKeyPair: false,
  generateMaterial: randomMaterial(bits / 8),
});

const rsa = (bits: 2048 | 3072 | 4096): Facts => ({
  family: 'RSA',
  size: bits,
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
  dataKeyPair: true,
  generateMaterial: rsaMaterial(bits),
});

const ecNist = (bits: 256 | 384 | 521, curve: string, hashBits: 256 | 384 | 512): Facts => ({
  family: 'ECDSA',
  size: bits,
  keyType: 'ec',
  curve,
  algorithms: { SIGN_VERIFY: [`ECDSA_SHA_${hashBits}`], KEY_AGREEMENT: ['ECDH'] },
  dataKeyPair: true,
  generateMaterial: ecMaterial(curve),
});

const secp256k1: Facts = {
  family: 'ECDSA',
  size: 256,
  keyType: 'ec',
  curve: 'secp256k1',
  algorithms: { SIGN_VERIFY: ['ECDSA_SHA_256'] },
  dataKeyPair: true,
  generateMaterial: ecMaterial('secp256k1'),
};

const edwards25519: Facts = {
  family: 'EDWARDS',
  size: 255,
  keyType: 'ed25519',
  algorithms: { SIGN_VERIFY: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] },
  dataKeyPair: true,
  generateMaterial: edwards25519Material,
};

const sm2: Facts = {
  family: 'SM2',
  size: 256,
  curve: 'SM2',
  algorithms: { ENCRYPT_DECRYPT: ['SM2PKE'], SIGN_VERIFY: ['SM2DSA'], KEY_AGREEMENT: ['ECDH'] },
  dataKeyPair: true,
  generateMaterial: ecMaterial('SM2'),
};

const mlDsa = (size: 44 | 65 | 87): Facts => ({
  family: 'ML_DSA',
  size,
  keyType: `ml-dsa-${size}`,
  algorithms: { SIGN_VERIFY: ['ML_DSA_SHAKE_256'] },
  dataKeyPair: false,
  generateMaterial: mlDsaMaterial(`ml-dsa-${size}`),
});

const mlKem = (size: 512 | 768 | 1024): Facts => ({
  family: 'ML_KEM',
  size,
  keyType: `ml-kem-${size}`,
  algorithms: { ENCAPSULATE_DECAPSULATE: ['ML_KEM'] },
  dataKeyPair: true,
  generateMaterial: mlKemMaterial(`ml-kem-${size}`),
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
  ECC_NIST_P256: ecNist(256, 'prime256v1', 256),
  ECC_NIST_P384: ecNist(384, 'secp384r1', 384),
  ECC_NIST_P521: ecNist(521, 'secp521r1', 512),
  ECC_NIST_EDWARDS25519: edwards25519,
  ECC_SECG_P256K1: secp256k1,
  SM2: sm2,
  ML_DSA_44: mlDsa(44),
  ML_DSA_65: mlDsa(65),
  ML_DSA_87: mlDsa(87),
  ML_KEM_512: mlKem(512),
  ML_KEM_768: mlKem(768),
  ML_KEM_1024: mlKem(1024),
} satisfies Record<string, Facts>;

export type KeySpec = keyof typeof facts;

/** All rows by name; without a prototype, so that only a key spec is found in it. */
export const keySpecs: Readonly<Record<KeySpec, KeySpecRow>> = Object.freeze(
  Object.assign(
    Object.create(null),
    Object.fromEntries(
      Object.entries(facts).map(([keySpec, row]: [string, Facts]) => [
        keySpec,
        Object.freeze({ keySpec, ...row, asymmetric: row.rawBytes === undefined, importable: true, multiRegion: true }),
      ]),
    ),
  ),
);

export function isKeySpec(name: string): name is KeySpec {
  return name in keySpecs;
}

/** Where KeyMetadata and GetPublicKey list the algorithms of a key with this KeyUsage. */
export const algorithmsMember = Object.freeze({
  ENCRYPT_DECRYPT: 'EncryptionAlgorithms',
  SIGN_VERIFY: 'SigningAlgorithms',
  GENERATE_VERIFY_MAC: 'MacAlgorithms',
  KEY_AGREEMENT: 'KeyAgreementAlgorithms',
  ENCAPSULATE_DECAPSULATE: 'EncapsulationAlgorithms',
} as const satisfies Record<KeyUsage, string>);

/** `{SigningAlgorithms: […]}` and the like, as KeyMetadata has it; `{}` where the spec does not have that usage. */
export function listedAlgorithms(
  row: KeySpecRow,
  keyUsage: KeyUsage,
): Partial<Record<(typeof algorithmsMember)[KeyUsage], string[]>> {
  const algorithms = row.algorithms[keyUsage];
  return algorithms === undefined ? {} : { [algorithmsMember[keyUsage]]: [...algorithms] };
}
