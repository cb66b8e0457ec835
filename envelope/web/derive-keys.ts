import { EnvelopeError } from '../format/errors.ts';
import { describeDerivation } from '../format/key-derivation.ts';
import { type AlgorithmSuite, formatSuite } from '../format/suites.ts';
import { toSource, type WebKey } from './web-crypto.ts';

/** The keys of one message. */
export interface MessageKeys {
  readonly encryptionKey: WebKey;
  /** The key commitment of a committing suite. */
  readonly commitmentKey?: Uint8Array;
}

/** Derives a message's keys from its data key and its message id. The encryption key cannot be exported. */
export async function deriveKeys(
  suite: AlgorithmSuite,
  dataKey: Uint8Array,
  messageId: Uint8Array,
): Promise<MessageKeys> {
  const derivation = describeDerivation(suite, messageId);
  if (derivation === undefined) return { encryptionKey: await importAesKey(dataKey, suite) };
  const { hash, salt, encryptionInfo, commitmentInfo } = derivation;
  const source = await crypto.subtle.importKey('raw', toSource(dataKey), 'HKDF', false, ['deriveBits']);
  const derive = async (info: Uint8Array) => {
    const algorithm = { name: 'HKDF', hash, salt: toSource(salt), info: toSource(info) };
    return new Uint8Array(await crypto.subtle.deriveBits(algorithm, source, suite.dataKeyBytes * 8));
  };
  const derived = await derive(encryptionInfo);
  try {
    const encryptionKey = await importAesKey(derived, suite);
    return commitmentInfo === undefined
      ? { encryptionKey }
      : { encryptionKey, commitmentKey: await derive(commitmentInfo) };
  } finally {
    derived.fill(0);
  }
}

async function importAesKey(key: Uint8Array, suite: AlgorithmSuite): Promise<WebKey> {
  try {
    return await crypto.subtle.importKey('raw', toSource(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
  } catch {
    // Some browsers do not implement AES with 192-bit keys.
    throw new EnvelopeError('UnsupportedSuite', `This browser does not support ${formatSuite(suite)}.`);
  }
}
