import {
  type AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  KMS,
  KmsKeyringNode,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import { type RawDataKeys, rawKeyName, rawProviderId } from './raw-data-keys.ts';

/** AWS's JavaScript library, as the other implementation of the message format. */
export interface AwsClient {
  seal(plaintext: Uint8Array, options?: AwsSealOptions): Promise<Uint8Array>;
  open(message: Uint8Array): Promise<{ plaintext: Buffer; encryptionContext: Readonly<Record<string, string>> }>;
}

export interface AwsSealOptions {
  readonly suite?: number;
  readonly frameLength?: number;
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

/** Creates a client whose keyring has the same wrapping key as the given data keys. */
export function createAwsClient({ wrappingKey }: RawDataKeys): AwsClient {
  const keyring = new RawAesKeyringNode({
    keyName: rawKeyName,
    keyNamespace: rawProviderId,
    // The keyring isolates the key: it needs a buffer of its own.
    unencryptedMasterKey: new Uint8Array(wrappingKey),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    utf8Sorting: true,
  });
  const committing = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT);
  const legacy = buildClient(CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT);
  return {
    async seal(plaintext, { suite = 0x0478, frameLength = 4096, encryptionContext = {} } = {}) {
      const { encrypt } = suite >= 0x0400 ? committing : legacy;
      const suiteId = suite as AlgorithmSuiteIdentifier;
      const { result } = await encrypt(keyring, Buffer.from(plaintext), { suiteId, frameLength, encryptionContext });
      return result;
    },
    async open(message) {
      const { plaintext, messageHeader } = await committing.decrypt(keyring, Buffer.from(message));
      return { plaintext, encryptionContext: messageHeader.encryptionContext };
    },
  };
}

/** Creates a keyring of AWS's library that calls KMS at an endpoint. */
export function createKmsKeyring(generatorKeyId: string, endpoint: string): KmsKeyringNode {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const kms = new KMS({ endpoint, region: 'us-east-1', credentials });
  // The library's type of clients predates optional members that may be `undefined`.
  const clientProvider = (() => kms) as unknown as KmsKeyringNode['clientProvider'];
  return new KmsKeyringNode({ generatorKeyId, clientProvider });
}
