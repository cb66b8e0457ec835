import { createSecretKey } from 'node:crypto';
import { describeDerivation } from '../format/key-derivation.ts';
import type { AlgorithmSuite } from '../format/suites.ts';
import { type GcmKey, nameCipher } from './aes-gcm.ts';
import { deriveHkdf } from './hkdf.ts';

/** The keys of one message. */
export interface MessageKeys {
  readonly encryptionKey: GcmKey;
  /** The key commitment of a committing suite. */
  readonly commitmentKey?: Uint8Array;
}

/** Derives a message's keys from its data key and its message id. */
export function deriveKeys(suite: AlgorithmSuite, dataKey: Uint8Array, messageId: Uint8Array): MessageKeys {
  const cipher = nameCipher(suite);
  const derivation = describeDerivation(suite, messageId);
  if (derivation === undefined) return { encryptionKey: { key: createSecretKey(dataKey), cipher } };
  const { encryptionInfo, commitmentInfo } = derivation;
  const infos = commitmentInfo === undefined ? [encryptionInfo] : [encryptionInfo, commitmentInfo];
  const [derived, commitmentKey] = deriveHkdf(derivation, dataKey, infos, suite.dataKeyBytes) as [
    Uint8Array,
    Uint8Array?,
  ];
  const key = createSecretKey(derived);
  derived.fill(0);
  return { encryptionKey: { key, cipher }, ...(commitmentKey && { commitmentKey }) };
}
