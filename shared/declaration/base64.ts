// This file must not import Node.js modules, because the declarations import it, and the client uses the declarations
// in browsers.
/**
 * Bytes that no other thread shares, as WebCrypto requires. From TypeScript 5.7, this type is `Uint8Array<ArrayBuffer>`.
 * Before, `Uint8Array` has no type parameter, and this type is `Uint8Array`.
 */
export type Bytes = ReturnType<Uint8ArrayConstructor['of']>;

const nodeBuffer = globalThis.Buffer as typeof Buffer | undefined;

/**
 * Decodes base64 text (RFC 4648 §4, with padding, without whitespace). Returns `undefined` if the text is not
 * canonical. Each value therefore has only one encoding, so a signature over the text also covers the bytes.
 */
export function decodeBase64(text: string): Bytes | undefined {
  if (nodeBuffer) {
    const bytes = nodeBuffer.from(text, 'base64');
    return bytes.toString('base64') === text ? bytes : undefined;
  }
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    return encodeBase64(bytes) === text ? bytes : undefined;
  } catch {
    return undefined;
  }
}

/** Encodes bytes as base64 text (RFC 4648 §4, with padding). */
export function encodeBase64(bytes: Uint8Array): string {
  if (nodeBuffer) return nodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
