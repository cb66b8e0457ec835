import type { ParsedKey } from '../formats/parsed-key.ts';

/** A signature algorithm with one MessageType. */
export interface SignaturePrimitive {
  /** The exact length of `message`; undefined for whole messages. */
  readonly messageBytes?: number;
  sign(key: ParsedKey, message: Uint8Array): Promise<Uint8Array>;
  /** Also returns false for a malformed signature. */
  verify(key: ParsedKey, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}
