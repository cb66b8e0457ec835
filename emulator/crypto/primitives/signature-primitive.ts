import type { ParsedKey } from '../formats/parsed-key.ts';

/** One way to sign: an algorithm with one MessageType. */
export interface SignaturePrimitive {
  /** The exact length of `message`; undefined if it is a whole message. */
  readonly messageBytes?: number;
  sign(key: ParsedKey, message: Uint8Array): Promise<Uint8Array>;
  /** Returns false for a malformed signature too. */
  verify(key: ParsedKey, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}
