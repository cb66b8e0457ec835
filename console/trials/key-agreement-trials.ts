import {
  DecapsulateCommand,
  DeriveSharedSecretCommand,
  EncapsulateCommand,
  type EncapsulationAlgorithmSpec,
  type KeyAgreementAlgorithmSpec,
  type KeyMetadata,
} from '@aws-sdk/client-kms';
import type { Trial } from './trial.ts';

const encapsulationAlgorithm = ({ EncapsulationAlgorithms = [] }: KeyMetadata) => EncapsulationAlgorithms;

export const keyAgreementTrials: readonly Trial[] = [
  {
    operation: 'DeriveSharedSecret',
    title: 'Shared secret',
    bytes: ['publicKey'],
    choices: { algorithm: ({ KeyAgreementAlgorithms = [] }) => KeyAgreementAlgorithms },
    run: async ({ client, KeyId, bytes, choices }) => {
      const { SharedSecret } = await client.send(
        new DeriveSharedSecretCommand({
          KeyId,
          PublicKey: bytes.publicKey,
          KeyAgreementAlgorithm: choices.algorithm as KeyAgreementAlgorithmSpec,
        }),
      );
      return [{ name: 'Shared secret', value: SharedSecret }];
    },
  },
  {
    operation: 'Encapsulate',
    title: 'Encapsulate',
    bytes: [],
    choices: { algorithm: encapsulationAlgorithm },
    run: async ({ client, KeyId, choices }) => {
      const { SharedSecret, SharedSecretCiphertextBlob } = await client.send(
        new EncapsulateCommand({ KeyId, EncapsulationAlgorithm: choices.algorithm as EncapsulationAlgorithmSpec }),
      );
      return [
        { name: 'Shared secret', value: SharedSecret },
        {
          name: 'Ciphertext',
          value: SharedSecretCiphertextBlob,
          next: { operation: 'Decapsulate', input: 'ciphertext' },
        },
      ];
    },
  },
  {
    operation: 'Decapsulate',
    title: 'Decapsulate',
    bytes: ['ciphertext'],
    choices: { algorithm: encapsulationAlgorithm },
    run: async ({ client, KeyId, bytes, choices }) => {
      const { SharedSecret } = await client.send(
        new DecapsulateCommand({
          KeyId,
          SharedSecretCiphertextBlob: bytes.ciphertext,
          EncapsulationAlgorithm: choices.algorithm as EncapsulationAlgorithmSpec,
        }),
      );
      return [{ name: 'Shared secret', value: SharedSecret }];
    },
  },
];
