import type { DataKeys } from './data-keys.ts';
import type { Bytes } from './format/byte-writer.ts';
import type { CommitmentPolicy } from './format/commitment-policy.ts';
import type { EncryptedDataKey } from './format/encrypted-data-keys.ts';
import type { EncryptionContext } from './format/encryption-context.ts';
import type { MessageHeader } from './format/header.ts';
import type { OpenLimits } from './format/limits.ts';
import type { SuiteName } from './format/suites.ts';

export interface SealOptions {
  readonly dataKeys: DataKeys;
  /** Pairs to store in the message as plain text, and to authenticate. */
  readonly encryptionContext?: EncryptionContext;
  /** A suite with a key commitment, by name or id. The default is 0x0478, without a signature. */
  readonly suite?: SuiteName | number;
  /** The length of the frames, each of which is encrypted and authenticated separately. The default is 65,536 bytes. */
  readonly frameLength?: number;
}

export interface OpenOptions extends Partial<OpenLimits> {
  readonly dataKeys: DataKeys;
  /** Pairs that the message must contain. The message may contain more. */
  readonly encryptionContext?: EncryptionContext;
  /** Whether messages without a key commitment may be opened. By default, they are rejected. */
  readonly commitmentPolicy?: CommitmentPolicy;
}

export interface OpenResult {
  readonly plaintext: Bytes;
  /** The pairs that the message was sealed with. */
  readonly encryptionContext: EncryptionContext;
  readonly header: MessageHeader;
  /** The entry of the header that the data keys decrypted, if they report it. */
  readonly encryptedDataKey?: EncryptedDataKey;
  /** Whether the data key was taken from a cache. */
  readonly isCached: boolean;
}
