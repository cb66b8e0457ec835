import type { ParsedKey } from '../formats/parsed-key.ts';

/** One way of signing: an algorithm with one MessageType. */
export type SignaturePrimitive = {
  /** Exact length of `message`; undefined where it is a whole message. */
  readonly messageBytes?: number;
  sign(key: ParsedKey, message: Uint8Array): Promise<Uint8Array>;
  /** False for a signature of any other form too. */
  verify(key: ParsedKey, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
};
