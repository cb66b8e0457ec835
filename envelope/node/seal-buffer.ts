import { divideIntoFrames } from '../format/frames.ts';
import type { SealOptions } from '../options.ts';
import { concatParts } from './concat-parts.ts';
import { MessageSealer } from './message-sealer.ts';

/** Encrypts bytes. Returns a message in the format of the AWS Encryption SDK. */
export async function sealBuffer(plaintext: Uint8Array, options: SealOptions): Promise<Uint8Array> {
  const sealer = await MessageSealer.start(options, plaintext.length);
  const parts: Uint8Array[] = [sealer.header];
  let offset = 0;
  for (const frame of divideIntoFrames(plaintext.length, sealer.frameLength)) {
    parts.push(...sealer.sealFrame(frame, [plaintext.subarray(offset, offset + frame.contentBytes)]));
    offset += frame.contentBytes;
  }
  parts.push(...sealer.finish());
  return concatParts(parts);
}
