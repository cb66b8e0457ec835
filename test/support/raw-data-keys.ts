import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { encodeEncryptionContext } from '../../envelope/format/encryption-context.ts';
import type { DataKeys, EncryptedDataKey } from '../../envelope/index.ts';

/** Data keys under a local AES-256 key, as AWS's raw AES keyring stores them. AWS's libraries read them without KMS. */
export interface RawDataKeys extends DataKeys {
  readonly wrappingKey: Uint8Array;
  /** All plaintext data keys that were handed out, to check that they are overwritten. */
  readonly handedOut: readonly Uint8Array[];
  calls: number;
}

export const rawProviderId = 'tests';
export const rawKeyName = 'raw key';

/** The key's name, the tag's bits and the IV's length. The IV follows. */
const infoPrefix = Buffer.concat([Buffer.from(rawKeyName), Buffer.from('000000800000000c', 'hex')]);

export function createRawDataKeys(wrappingKey: Uint8Array = randomBytes(32)): RawDataKeys {
  const handedOut: Uint8Array[] = [];
  const handOut = (plaintext: Uint8Array): Uint8Array => {
    handedOut.push(plaintext);
    return plaintext;
  };
  const keys: RawDataKeys = {
    wrappingKey,
    handedOut,
    calls: 0,
    async generate({ suite, encryptionContext }) {
      keys.calls += 1;
      const plaintext = randomBytes(suite.dataKeyBytes);
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', wrappingKey, iv).setAAD(encodeEncryptionContext(encryptionContext));
      const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      const providerInfoBytes = Buffer.concat([infoPrefix, iv]);
      const encryptedDataKey = { providerId: rawProviderId, providerInfo: rawKeyName, providerInfoBytes, ciphertext };
      return { plaintext: handOut(plaintext), encryptedDataKeys: [encryptedDataKey] };
    },
    async decrypt({ encryptionContext, encryptedDataKeys }) {
      keys.calls += 1;
      const aad = encodeEncryptionContext(encryptionContext);
      for (const encryptedDataKey of encryptedDataKeys) {
        const plaintext = unwrap(encryptedDataKey, wrappingKey, aad);
        if (plaintext !== undefined) return { plaintext: handOut(plaintext), encryptedDataKey };
      }
      throw new WrongKeyError();
    },
  };
  return keys;
}

/** What KMS reports as InvalidCiphertextException or IncorrectKeyException. */
export class WrongKeyError extends Error {}

function unwrap(key: EncryptedDataKey, wrappingKey: Uint8Array, aad: Uint8Array): Buffer | undefined {
  const { providerId, providerInfoBytes: info = new Uint8Array(0), ciphertext } = key;
  const hasPrefix = Buffer.compare(info.subarray(0, infoPrefix.length), infoPrefix) === 0;
  if (providerId !== rawProviderId || !hasPrefix || info.length !== infoPrefix.length + 12) return undefined;
  if (ciphertext.length < 16) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey, info.subarray(infoPrefix.length));
  decipher.setAAD(aad).setAuthTag(ciphertext.subarray(-16));
  const plaintext = decipher.update(ciphertext.subarray(0, -16));
  try {
    decipher.final();
    return plaintext;
  } catch {
    return undefined;
  }
}
