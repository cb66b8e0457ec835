import { type KeyObject, randomBytes, type Sign } from 'node:crypto';
import { addPublicKey, type DataKey, generateSigned, useDataKey } from '../data-keys.ts';
import { encodeUint16 } from '../format/byte-writer.ts';
import { maxSignatureBytes, signatureLengthBytes } from '../format/ecdsa-signature.ts';
import { checkEncryptionContext } from '../format/encryption-context.ts';
import { checkFrameNumber, createFrameIv, encodeFrameAad, encodeFrameHead, type Frame } from '../format/frames.ts';
import { encodeHeader, messageIdBytes, zeroIv } from '../format/header.ts';
import { resolveFrameLength } from '../format/limits.ts';
import { resolveSealingSuite } from '../format/suites.ts';
import type { SealOptions } from '../options.ts';
import { encryptGcm, type GcmKey } from './aes-gcm.ts';
import { deriveKeys } from './derive-keys.ts';
import { createSigningKey, type NodeSigningKey, startSignature } from './signature.ts';

/** Writes the parts of one message in their order: header, frames, footer. */
export class MessageSealer {
  readonly header: Buffer;
  readonly frameLength: number;
  readonly #key: GcmKey;
  readonly #messageId: Uint8Array;
  readonly #signing: { readonly signer: Sign; readonly privateKey: KeyObject } | undefined;

  private constructor(parts: SealerParts) {
    this.header = parts.header;
    this.frameLength = parts.frameLength;
    this.#key = parts.key;
    this.#messageId = parts.messageId;
    this.#signing = parts.signing;
    this.#signing?.signer.update(this.header);
  }

  /** Obtains a data key, and writes the header. */
  static async start(options: SealOptions, plaintextLength?: number): Promise<MessageSealer> {
    const suite = resolveSealingSuite(options.suite);
    const frameLength = resolveFrameLength(options.frameLength);
    const { encryptionContext: callerContext = {}, dataKeys } = options;
    checkEncryptionContext(callerContext);
    const request = {
      ...{ suite, encryptionContext: callerContext },
      ...(plaintextLength !== undefined && { plaintextLength }),
    };
    const { signature } = suite;
    const dataKey: DataKey & { readonly signingKey?: NodeSigningKey } =
      signature === undefined
        ? await dataKeys.generate(request)
        : await generateSigned(dataKeys, request, () => createSigningKey(signature));
    const { encryptedDataKeys, signingKey } = dataKey;
    const encryptionContext = addPublicKey(callerContext, signingKey);
    const messageId = randomBytes(messageIdBytes[suite.version]);
    const { encryptionKey: key, commitmentKey } = await useDataKey(dataKey, suite, (plaintext) =>
      deriveKeys(suite, plaintext, messageId),
    );
    const aad = encodeHeader({
      ...{ suite, messageId, encryptionContext, encryptedDataKeys, frameLength },
      commitmentKey: commitmentKey as Uint8Array,
    });
    const { tag } = encryptGcm(key, zeroIv, aad, []);
    const header = Buffer.concat([aad, tag]);
    const signing = signature && signingKey && { signer: startSignature(signature), privateKey: signingKey.privateKey };
    return new MessageSealer({ header, frameLength, key, messageId, signing });
  }

  /** Encrypts a frame. Returns its head, ciphertext and tag. */
  sealFrame(frame: Frame, pieces: readonly Uint8Array[]): readonly Uint8Array[] {
    checkFrameNumber(frame);
    const iv = createFrameIv(frame.number);
    const aad = encodeFrameAad(this.#messageId, frame);
    const { ciphertext, tag } = encryptGcm(this.#key, iv, aad, pieces);
    const parts = [encodeFrameHead(frame, iv), ...ciphertext, tag];
    if (this.#signing) for (const part of parts) this.#signing.signer.update(part);
    return parts;
  }

  /** The largest length of what `finish` returns. */
  get maxFooterBytes(): number {
    return this.#signing === undefined ? 0 : signatureLengthBytes + maxSignatureBytes;
  }

  /** Returns the signature of a signed message, or no bytes. */
  finish(): readonly Uint8Array[] {
    if (this.#signing === undefined) return [];
    const signature = this.#signing.signer.sign(this.#signing.privateKey);
    return [encodeUint16(signature.length), signature];
  }
}

interface SealerParts {
  readonly header: Buffer;
  readonly frameLength: number;
  readonly key: GcmKey;
  readonly messageId: Uint8Array;
  readonly signing: { readonly signer: Sign; readonly privateKey: KeyObject } | undefined;
}
