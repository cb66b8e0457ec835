/**
 * Returns whether bytes are a message that `open` opens. A ciphertext of KMS starts in another way, and the bytes of an
 * RSA ciphertext are not a whole header.
 */
export async function isSealedMessage(bytes: Uint8Array): Promise<boolean> {
  if (bytes[0] !== 2 && !(bytes[0] === 1 && bytes[1] === 0x80)) return false;
  const { readHeader } = await import('../../client/sealer/index.ts');
  try {
    return readHeader(bytes) !== undefined;
  } catch {
    return false;
  }
}
