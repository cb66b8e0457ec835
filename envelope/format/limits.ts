import { EnvelopeError } from './errors.ts';

/** Limits for the messages to open. A message that exceeds a limit is rejected before its data key is decrypted. */
export interface OpenLimits {
  /** The maximum number of encrypted data keys. Each may cause a call to KMS. */
  readonly maxEncryptedDataKeys: number;
  /** The maximum length of a frame, and of the content of an unframed message. Opening keeps one frame in memory. */
  readonly maxFrameLength: number;
  readonly maxHeaderBytes: number;
  /** The maximum number of frames. Each takes some time, even if it is short. */
  readonly maxFrames: number;
}

/** The frame length and the frame numbers have four bytes. */
export const maxUint32 = 0xffff_ffff;

export const defaultOpenLimits: OpenLimits = {
  maxEncryptedDataKeys: 20,
  maxFrameLength: 64 * 1024 * 1024,
  maxHeaderBytes: 128 * 1024,
  maxFrames: maxUint32,
};

export const defaultFrameLength = 64 * 1024;

/** Returns the limits of a call. Throws if a limit is not a positive number. */
export function resolveOpenLimits(given: Partial<{ [Name in keyof OpenLimits]: number | undefined }>): OpenLimits {
  return {
    maxEncryptedDataKeys: resolveLimit('maxEncryptedDataKeys', given.maxEncryptedDataKeys),
    maxFrameLength: resolveLimit('maxFrameLength', given.maxFrameLength),
    maxHeaderBytes: resolveLimit('maxHeaderBytes', given.maxHeaderBytes),
    maxFrames: resolveLimit('maxFrames', given.maxFrames),
  };
}

function resolveLimit(name: keyof OpenLimits, limit = defaultOpenLimits[name]): number {
  if (typeof limit !== 'number' || !(limit > 0))
    throw new EnvelopeError('InvalidOption', `\`${name}\` must be a positive number.`);
  return limit;
}

/** Returns the frame length to seal with. Messages can always be opened with the default limits. */
export function resolveFrameLength(frameLength = defaultFrameLength): number {
  const { maxFrameLength } = defaultOpenLimits;
  if (!Number.isInteger(frameLength) || frameLength < 1 || frameLength > maxFrameLength)
    throw new EnvelopeError('InvalidOption', `\`frameLength\` must be an integer between 1 and ${maxFrameLength}.`);
  return frameLength;
}
