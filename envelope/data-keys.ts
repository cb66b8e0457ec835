import type { EncryptedDataKey } from './format/encrypted-data-keys.ts';
import { type EncryptionContext, publicKeyName } from './format/encryption-context.ts';
import { EnvelopeError } from './format/errors.ts';
import type { AlgorithmSuite } from './format/suites.ts';

/**
 * Creates and decrypts data keys, for example with KMS. Errors that an implementation throws reach the caller unchanged.
 * The codec overwrites each plaintext data key with zeros after use, so an implementation returns a new buffer each time.
 */
export interface DataKeys {
  generate(request: GenerateRequest): Promise<DataKey>;
  decrypt(request: DecryptRequest): Promise<DecryptedDataKey>;
}

export interface GenerateRequest {
  /** The plaintext data key must have `suite.dataKeyBytes` bytes. */
  readonly suite: AlgorithmSuite;
  /** The context to encrypt the data key with. A signed message adds its public key. */
  readonly encryptionContext: EncryptionContext;
  /** The length of the message's plaintext, if it is known. */
  readonly plaintextLength?: number;
}

export interface DataKey {
  readonly plaintext: Uint8Array;
  /** The data key, encrypted under each key that may open the message. */
  readonly encryptedDataKeys: readonly EncryptedDataKey[];
  /** Whether the data key was taken from a cache. */
  readonly isCached?: boolean;
}

export interface DecryptRequest {
  readonly suite: AlgorithmSuite;
  /** The context that the data key was encrypted with. It is not authenticated yet. */
  readonly encryptionContext: EncryptionContext;
  /** Any one of these yields the data key. */
  readonly encryptedDataKeys: readonly EncryptedDataKey[];
}

export interface DecryptedDataKey {
  readonly plaintext: Uint8Array;
  /** The entry that was decrypted. */
  readonly encryptedDataKey?: EncryptedDataKey;
  readonly isCached?: boolean;
}

/** Runs a function with a plaintext data key, and overwrites the key with zeros afterwards. */
export async function useDataKey<Result>(
  { plaintext }: Pick<DataKey, 'plaintext'>,
  suite: AlgorithmSuite,
  use: (plaintext: Uint8Array) => Result | Promise<Result>,
): Promise<Result> {
  try {
    if (plaintext.length !== suite.dataKeyBytes)
      throw new EnvelopeError('InvalidDataKey', `The data key does not have ${suite.dataKeyBytes} bytes.`);
    // An implementation that hands out one buffer twice would otherwise encrypt with a key that everybody knows.
    if (plaintext.every((byte) => byte === 0))
      throw new EnvelopeError('InvalidDataKey', 'The data key was already used and overwritten with zeros.');
    return await use(plaintext);
  } finally {
    plaintext.fill(0);
  }
}

/** The key pair of signed messages. Platforms add their kind of private key. */
export interface SigningKey {
  /** A compressed point in base64, as the encryption context stores it. */
  readonly publicKey: string;
}

export type SignedDataKey<Key extends SigningKey> = DataKey & { readonly signingKey: Key };

/** Data keys that reuse a data key together with the signing key whose public key is in its context. */
export interface SignedDataKeys extends DataKeys {
  generateSigned<Key extends SigningKey>(
    request: GenerateRequest,
    createSigningKey: () => Key | Promise<Key>,
  ): Promise<SignedDataKey<Key>>;
}

/** Generates a data key for a signed message. The context of the data key contains the public key. */
export async function generateSigned<Key extends SigningKey>(
  dataKeys: DataKeys | SignedDataKeys,
  request: GenerateRequest,
  createSigningKey: () => Key | Promise<Key>,
): Promise<SignedDataKey<Key>> {
  if ('generateSigned' in dataKeys) return dataKeys.generateSigned(request, createSigningKey);
  const signingKey = await createSigningKey();
  const encryptionContext = addPublicKey(request.encryptionContext, signingKey);
  return { ...(await dataKeys.generate({ ...request, encryptionContext })), signingKey };
}

/** Adds the public key of a signed message to its encryption context. */
export function addPublicKey(context: EncryptionContext, signingKey: SigningKey | undefined): EncryptionContext {
  return signingKey === undefined ? context : { ...context, [publicKeyName]: signingKey.publicKey };
}
