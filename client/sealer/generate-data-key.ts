import { type EncryptedDataKey, kmsProviderId } from '../../envelope/format/encrypted-data-keys.ts';
import type { DataKey, GenerateRequest } from '../../envelope/index.ts';
import type { CallOptions } from '../calls/call-operation.ts';
import { invalidOption } from './check-options.ts';
import type { SealerSettings } from './settings.ts';

/** Generates a data key under the sealer's first key, and encrypts it under the other keys too. */
export async function generateDataKey(
  { client, keyIds: [keyId, ...additionalKeyIds] }: SealerSettings,
  { suite, encryptionContext: EncryptionContext }: GenerateRequest,
  options: CallOptions,
): Promise<DataKey> {
  if (keyId === undefined) throw invalidOption('To seal messages, create the sealer with `keyId`.');
  const { Plaintext, ...first } = await client.generateDataKey(
    { KeyId: keyId, NumberOfBytes: suite.dataKeyBytes, EncryptionContext },
    options,
  );
  try {
    const others = additionalKeyIds.map((id) => client.encrypt({ KeyId: id, Plaintext, EncryptionContext }, options));
    const encrypted = [first, ...(await Promise.all(others))];
    return { plaintext: Plaintext, encryptedDataKeys: encrypted.map(toEncryptedDataKey) };
  } catch (error) {
    Plaintext.fill(0);
    throw error;
  }
}

interface Encrypted {
  /** KMS returns the key's ARN, whatever identifier the request had. */
  readonly KeyId: string;
  readonly CiphertextBlob: Uint8Array;
}

function toEncryptedDataKey({ KeyId, CiphertextBlob }: Encrypted): EncryptedDataKey {
  return { providerId: kmsProviderId, providerInfo: KeyId, ciphertext: CiphertextBlob };
}
