/** The bytes of a request body, without the SDK's bridge for those who take them for a string. */
export const JsonBytesStringAdapter = {
  allocUnsafe: (length: number): Uint8Array => {
    const { buffer, byteOffset } = Buffer.allocUnsafe(length);
    return new Uint8Array(buffer, byteOffset, length);
  },
};
