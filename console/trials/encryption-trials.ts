import {
  type DataKeySpec,
  DecryptCommand,
  EncryptCommand,
  type EncryptionAlgorithmSpec,
  GenerateDataKeyCommand,
  type KeyMetadata,
} from '@aws-sdk/client-kms';
import type { Trial } from './trial.ts';

const isSymmetric = ({ KeySpec }: KeyMetadata) => KeySpec === 'SYMMETRIC_DEFAULT';
const algorithm = ({ EncryptionAlgorithms = [] }: KeyMetadata) => EncryptionAlgorithms;
const decryptNext = { operation: 'Decrypt', input: 'ciphertext' } as const;

export const encryptionTrials: readonly Trial[] = [
  {
    operation: 'Encrypt',
    title: 'Encrypt',
    bytes: ['plaintext'],
    choices: { algorithm },
    hasContext: isSymmetric,
    run: async ({ client, KeyId, bytes, choices, context }) => {
      const { CiphertextBlob } = await client.send(
        new EncryptCommand({
          KeyId,
          Plaintext: bytes.plaintext,
          EncryptionAlgorithm: choices.algorithm as EncryptionAlgorithmSpec,
          EncryptionContext: context,
        }),
      );
      return [{ name: 'Ciphertext', value: CiphertextBlob, next: decryptNext }];
    },
  },
  {
    operation: 'Decrypt',
    title: 'Decrypt',
    bytes: ['ciphertext'],
    choices: { algorithm },
    hasContext: isSymmetric,
    run: async ({ client, KeyId, bytes, choices, context }) => {
      const { Plaintext, KeyMaterialId } = await client.send(
        new DecryptCommand({
          KeyId,
          CiphertextBlob: bytes.ciphertext,
          EncryptionAlgorithm: choices.algorithm as EncryptionAlgorithmSpec,
          EncryptionContext: context,
        }),
      );
      return [
        { name: 'Plaintext', value: Plaintext, format: 'text' },
        { name: 'Key material', value: KeyMaterialId },
      ];
    },
  },
  {
    operation: 'GenerateDataKey',
    title: 'Data key',
    bytes: [],
    choices: { dataKeySpec: () => ['AES_256', 'AES_128'] },
    hasContext: isSymmetric,
    isAvailable: isSymmetric,
    run: async ({ client, KeyId, choices, context }) => {
      const { Plaintext, CiphertextBlob } = await client.send(
        new GenerateDataKeyCommand({
          KeyId,
          KeySpec: choices.dataKeySpec as DataKeySpec,
          EncryptionContext: context,
        }),
      );
      return [
        { name: 'Plaintext data key', value: Plaintext },
        { name: 'Encrypted data key', value: CiphertextBlob, next: decryptNext },
      ];
    },
  },
];
