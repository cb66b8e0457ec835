import { Duplex, finished, type Transform } from 'node:stream';
import { type Bytes, createOpenStream, createSealStream } from '../../../envelope/index.ts';
import { createOpenOptions, createSealOptions, describeOpening } from '../buffer-sealer.ts';
import type { Rules } from '../check-options.ts';
import { callback, flag, messageRules } from '../option-rules.ts';
import type { MessageOptions, OpenInfo, SealInfo } from '../options.ts';
import type { SealerSettings } from '../settings.ts';

export interface SealStreamOptions extends MessageOptions {
  /** The length of the plaintext, if it is known. Otherwise, the cache is not used. The stream fails at other lengths. */
  readonly plaintextLength?: number | undefined;
  /** Receives the facts about the message before its first byte. */
  readonly onHeader?: ((info: SealInfo) => void) | undefined;
}

export interface OpenStreamOptions extends MessageOptions {
  /**
   * Whether to release the plaintext of signed messages before their signature is verified. By default, signed messages
   * are rejected, because their signature is at the end. If the stream fails, discard all of its output.
   */
  readonly releaseBeforeSignature?: boolean | undefined;
  /** Receives the authenticated facts about the message before the first byte of its plaintext. */
  readonly onHeader?: ((info: OpenInfo) => void) | undefined;
}

export const sealStreamRules: Rules<SealStreamOptions> = {
  ...messageRules,
  plaintextLength: {
    isMet: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    text: 'must be a number of bytes.',
  },
  onHeader: callback,
};

export const openStreamRules: Rules<OpenStreamOptions> = {
  ...messageRules,
  releaseBeforeSignature: flag,
  onHeader: callback,
};

/** A stream of the Web platform, for `pipeThrough`. */
export interface WebStreamPair {
  readonly readable: ReadableStream<Bytes>;
  readonly writable: WritableStream<Uint8Array>;
}

export function sealStream(settings: SealerSettings, options: SealStreamOptions = {}): Transform {
  const { plaintextLength, onHeader, signal } = options;
  const stream = createSealStream({
    ...createSealOptions(settings, { ...options, ...(onHeader && { onSeal: onHeader }) }),
    ...(plaintextLength !== undefined && { plaintextLength }),
  });
  return destroyOnAbort(stream, signal);
}

export function openStream(settings: SealerSettings, options: OpenStreamOptions = {}): Transform {
  const { releaseBeforeSignature = false, onHeader, signal } = options;
  const stream = createOpenStream({
    ...createOpenOptions(settings, options),
    releaseBeforeSignature,
    onHeader: (opened) => onHeader?.(describeOpening(opened)),
  });
  return destroyOnAbort(stream, signal);
}

/** Converts a stream of Node.js. An error of one side also ends the other side. */
export function toWebStream(stream: Transform): WebStreamPair {
  return Duplex.toWeb(stream) as WebStreamPair;
}

/** Unlike `addAbortSignal`, fails with the signal's reason, as the client's calls do. */
function destroyOnAbort(stream: Transform, signal: AbortSignal | undefined): Transform {
  if (signal === undefined) return stream;
  const onAbort = () => stream.destroy(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  finished(stream, () => signal.removeEventListener('abort', onAbort));
  if (signal.aborted) onAbort();
  return stream;
}
