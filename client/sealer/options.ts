import type {
  Bytes,
  CommitmentPolicy,
  DataKeyCacheOptions,
  EncryptionContext,
  OpenLimits,
  SuiteName,
} from '../../envelope/index.ts';
import type { Client } from '../client.ts';
import type { Transport } from '../transport.ts';

/** The calls that a sealer makes. */
export type KeyClient = Pick<Client, 'generateDataKey' | 'encrypt' | 'decrypt'>;

/**
 * The key identifier that a sealer sends with Decrypt:
 *
 * - `message`: the key ARN in the message. The service checks whether the caller may use the key.
 * - `sealer`: `keyId` and `additionalKeyIds`. Messages under other keys are rejected. Also for callers whose permissions
 *   name an alias.
 * - `none`: no identifier, so KMS finds the key. The caller needs permission for the route `POST /decrypt`.
 */
export type DecryptKeyId = 'message' | 'sealer' | 'none';

/** A sealer's key, and the defaults for its messages. */
export interface SealerDefaults extends Partial<{ readonly [Name in keyof OpenLimits]: number | undefined }> {
  /** The key that generates data keys: a key id, key ARN, alias name or alias ARN. Required for sealing. */
  readonly keyId?: string | undefined;
  /** Up to nine more keys, each of which can open the messages. Each needs one more call, to Encrypt. */
  readonly additionalKeyIds?: readonly string[] | undefined;
  /**
   * Pairs to store in each message as plain text, and to authenticate. When a message is opened, it must contain them.
   * The options of a call can add and replace pairs.
   */
  readonly encryptionContext?: EncryptionContext | undefined;
  /**
   * Keeps data keys in memory, so that several messages need one call. Without it, each message needs its own calls. For
   * cached data keys, the service does not check permissions, and writes no records.
   */
  readonly cache?: DataKeyCacheOptions | undefined;
  /**
   * A suite with a key commitment, by name or id. Default: 0x0478, without a signature. 0x0578 adds a signature, so that
   * those who can only open messages cannot create them.
   */
  readonly suite?: SuiteName | number | undefined;
  /** The length of the parts that are authenticated separately, in bytes. Default: 65,536. */
  readonly frameLength?: number | undefined;
  /** Whether messages without a key commitment can be opened. By default, they are rejected. */
  readonly commitmentPolicy?: CommitmentPolicy | undefined;
  /** Default: `message`. */
  readonly decryptKeyId?: DecryptKeyId | undefined;
}

/** Exactly one of `client` and `transport`. */
export type SealerConnection =
  | {
      /** A client of `kms-functions/client`. Its timeouts and retries apply. */
      readonly client: KeyClient;
      readonly transport?: undefined;
    }
  | {
      /** A transport of `kms-functions/client`: `http(…)`, `lambda(…)` or `inProcess(…)`. */
      readonly transport: Transport;
      readonly client?: undefined;
    };

export type SealerOptions = SealerDefaults & SealerConnection;

/** Options for one message. */
export interface MessageOptions {
  /** When a message is sealed: pairs to store. When it is opened: pairs that it must contain. */
  readonly encryptionContext?: EncryptionContext | undefined;
  /** Aborts the call, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The facts about a message that was sealed. */
export interface SealInfo {
  readonly encryptionContext: EncryptionContext;
  /** The ARNs of the keys that can open the message. */
  readonly keyArns: readonly string[];
  readonly suite: SuiteName;
  /** Whether the data key was taken from the cache. */
  readonly isCached: boolean;
}

export interface SealedMessage extends SealInfo {
  readonly message: Bytes;
}

/** The authenticated facts about a message that was opened. */
export interface OpenInfo {
  readonly encryptionContext: EncryptionContext;
  /** The ARN in the message of the key that decrypted the data key. */
  readonly keyArn: string;
  readonly suite: SuiteName;
  /** Whether the data key was taken from the cache. */
  readonly isCached: boolean;
}

export interface OpenedMessage extends OpenInfo {
  readonly plaintext: Bytes;
}
