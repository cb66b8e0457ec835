import type { Bytes } from '../format/byte-writer.ts';
import { divideIntoFrames, measureBody } from '../format/frames.ts';
import type { SealOptions } from '../options.ts';
import { MessageSealer } from './message-sealer.ts';
import { OutputBuffer } from './output-buffer.ts';

/** Encrypts bytes. Returns a message in the format of the AWS Encryption SDK. */
export async function sealBuffer(plaintext: Uint8Array, options: SealOptions): Promise<Bytes> {
  const sealer = await MessageSealer.start(options, plaintext.length);
  const { header, frameLength } = sealer;
  const bodyBytes = measureBody(plaintext.length, frameLength);
  const message = new OutputBuffer(header.length + bodyBytes + sealer.maxFooterBytes);
  message.add(header);
  let offset = 0;
  for (const frame of divideIntoFrames(plaintext.length, frameLength)) {
    const content = plaintext.subarray(offset, offset + frame.contentBytes);
    for (const part of sealer.sealFrame(frame, [content])) message.add(part);
    offset += frame.contentBytes;
  }
  for (const part of sealer.finish()) message.add(part);
  return message.finish();
}
