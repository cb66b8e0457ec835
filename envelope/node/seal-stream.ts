import { Transform, type TransformCallback } from 'node:stream';
import { EnvelopeError } from '../format/errors.ts';
import type { FrameKind } from '../format/frames.ts';
import type { SealOptions } from '../options.ts';
import { ByteQueue } from './byte-queue.ts';
import { MessageSealer } from './message-sealer.ts';
import { runStep } from './run-step.ts';

export interface SealStreamOptions extends SealOptions {
  /** The length of the plaintext, if it is known. The stream fails if it receives more or fewer bytes. */
  readonly plaintextLength?: number;
}

/**
 * Creates a stream that encrypts. It keeps at most one frame of plaintext. It obtains the data key when the first bytes
 * arrive.
 */
export function createSealStream(options: SealStreamOptions): Transform {
  return new SealStream(options);
}

class SealStream extends Transform {
  readonly #options: SealStreamOptions;
  readonly #queue = new ByteQueue();
  #sealer: MessageSealer | undefined;
  #frameNumber = 1;
  #receivedBytes = 0;

  constructor(options: SealStreamOptions) {
    super();
    this.#options = options;
  }

  override _transform(chunk: Uint8Array, _: BufferEncoding, callback: TransformCallback): void {
    this.#run((sealer) => {
      this.#count(chunk.length);
      this.#queue.add(chunk);
      // The last frame is the final one even if it is full. Only later bytes show that a full frame is not the last.
      while (this.#queue.length > sealer.frameLength) this.#sealFrame(sealer, 'regular', sealer.frameLength);
    }, callback);
  }

  override _flush(callback: TransformCallback): void {
    this.#run((sealer) => {
      const { plaintextLength = this.#receivedBytes } = this.#options;
      if (this.#receivedBytes < plaintextLength) throw rejectLength('fewer', plaintextLength);
      this.#sealFrame(sealer, 'final', this.#queue.length);
      for (const part of sealer.finish()) this.push(part);
    }, callback);
  }

  /** Starts the message before the first step. Later steps are synchronous. */
  #run(step: (sealer: MessageSealer) => void, callback: TransformCallback): void {
    if (this.#sealer !== undefined) {
      runStep(() => step(this.#sealer as MessageSealer), callback);
      return;
    }
    MessageSealer.start(this.#options, this.#options.plaintextLength).then(
      (sealer) =>
        runStep(() => {
          this.#sealer = sealer;
          this.push(sealer.header);
          step(sealer);
        }, callback),
      callback,
    );
  }

  #count(bytes: number): void {
    this.#receivedBytes += bytes;
    const { plaintextLength = this.#receivedBytes } = this.#options;
    if (this.#receivedBytes > plaintextLength) throw rejectLength('more', plaintextLength);
  }

  #sealFrame(sealer: MessageSealer, kind: FrameKind, contentBytes: number): void {
    const frame = { kind, number: this.#frameNumber, contentBytes };
    for (const part of sealer.sealFrame(frame, this.#queue.takePieces(contentBytes))) this.push(part);
    this.#frameNumber += 1;
  }
}

function rejectLength(comparison: 'more' | 'fewer', plaintextLength: number): EnvelopeError {
  return new EnvelopeError(
    'PlaintextLengthMismatch',
    `The plaintext has ${comparison} than the ${plaintextLength} bytes in \`plaintextLength\`.`,
  );
}
