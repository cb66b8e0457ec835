import type { Bytes, OpenOptions, OpenResult, SealOptions } from '../../envelope/index.ts';
import { checkBytes, checkOptions } from './check-options.ts';
import { createMessageDataKeys } from './message-data-keys.ts';
import { messageRules } from './option-rules.ts';
import type { MessageOptions, OpenedMessage, OpenInfo, SealedMessage, SealInfo } from './options.ts';
import type { SealerSettings } from './settings.ts';

/** Seals and opens messages in memory. */
export interface BufferSealer {
  /**
   * Encrypts bytes with a data key from the service. The bytes do not leave the process. Do not change them before the
   * promise settles.
   *
   * @example
   * ```ts
   * const { message } = await sealer({ transport, keyId: 'alias/app' }).seal(new TextEncoder().encode('the secret'));
   * ```
   */
  seal(plaintext: Uint8Array, options?: MessageOptions): Promise<SealedMessage>;
  /** Decrypts a message. Rejects unless all of the message is authentic. */
  open(message: Uint8Array, options?: MessageOptions): Promise<OpenedMessage>;
  /** Removes all data keys from the cache, and overwrites them with zeros. */
  clearCache(): void;
}

/** The implementation of the message format for a platform. */
export interface Codec {
  sealBuffer(plaintext: Uint8Array, options: SealOptions): Promise<Bytes>;
  openBuffer(message: Uint8Array, options: OpenOptions): Promise<OpenResult>;
}

export function createBufferSealer(codec: Codec, settings: SealerSettings): BufferSealer {
  return {
    async seal(plaintext, options = {}) {
      checkBytes('plaintext', plaintext);
      checkOptions('seal', options, messageRules);
      options.signal?.throwIfAborted();
      let info: SealInfo | undefined;
      const onSeal = (sealed: SealInfo) => {
        info = sealed;
      };
      const message = await codec.sealBuffer(plaintext, createSealOptions(settings, { ...options, onSeal }));
      return { message, ...(info as SealInfo) };
    },
    async open(message, options = {}) {
      checkBytes('message', message);
      checkOptions('open', options, messageRules);
      options.signal?.throwIfAborted();
      const { plaintext, ...opened } = await codec.openBuffer(message, createOpenOptions(settings, options));
      return { plaintext, ...describeOpening(opened) };
    },
    clearCache: () => settings.cache?.clear(),
  };
}

export function createSealOptions(
  settings: SealerSettings,
  { encryptionContext, ...options }: MessageOptions & { readonly onSeal?: (info: SealInfo) => void },
): SealOptions {
  return {
    ...settings.seal,
    dataKeys: createMessageDataKeys(settings, options),
    encryptionContext: { ...settings.encryptionContext, ...encryptionContext },
  };
}

export function createOpenOptions(
  settings: SealerSettings,
  { encryptionContext, signal }: MessageOptions,
): OpenOptions {
  return {
    ...settings.open,
    dataKeys: createMessageDataKeys(settings, { signal }),
    encryptionContext: { ...settings.encryptionContext, ...encryptionContext },
  };
}

export function describeOpening(opened: Omit<OpenResult, 'plaintext'>): OpenInfo {
  const { encryptionContext, encryptedDataKey, header, isCached } = opened;
  return { encryptionContext, keyArn: encryptedDataKey?.providerInfo ?? '', suite: header.suite.name, isCached };
}
