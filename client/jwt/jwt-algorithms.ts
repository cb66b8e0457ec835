import type { OutputFor } from '../operation-types.ts';

type PublicKey = OutputFor<'getPublicKey'>;
export type SigningAlgorithm = NonNullable<PublicKey['SigningAlgorithms']>[number];
type KeySpec = PublicKey['KeySpec'];

interface AlgorithmRow {
  readonly signingAlgorithm: SigningAlgorithm;
  /** Absent if the algorithm signs the message itself, so that KMS accepts no digest of a long message. */
  readonly hash?: 'SHA-256' | 'SHA-384' | 'SHA-512';
  /** The curve's key spec. Absent for RSA keys of each size. */
  readonly keySpec?: KeySpec;
  /** For ECDSA: the length of each of the two numbers in a signature. */
  readonly coordinateBytes?: number;
}

/**
 * The algorithms of JSON Web Signatures that KMS keys support. If a key supports several algorithms, the first one is the
 * default (RFC 7518 §3.1, RFC 8037 §3.1, RFC 8812 §3.2, RFC 9864 §2.2).
 */
const jwtAlgorithms = {
  RS256: { signingAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256', hash: 'SHA-256' },
  RS384: { signingAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_384', hash: 'SHA-384' },
  RS512: { signingAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_512', hash: 'SHA-512' },
  PS256: { signingAlgorithm: 'RSASSA_PSS_SHA_256', hash: 'SHA-256' },
  PS384: { signingAlgorithm: 'RSASSA_PSS_SHA_384', hash: 'SHA-384' },
  PS512: { signingAlgorithm: 'RSASSA_PSS_SHA_512', hash: 'SHA-512' },
  ES256: { signingAlgorithm: 'ECDSA_SHA_256', hash: 'SHA-256', keySpec: 'ECC_NIST_P256', coordinateBytes: 32 },
  ES384: { signingAlgorithm: 'ECDSA_SHA_384', hash: 'SHA-384', keySpec: 'ECC_NIST_P384', coordinateBytes: 48 },
  ES512: { signingAlgorithm: 'ECDSA_SHA_512', hash: 'SHA-512', keySpec: 'ECC_NIST_P521', coordinateBytes: 66 },
  ES256K: { signingAlgorithm: 'ECDSA_SHA_256', hash: 'SHA-256', keySpec: 'ECC_SECG_P256K1', coordinateBytes: 32 },
  EdDSA: { signingAlgorithm: 'ED25519_SHA_512', keySpec: 'ECC_NIST_EDWARDS25519' },
  Ed25519: { signingAlgorithm: 'ED25519_SHA_512', keySpec: 'ECC_NIST_EDWARDS25519' },
} as const satisfies Record<string, AlgorithmRow>;

/** An algorithm of JSON Web Signatures that KMS keys support. */
export type JwtAlgorithm = keyof typeof jwtAlgorithms;

/** Returns an algorithm's facts. Throws TypeError if there is no such algorithm. */
export function describeAlgorithm(algorithm: JwtAlgorithm): AlgorithmRow {
  if (Object.hasOwn(jwtAlgorithms, algorithm)) return jwtAlgorithms[algorithm];
  throw new TypeError(`\`algorithm\` must be one of ${Object.keys(jwtAlgorithms).join(', ')}.`);
}

/** Returns the algorithm that the caller chose, or the key's first one. Throws TypeError if the key does not support it. */
export function selectAlgorithm(key: PublicKey, chosen?: JwtAlgorithm): JwtAlgorithm {
  const names = (Object.keys(jwtAlgorithms) as JwtAlgorithm[]).filter((name) => supports(key, jwtAlgorithms[name]));
  const [first] = names;
  if (first === undefined) {
    const problem = key.KeyUsage === 'SIGN_VERIFY' ? `the spec ${key.KeySpec}` : `the usage ${key.KeyUsage}`;
    throw new TypeError(`The key ${key.KeyId} has ${problem}, which JSON Web Tokens do not support.`);
  }
  if (chosen === undefined || names.includes(chosen)) return chosen ?? first;
  describeAlgorithm(chosen);
  throw new TypeError(`The key ${key.KeyId} does not support ${chosen}. It supports ${names.join(', ')}.`);
}

function supports(
  { KeySpec, SigningAlgorithms = [] }: PublicKey,
  { signingAlgorithm, keySpec }: AlgorithmRow,
): boolean {
  return SigningAlgorithms.includes(signingAlgorithm) && (keySpec === undefined || keySpec === KeySpec);
}
