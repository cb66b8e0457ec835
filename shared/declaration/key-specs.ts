/**
 * Lists the KMS key specs in the order of the AWS model, and marks the specs that other enumerations also contain
 * (https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html).
 */
const keySpecs = {
  RSA_2048: { isDataKeyPairSpec: true, isCustomerMasterKeySpec: true },
  RSA_3072: { isDataKeyPairSpec: true, isCustomerMasterKeySpec: true },
  RSA_4096: { isDataKeyPairSpec: true, isCustomerMasterKeySpec: true },
  ECC_NIST_P256: { isDataKeyPairSpec: true, isCustomerMasterKeySpec: true },
  ECC_NIST_P384: { isDataKeyPairSpec: true, isCustomerMasterKeySpec: true },
  ECC_NIST_P521: { isDataKeyPairSpec: true, isCustomerMasterKeySpec: true },
  ECC_SECG_P256K1: { isDataKeyPairSpec: true, isCustomerMasterKeySpec: true },
  SYMMETRIC_DEFAULT: { isCustomerMasterKeySpec: true },
  HMAC_224: { isCustomerMasterKeySpec: true },
  HMAC_256: { isCustomerMasterKeySpec: true },
  HMAC_384: { isCustomerMasterKeySpec: true },
  HMAC_512: { isCustomerMasterKeySpec: true },
  SM2: { isDataKeyPairSpec: true, isCustomerMasterKeySpec: true },
  ML_DSA_44: {},
  ML_DSA_65: {},
  ML_DSA_87: {},
  ECC_NIST_EDWARDS25519: { isDataKeyPairSpec: true },
  ML_KEM_512: { isDataKeyPairSpec: true },
  ML_KEM_768: { isDataKeyPairSpec: true },
  ML_KEM_1024: { isDataKeyPairSpec: true },
} as const satisfies Record<string, Uses>;

interface Uses {
  /** `true` if GenerateDataKeyPair accepts the key spec as KeyPairSpec. */
  readonly isDataKeyPairSpec?: true;
  /** `true` if CustomerMasterKeySpec, the deprecated name of KeySpec, contains the key spec. */
  readonly isCustomerMasterKeySpec?: true;
}

export type KeySpec = keyof typeof keySpecs;

/** Selects the key specs that have a use, such as `isDataKeyPairSpec`. */
type KeySpecWith<Use extends keyof Uses> = {
  [Name in KeySpec]: (typeof keySpecs)[Name] extends Readonly<Record<Use, true>> ? Name : never;
}[KeySpec];

/** A key spec that GenerateDataKeyPair accepts. */
export type DataKeyPairSpec = KeySpecWith<'isDataKeyPairSpec'>;

// Each list is a function, so that only bundles that use key specs contain the table.
export const keySpecNames = () => Object.keys(keySpecs) as KeySpec[];

export const dataKeyPairSpecNames = () => namesWith('isDataKeyPairSpec');

export const customerMasterKeySpecNames = () => namesWith('isCustomerMasterKeySpec');

function namesWith<Use extends keyof Uses>(use: Use): KeySpecWith<Use>[] {
  return keySpecNames().filter((name): name is KeySpecWith<Use> => (keySpecs[name] as Uses)[use] === true);
}
