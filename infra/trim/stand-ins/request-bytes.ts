/** Allocates the bytes of a request body. The SDK's version also supports string methods, and warns when they are used. */
export const JsonBytesStringAdapter = {
  allocUnsafe(length: number): Uint8Array {
    const { buffer, byteOffset } = Buffer.allocUnsafe(length);
    return new Uint8Array(buffer, byteOffset, length);
  },
};
