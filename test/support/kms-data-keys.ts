import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { type DataKeys, type EncryptedDataKey, kmsProviderId } from '../../envelope/index.ts';

/** Data keys under KMS keys. The first key generates each data key, and the others encrypt it. */
export function createKmsDataKeys(client: KMSClient, keyArns: readonly [string, ...string[]]): DataKeys {
  const [generator, ...others] = keyArns;
  const describe = (providerInfo = '', ciphertext: Uint8Array = new Uint8Array(0)): EncryptedDataKey => ({
    providerId: kmsProviderId,
    ...{ providerInfo, ciphertext },
  });
  return {
    async generate({ suite, encryptionContext: EncryptionContext }) {
      const generated = await client.send(
        new GenerateDataKeyCommand({ KeyId: generator, NumberOfBytes: suite.dataKeyBytes, EncryptionContext }),
      );
      const Plaintext = generated.Plaintext as Uint8Array;
      const encrypted = await Promise.all(
        others.map((KeyId) => client.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }))),
      );
      const encryptedDataKeys = [generated, ...encrypted].map((key) => describe(key.KeyId, key.CiphertextBlob));
      return { plaintext: Plaintext, encryptedDataKeys };
    },
    async decrypt({ encryptionContext: EncryptionContext, encryptedDataKeys }) {
      const ours = encryptedDataKeys.find(({ providerInfo }) => keyArns.includes(providerInfo));
      if (ours === undefined) throw new Error('None of the encrypted data keys belongs to these KMS keys.');
      const { providerInfo: KeyId, ciphertext: CiphertextBlob } = ours;
      const { Plaintext } = await client.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext }));
      return { plaintext: Plaintext as Uint8Array, encryptedDataKey: ours };
    },
  };
}
