import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { encodeUint16, encodeUtf8 } from '../format/byte-writer.ts';
import type { AlgorithmSuite } from '../format/suites.ts';

/** The keys of one message. */
export interface MessageKeys {
  readonly encryptionKey: KeyObject;
  /** The key commitment of a committing suite. */
  readonly commitmentKey?: Uint8Array;
}

/**
 * Derives a message's keys from its data key and its message id
 * (https://github.com/awslabs/aws-encryption-sdk-specification/blob/master/client-apis/key-derivation.md).
 */
export function deriveKeys(suite: AlgorithmSuite, dataKey: Uint8Array, messageId: Uint8Array): MessageKeys {
  const { keyDerivation, dataKeyBytes, isCommitting } = suite;
  if (keyDerivation === undefined) return { encryptionKey: createSecretKey(dataKey) };
  const derive = (salt: Uint8Array, info: Uint8Array) =>
    new Uint8Array(hkdfSync(keyDerivation, dataKey, salt, info, dataKeyBytes));
  if (!isCommitting)
    return { encryptionKey: toKeyObject(derive(noSalt, Buffer.concat([encodeUint16(suite.id), messageId]))) };
  return {
    encryptionKey: toKeyObject(derive(messageId, Buffer.concat([encodeUint16(suite.id), encryptionLabel]))),
    commitmentKey: derive(messageId, commitmentLabel),
  };
}

const noSalt = new Uint8Array(0);
const encryptionLabel = encodeUtf8('DERIVEKEY');
const commitmentLabel = encodeUtf8('COMMITKEY');

/** Node.js encrypts faster with a key object than with bytes. */
function toKeyObject(key: Uint8Array): KeyObject {
  const keyObject = createSecretKey(key);
  key.fill(0);
  return keyObject;
}
