import {
  GenerateMacCommand,
  type KeyMetadata,
  type MacAlgorithmSpec,
  type MessageType,
  SignCommand,
  type SigningAlgorithmSpec,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import type { Trial } from './trial.ts';

const signingAlgorithm = ({ SigningAlgorithms = [] }: KeyMetadata) => SigningAlgorithms;
const macAlgorithm = ({ MacAlgorithms = [] }: KeyMetadata) => MacAlgorithms;

/** EXTERNAL_MU is only for ML-DSA. https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
const messageType = ({ KeySpec }: KeyMetadata) =>
  KeySpec?.startsWith('ML_DSA') ? ['RAW', 'EXTERNAL_MU'] : ['RAW', 'DIGEST'];

export const signingTrials: readonly Trial[] = [
  {
    operation: 'Sign',
    title: 'Sign',
    bytes: ['message'],
    choices: { algorithm: signingAlgorithm, messageType },
    run: async ({ client, KeyId, bytes, choices }) => {
      const { Signature } = await client.send(
        new SignCommand({
          KeyId,
          Message: bytes.message,
          MessageType: choices.messageType as MessageType,
          SigningAlgorithm: choices.algorithm as SigningAlgorithmSpec,
        }),
      );
      return [{ name: 'Signature', value: Signature, next: { operation: 'Verify', input: 'signature' } }];
    },
  },
  {
    operation: 'Verify',
    title: 'Verify',
    bytes: ['message', 'signature'],
    choices: { algorithm: signingAlgorithm, messageType },
    run: async ({ client, KeyId, bytes, choices }) => {
      await client.send(
        new VerifyCommand({
          KeyId,
          Message: bytes.message,
          MessageType: choices.messageType as MessageType,
          Signature: bytes.signature,
          SigningAlgorithm: choices.algorithm as SigningAlgorithmSpec,
        }),
      );
      return [{ name: 'Result', value: 'The signature is valid.' }];
    },
  },
  {
    operation: 'GenerateMac',
    title: 'MAC',
    bytes: ['message'],
    choices: { algorithm: macAlgorithm },
    run: async ({ client, KeyId, bytes, choices }) => {
      const { Mac } = await client.send(
        new GenerateMacCommand({
          KeyId,
          Message: bytes.message,
          MacAlgorithm: choices.algorithm as MacAlgorithmSpec,
        }),
      );
      return [{ name: 'MAC', value: Mac, next: { operation: 'VerifyMac', input: 'mac' } }];
    },
  },
  {
    operation: 'VerifyMac',
    title: 'Verify MAC',
    bytes: ['message', 'mac'],
    choices: { algorithm: macAlgorithm },
    run: async ({ client, KeyId, bytes, choices }) => {
      await client.send(
        new VerifyMacCommand({
          KeyId,
          Message: bytes.message,
          Mac: bytes.mac,
          MacAlgorithm: choices.algorithm as MacAlgorithmSpec,
        }),
      );
      return [{ name: 'Result', value: 'The MAC is valid.' }];
    },
  },
];
