import { type KeyObject, randomBytes, type Sign } from 'node:crypto';
import { useDataKey } from '../data-keys.ts';
import { encodeUint16 } from '../format/byte-writer.ts';
import { checkEncryptionContext, publicKeyName } from '../format/encryption-context.ts';
import { checkFrameNumber, createFrameIv, encodeFrameAad, encodeFrameHead, type Frame } from '../format/frames.ts';
import { encodeHeader, messageIdBytes, zeroIv } from '../format/header.ts';
import { resolveFrameLength } from '../format/limits.ts';
import { resolveSealingSuite } from '../format/suites.ts';
import type { SealOptions } from '../options.ts';
import { encryptGcm } from './aes-gcm.ts';
import { deriveKeys } from './derive-keys.ts';
import { createSigningKey, startSignature } from './signature.ts';

/** Writes the parts of one message in their order: header, frames, footer. */
export class MessageSealer {
  readonly header: Buffer;
  readonly frameLength: number;
  readonly #key: KeyObject;
  readonly #messageId: Uint8Array;
  readonly #signature: { readonly signer: Sign; readonly privateKey: KeyObject } | undefined;

  private constructor(parts: SealerParts) {
    this.header = parts.header;
    this.frameLength = parts.frameLength;
    this.#key = parts.key;
    this.#messageId = parts.messageId;
    this.#signature = parts.signature;
    this.#signature?.signer.update(this.header);
  }

  /** Obtains a data key, and writes the header. */
  static async start(options: SealOptions, plaintextLength?: number): Promise<MessageSealer> {
    const suite = resolveSealingSuite(options.suite);
    const frameLength = resolveFrameLength(options.frameLength);
    const { encryptionContext: callerContext = {}, dataKeys } = options;
    checkEncryptionContext(callerContext);
    const signingKey = suite.signature && createSigningKey(suite.signature);
    const encryptionContext = { ...callerContext, ...(signingKey && { [publicKeyName]: signingKey.publicKey }) };
    const dataKey = await dataKeys.generate({
      suite,
      encryptionContext,
      ...(plaintextLength !== undefined && { plaintextLength }),
    });
    const messageId = randomBytes(messageIdBytes[suite.version]);
    const { encryptionKey: key, commitmentKey } = useDataKey(dataKey, suite, (plaintext) =>
      deriveKeys(suite, plaintext, messageId),
    );
    const { encryptedDataKeys } = dataKey;
    const aad = encodeHeader({
      ...{ suite, messageId, encryptionContext, encryptedDataKeys, frameLength },
      commitmentKey: commitmentKey as Uint8Array,
    });
    const { tag } = encryptGcm({ key, iv: zeroIv, aad }, new Uint8Array(0));
    const header = Buffer.concat([aad, tag]);
    const signature = suite.signature &&
      signingKey && { signer: startSignature(suite.signature), privateKey: signingKey.privateKey };
    return new MessageSealer({ header, frameLength, key, messageId, signature });
  }

  /** Encrypts a frame. Returns its head, ciphertext and tag. */
  sealFrame(frame: Frame, plaintext: Uint8Array): readonly [Uint8Array, Uint8Array, Uint8Array] {
    checkFrameNumber(frame);
    const iv = createFrameIv(frame.number);
    const aad = encodeFrameAad(this.#messageId, frame);
    const { ciphertext, tag } = encryptGcm({ key: this.#key, iv, aad }, plaintext);
    const parts = [encodeFrameHead(frame, iv), ciphertext, tag] as const;
    if (this.#signature) for (const part of parts) this.#signature.signer.update(part);
    return parts;
  }

  /** Returns the signature of a signed message, or no bytes. */
  finish(): readonly Uint8Array[] {
    if (this.#signature === undefined) return [];
    const signature = this.#signature.signer.sign(this.#signature.privateKey);
    return [encodeUint16(signature.length), signature];
  }
}

interface SealerParts {
  readonly header: Buffer;
  readonly frameLength: number;
  readonly key: KeyObject;
  readonly messageId: Uint8Array;
  readonly signature: { readonly signer: Sign; readonly privateKey: KeyObject } | undefined;
}
