import { EnvelopeError } from './errors.ts';

/** The names that AWS uses (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/algorithms-reference.html). */
export type SuiteName = keyof typeof suiteIds;

/** The ECDSA parameters of a suite whose messages end with a signature. */
export interface SignatureParameters {
  readonly curve: 'P-256' | 'P-384';
  readonly hash: 'SHA-256' | 'SHA-384';
  /** The length of a coordinate of a point on the curve. */
  readonly coordinateBytes: number;
}

/** An algorithm suite. All suites encrypt with AES-GCM, 12-byte IVs and 16-byte tags. */
export interface AlgorithmSuite {
  readonly id: number;
  readonly name: SuiteName;
  /** The version of the message format. Only version 2 stores a key commitment. */
  readonly version: 1 | 2;
  /** The length of the data key, and of the key that is derived from it. */
  readonly dataKeyBytes: 16 | 24 | 32;
  /** The hash function of HKDF. Without it, the data key itself encrypts the message. */
  readonly keyDerivation?: 'SHA-256' | 'SHA-384' | 'SHA-512';
  readonly isCommitting: boolean;
  readonly signature?: SignatureParameters;
}

const suiteIds = {
  ALG_AES_128_GCM_IV12_TAG16_NO_KDF: 0x0014,
  ALG_AES_192_GCM_IV12_TAG16_NO_KDF: 0x0046,
  ALG_AES_256_GCM_IV12_TAG16_NO_KDF: 0x0078,
  ALG_AES_128_GCM_IV12_TAG16_HKDF_SHA256: 0x0114,
  ALG_AES_192_GCM_IV12_TAG16_HKDF_SHA256: 0x0146,
  ALG_AES_256_GCM_IV12_TAG16_HKDF_SHA256: 0x0178,
  ALG_AES_128_GCM_IV12_TAG16_HKDF_SHA256_ECDSA_P256: 0x0214,
  ALG_AES_192_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384: 0x0346,
  ALG_AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384: 0x0378,
  ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY: 0x0478,
  ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384: 0x0578,
} as const;

const p256: SignatureParameters = { curve: 'P-256', hash: 'SHA-256', coordinateBytes: 32 };
const p384: SignatureParameters = { curve: 'P-384', hash: 'SHA-384', coordinateBytes: 48 };

/**
 * All suites, by id
 * (https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/framework/algorithm-suites.md).
 */
const suites: ReadonlyMap<number, AlgorithmSuite> = new Map(
  Object.entries(suiteIds).map(([name, id]) => [id, describeSuite(name as SuiteName, id)]),
);

/** Derives a suite's parameters from its id: the high byte selects derivation and signature, the low byte the key length. */
function describeSuite(name: SuiteName, id: number): AlgorithmSuite {
  const family = id >> 8;
  const dataKeyBytes = ({ 20: 16, 70: 24, 120: 32 } as const)[id & 0xff] as 16 | 24 | 32;
  const isCommitting = family >= 4;
  const keyDerivation = ([undefined, 'SHA-256', 'SHA-256', 'SHA-384', 'SHA-512', 'SHA-512'] as const)[family];
  const signature = ([undefined, undefined, p256, p384, undefined, p384] as const)[family];
  return {
    id,
    name,
    version: isCommitting ? 2 : 1,
    dataKeyBytes,
    isCommitting,
    ...(keyDerivation && { keyDerivation }),
    ...(signature && { signature }),
  };
}

export const defaultSuite: SuiteName = 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY';

/** All suites, for tables and tests. */
export const allSuites: readonly AlgorithmSuite[] = [...suites.values()];

/** Returns the suite with an id, or `undefined`. */
export function findSuite(id: number): AlgorithmSuite | undefined {
  return suites.get(id);
}

/** Returns the suite to seal with. Throws if the suite does not exist or has no key commitment. */
export function resolveSealingSuite(suite: SuiteName | number = defaultSuite): AlgorithmSuite {
  const id = typeof suite === 'number' ? suite : Object.hasOwn(suiteIds, suite) ? suiteIds[suite] : undefined;
  const found = id === undefined ? undefined : suites.get(id);
  if (found === undefined)
    throw new EnvelopeError(
      'InvalidOption',
      'The algorithm suite does not exist. Use the number 0x0478 or 0x0578, or its name.',
    );
  if (!found.isCommitting)
    throw new EnvelopeError(
      'InvalidOption',
      `Messages cannot be sealed with ${formatSuite(found)}, because it has no key commitment. Use 0x0478 or 0x0578.`,
    );
  return found;
}

/** Formats a suite's id as in AWS's documentation, such as `0x0478`. */
export function formatSuite({ id }: Pick<AlgorithmSuite, 'id'>): string {
  return `0x${id.toString(16).padStart(4, '0')}`;
}
