import type { ParsedKey } from '../formats/parsed-key.ts';

/** A signature algorithm with one MessageType. */
export interface SignaturePrimitive {
  /** The exact length of `message`. It is `undefined` for whole messages. */
  readonly messageBytes?: number;
  sign(key: ParsedKey, message: Uint8Array): Promise<Uint8Array>;
  /** Returns whether the signature is valid. Returns false for a malformed signature. */
  verify(key: ParsedKey, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}
