import { Transform, type TransformCallback } from 'node:stream';
import { createEnvelopeError, EnvelopeError } from '../format/errors.ts';
import { parseHeader } from '../format/header.ts';
import { type OpenLimits, resolveOpenLimits } from '../format/limits.ts';
import type { OpenOptions, OpenResult } from '../options.ts';
import { BodyOpener } from './body-opener.ts';
import { ByteQueue } from './byte-queue.ts';
import { describeOpened } from './open-buffer.ts';
import { runStep } from './run-step.ts';
import { verifyHeader } from './verify-header.ts';

export interface OpenStreamOptions extends OpenOptions {
  /**
   * Whether to release the plaintext of signed messages before their signature is verified. By default, signed messages
   * are rejected, because their signature is at the end. If the stream fails, discard all of its output.
   */
  readonly releaseBeforeSignature?: boolean;
  /** Receives the authenticated header. In a signed message, the signature is not verified yet. */
  readonly onHeader?: (opened: Omit<OpenResult, 'plaintext'>) => void;
}

/**
 * Creates a stream that decrypts. It emits the plaintext of a frame after the frame's tag matched, and ends only if the
 * whole message is authentic. If the stream fails, the message is incomplete: discard the output.
 */
export function createOpenStream(options: OpenStreamOptions): Transform {
  return new OpenStream(options);
}

class OpenStream extends Transform {
  readonly #options: OpenStreamOptions;
  readonly #limits: OpenLimits;
  readonly #queue = new ByteQueue();
  #neededBytes = 1;
  #body: BodyOpener | undefined;

  constructor(options: OpenStreamOptions) {
    super();
    this.#options = options;
    this.#limits = resolveOpenLimits(options);
  }

  override _transform(chunk: Uint8Array, _: BufferEncoding, callback: TransformCallback): void {
    this.#queue.add(chunk);
    const body = this.#body;
    if (body !== undefined) runStep(() => this.#release(body), callback);
    else if (this.#queue.length < this.#neededBytes) callback();
    else this.#start().then(() => callback(), callback);
  }

  override _flush(callback: TransformCallback): void {
    runStep(() => {
      if (this.#body === undefined) throw createEnvelopeError('MessageTruncated');
      this.#body.finish();
    }, callback);
  }

  /** Reads and verifies the header as soon as it is complete. */
  async #start(): Promise<void> {
    const bytes = this.#queue.peek(this.#limits.maxHeaderBytes);
    const header = parseHeader(bytes, this.#limits);
    if (typeof header === 'number') {
      this.#neededBytes = header;
      return;
    }
    if (header.suite.signature !== undefined && this.#options.releaseBeforeSignature !== true)
      throw new EnvelopeError(
        'SignedMessageInStream',
        'The message is signed, and a stream releases plaintext before it verifies the signature. Open the message as a buffer, or set `releaseBeforeSignature`.',
      );
    const headerBytes = this.#queue.take(header.headerBytes);
    const verified = await verifyHeader(header, headerBytes, this.#options);
    this.#options.onHeader?.(describeOpened(verified));
    this.#body = new BodyOpener(verified, headerBytes, this.#limits);
    this.#release(this.#body);
  }

  #release(body: BodyOpener): void {
    for (const plaintext of body.open(this.#queue)) if (plaintext.length > 0) this.push(plaintext);
  }
}
