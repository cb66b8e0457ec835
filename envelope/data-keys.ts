import type { EncryptedDataKey } from './format/encrypted-data-keys.ts';
import type { EncryptionContext } from './format/encryption-context.ts';
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
export function useDataKey<Result>(
  { plaintext }: Pick<DataKey, 'plaintext'>,
  suite: AlgorithmSuite,
  use: (plaintext: Uint8Array) => Result,
): Result {
  try {
    if (plaintext.length !== suite.dataKeyBytes)
      throw new EnvelopeError('InvalidDataKey', `The data key does not have ${suite.dataKeyBytes} bytes.`);
    return use(plaintext);
  } finally {
    plaintext.fill(0);
  }
}
