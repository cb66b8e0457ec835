/** Joins buffers. Unlike `Buffer.concat`, never returns a part of the memory that unrelated buffers share. */
export function concatParts(parts: readonly Uint8Array[]): Buffer {
  const whole = Buffer.allocUnsafeSlow(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
