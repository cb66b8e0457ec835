import { addPublicKey, type DataKey, generateSigned, useDataKey } from '../data-keys.ts';
import { type Bytes, concatBytes, encodeBlock } from '../format/byte-writer.ts';
import { checkEncryptionContext } from '../format/encryption-context.ts';
import { createFrameIv, divideIntoFrames, encodeFrameAad, encodeFrameHead } from '../format/frames.ts';
import { encodeHeader, messageIdBytes, zeroIv } from '../format/header.ts';
import { resolveFrameLength } from '../format/limits.ts';
import { resolveSealingSuite } from '../format/suites.ts';
import type { SealOptions } from '../options.ts';
import { deriveKeys } from './derive-keys.ts';
import { createSigningKey, signMessage, type WebSigningKey } from './signature.ts';
import { encryptGcm } from './web-crypto.ts';

/** Encrypts bytes with WebCrypto. Returns a message in the format of the AWS Encryption SDK. */
export async function sealBuffer(plaintext: Uint8Array, options: SealOptions): Promise<Bytes> {
  const suite = resolveSealingSuite(options.suite);
  const frameLength = resolveFrameLength(options.frameLength);
  const { encryptionContext: callerContext = {}, dataKeys } = options;
  checkEncryptionContext(callerContext);
  const { signature } = suite;
  const request = { suite, encryptionContext: callerContext, plaintextLength: plaintext.length };
  const dataKey: DataKey & { readonly signingKey?: WebSigningKey } =
    signature === undefined
      ? await dataKeys.generate(request)
      : await generateSigned(dataKeys, request, () => createSigningKey(signature));
  const { encryptedDataKeys, signingKey } = dataKey;
  const messageId = crypto.getRandomValues(new Uint8Array(messageIdBytes[suite.version]));
  const { encryptionKey: key, commitmentKey } = await useDataKey(dataKey, suite, (bytes) =>
    deriveKeys(suite, bytes, messageId),
  );
  const aad = encodeHeader({
    ...{ suite, messageId, encryptedDataKeys, frameLength },
    encryptionContext: addPublicKey(callerContext, signingKey),
    commitmentKey: commitmentKey as Uint8Array,
  });
  const parts = [aad, await encryptGcm({ key, iv: zeroIv, aad }, new Uint8Array(0))];
  let offset = 0;
  for (const frame of divideIntoFrames(plaintext.length, frameLength)) {
    const iv = createFrameIv(frame.number);
    const content = plaintext.subarray(offset, offset + frame.contentBytes);
    const sealed = await encryptGcm({ key, iv, aad: encodeFrameAad(messageId, frame) }, content);
    parts.push(encodeFrameHead(frame, iv), sealed);
    offset += frame.contentBytes;
  }
  const message = concatBytes(parts);
  if (signature === undefined || signingKey === undefined) return message;
  return concatBytes([message, ...encodeBlock(await signMessage(message, signingKey, signature))]);
}
