import type { KeyObject, Verify } from 'node:crypto';
import { maxSignatureBytes, signatureLengthBytes } from '../format/ecdsa-signature.ts';
import { publicKeyName } from '../format/encryption-context.ts';
import { createEnvelopeError, rejectFrame } from '../format/errors.ts';
import { encodeFrameAad, type FrameHead, frameHeadBytes, parseFrameHead } from '../format/frames.ts';
import { tagBytes } from '../format/header.ts';
import type { OpenLimits } from '../format/limits.ts';
import { decryptGcm } from './aes-gcm.ts';
import type { ByteQueue } from './byte-queue.ts';
import { readPublicKey, startVerification } from './signature.ts';
import type { VerifiedHeader } from './verify-header.ts';

/** Decrypts a message's body, frame by frame, as its bytes arrive. */
export class BodyOpener {
  readonly #verified: VerifiedHeader;
  readonly #limits: OpenLimits;
  readonly #signature: { readonly verifier: Verify; readonly publicKey: KeyObject } | undefined;
  #state: 'body' | 'footer' | 'done' = 'body';
  #frameNumber = 1;
  /** The content of the final frame, until the signature is verified. */
  #withheld: readonly Buffer[] = [];

  constructor(verified: VerifiedHeader, headerBytes: Uint8Array, limits: OpenLimits) {
    this.#verified = verified;
    this.#limits = limits;
    const { suite, encryptionContext } = verified.header;
    if (suite.signature === undefined) return;
    const publicKey = readPublicKey(encryptionContext[publicKeyName] as string, suite.signature);
    this.#signature = { verifier: startVerification(suite.signature), publicKey };
    this.#signature.verifier.update(headerBytes);
  }

  /** Takes all complete frames from the queue. Yields the plaintext of each frame after its tag matched. */
  *open(queue: ByteQueue): Generator<Buffer> {
    while (this.#state === 'body') {
      const headBytes = queue.peek(frameHeadBytes.final);
      const head = parseFrameHead(headBytes, this.#frameNumber, this.#verified.header, this.#limits);
      if (typeof head === 'number' || queue.length < head.headBytes + head.contentBytes + tagBytes) return;
      const plaintext = this.#openFrame(head, queue);
      if (this.#state === 'body') yield* plaintext;
      else this.#withheld = plaintext;
    }
    if (this.#state === 'footer' && !this.#verifySignature(queue)) return;
    if (queue.length > 0) throw createEnvelopeError('TrailingBytes');
    const plaintext = this.#withheld;
    this.#withheld = [];
    yield* plaintext;
  }

  /** Throws unless the whole message was opened. */
  finish(): void {
    if (this.#state !== 'done') throw createEnvelopeError('MessageTruncated');
  }

  #openFrame(head: FrameHead, queue: ByteQueue): readonly Buffer[] {
    const { key, header } = this.#verified;
    const headBytes = queue.take(head.headBytes);
    const content = queue.takePieces(head.contentBytes);
    const tag = queue.take(tagBytes);
    const plaintext = decryptGcm(key, head.iv, encodeFrameAad(header.messageId, head), content, tag);
    if (plaintext === undefined) throw rejectFrame(head.number);
    if (this.#signature) for (const part of [headBytes, ...content, tag]) this.#signature.verifier.update(part);
    this.#frameNumber += 1;
    if (head.kind !== 'regular') this.#state = this.#signature === undefined ? 'done' : 'footer';
    return plaintext;
  }

  /** Verifies the signature, or returns false if its bytes are not complete. */
  #verifySignature(queue: ByteQueue): boolean {
    const [high, low] = queue.peek(signatureLengthBytes);
    if (high === undefined || low === undefined) return false;
    const length = high * 0x100 + low;
    if (length <= maxSignatureBytes && queue.length < signatureLengthBytes + length) return false;
    const { verifier, publicKey } = this.#signature as { verifier: Verify; publicKey: KeyObject };
    if (
      length > maxSignatureBytes ||
      !verifier.verify(publicKey, queue.take(signatureLengthBytes + length).subarray(2))
    )
      throw createEnvelopeError('SignatureInvalid');
    this.#state = 'done';
    return true;
  }
}
