/** The bytes that a stream received and has not used yet. */
export class ByteQueue {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** Returns the first bytes without removing them, or all bytes if there are fewer. Copies them only if they span chunks. */
  peek(length: number): Uint8Array {
    const first = this.#chunks[0] ?? new Uint8Array(0);
    if (first.length >= length) return first.subarray(0, length);
    const chunks: Uint8Array[] = [];
    let missing = Math.min(length, this.#length);
    for (const chunk of this.#chunks) {
      if (missing === 0) break;
      chunks.push(chunk.subarray(0, missing));
      missing -= chunks.at(-1)?.length ?? 0;
    }
    return Buffer.concat(chunks);
  }

  /** Removes and returns the first bytes. The queue must contain them. */
  take(length: number): Uint8Array {
    const taken = this.peek(length);
    this.takePieces(length);
    return taken;
  }

  /** Removes the first bytes, and returns them in the chunks that contain them, without a copy. */
  takePieces(length: number): readonly Uint8Array[] {
    const pieces: Uint8Array[] = [];
    let missing = length;
    let wholeChunks = 0;
    for (const chunk of this.#chunks) {
      if (missing === 0) break;
      pieces.push(chunk.subarray(0, missing));
      if (chunk.length > missing) {
        this.#chunks[wholeChunks] = chunk.subarray(missing);
        missing = 0;
        break;
      }
      missing -= chunk.length;
      wholeChunks += 1;
    }
    if (wholeChunks > 0) this.#chunks.splice(0, wholeChunks);
    this.#length -= length;
    return pieces;
  }
}
