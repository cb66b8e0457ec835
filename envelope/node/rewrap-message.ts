import type { DataKeys } from '../data-keys.ts';
import type { Bytes } from '../format/byte-writer.ts';
import type { OpenOptions, SealOptions } from '../options.ts';
import { openBuffer } from './open-buffer.ts';
import { sealBuffer } from './seal-buffer.ts';

export interface RewrapOptions extends OpenOptions, Pick<SealOptions, 'suite' | 'frameLength'> {
  /** Creates the data key of the new message. `dataKeys` decrypts the old one. */
  readonly newDataKeys: DataKeys;
}

/**
 * Seals a message again under other keys: verifies all of it, and encrypts its plaintext with a new data key. The
 * encryption context stays the same.
 *
 * The body cannot stay the same. The header's tag depends on the data key, the message id and an IV of zeros, so a second
 * header with the same body would use one key and IV twice, which reveals the authentication key of AES-GCM
 * (https://datatracker.ietf.org/doc/html/rfc5116#section-5.1.1).
 */
export async function rewrapMessage(message: Uint8Array, options: RewrapOptions): Promise<Bytes> {
  const { newDataKeys: dataKeys, suite, frameLength } = options;
  const { plaintext, encryptionContext } = await openBuffer(message, options);
  try {
    return await sealBuffer(plaintext, {
      ...{ dataKeys, encryptionContext },
      ...(suite !== undefined && { suite }),
      ...(frameLength !== undefined && { frameLength }),
    });
  } finally {
    plaintext.fill(0);
  }
}
