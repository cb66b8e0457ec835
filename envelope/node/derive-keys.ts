import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { describeDerivation } from '../format/key-derivation.ts';
import type { AlgorithmSuite } from '../format/suites.ts';

/** The keys of one message. */
export interface MessageKeys {
  /** A key object, because Node.js encrypts faster with it than with bytes. */
  readonly encryptionKey: KeyObject;
  /** The key commitment of a committing suite. */
  readonly commitmentKey?: Uint8Array;
}

/** Derives a message's keys from its data key and its message id. */
export function deriveKeys(suite: AlgorithmSuite, dataKey: Uint8Array, messageId: Uint8Array): MessageKeys {
  const derivation = describeDerivation(suite, messageId);
  if (derivation === undefined) return { encryptionKey: createSecretKey(dataKey) };
  const { hash, salt, encryptionInfo, commitmentInfo } = derivation;
  const derive = (info: Uint8Array) => new Uint8Array(hkdfSync(hash, dataKey, salt, info, suite.dataKeyBytes));
  const derived = derive(encryptionInfo);
  const encryptionKey = createSecretKey(derived);
  derived.fill(0);
  return { encryptionKey, ...(commitmentInfo && { commitmentKey: derive(commitmentInfo) }) };
}
