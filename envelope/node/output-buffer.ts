import type { Bytes } from '../format/byte-writer.ts';

/** From this size on, it is faster to free a buffer at once than to leave it to the garbage collector. */
const minFreedBytes = 4096;

/** Joins the outputs of ciphers in memory that is allocated once. */
export class OutputBuffer {
  /** Memory that no other buffer shares. */
  readonly #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /**
   * Copies the output of a cipher, and frees it, so that the next output has the same memory. Without this,
   * each output needs new pages from the operating system.
   */
  add(output: Uint8Array): void {
    this.#bytes.set(output, this.#length);
    this.#length += output.length;
    const { buffer } = output;
    if (output.length >= minFreedBytes && output.length === buffer.byteLength && buffer instanceof ArrayBuffer)
      buffer.transfer(0);
  }

  /** Returns everything that was added. */
  finish(): Bytes {
    // The rest was never written, so it may contain anything.
    this.#bytes.fill(0, this.#length);
    return this.#bytes.subarray(0, this.#length);
  }

  /** Overwrites everything that was added with zeros. */
  discard(): void {
    this.#bytes.fill(0);
  }
}
