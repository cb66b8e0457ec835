import { concatBytes, encodeUint16, encodeUtf8 } from './byte-writer.ts';
import type { AlgorithmSuite } from './suites.ts';

/** The inputs of HKDF for the keys of one message. */
export interface KeyDerivation {
  readonly hash: 'SHA-256' | 'SHA-384' | 'SHA-512';
  readonly salt: Uint8Array;
  readonly encryptionInfo: Uint8Array;
  /** Of a committing suite. */
  readonly commitmentInfo?: Uint8Array;
}

const noSalt = new Uint8Array(0);
const encryptionLabel = encodeUtf8('DERIVEKEY');
const commitmentLabel = encodeUtf8('COMMITKEY');

/**
 * Returns how a message's keys are derived, or `undefined` if the data key itself encrypts the message
 * (https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/client-apis/key-derivation.md).
 */
export function describeDerivation(suite: AlgorithmSuite, messageId: Uint8Array): KeyDerivation | undefined {
  const { id, keyDerivation: hash, isCommitting } = suite;
  if (hash === undefined) return undefined;
  return isCommitting
    ? {
        ...{ hash, salt: messageId, commitmentInfo: commitmentLabel },
        encryptionInfo: concatBytes([encodeUint16(id), encryptionLabel]),
      }
    : { hash, salt: noSalt, encryptionInfo: concatBytes([encodeUint16(id), messageId]) };
}
