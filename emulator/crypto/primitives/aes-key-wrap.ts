import { createDecipheriv } from 'node:crypto';

/**
 * Unwraps with AES Key Wrap with Padding (RFC 5649 §4.2; NIST SP 800-38F KWP-AD). `kek` is 16, 24 or 32 bytes long.
 * Returns `undefined` if the integrity check fails.
 */
export function unwrapAesPadded(kek: Uint8Array, wrapped: Uint8Array): Buffer | undefined {
  if (wrapped.length < 16 || wrapped.length % 8 !== 0) return undefined;
  try {
    const decipher = createDecipheriv(`id-aes${kek.length * 8}-wrap-pad`, kek, alternativeInitialValue);
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The constant half of the value in RFC 5649 §3. The other half is the length of the plaintext. */
const alternativeInitialValue = Buffer.from('a65959a6', 'hex');
