import type { Transform } from 'node:stream';
import { createDataKeyCache, openBuffer, sealBuffer } from '../../../envelope/index.ts';
import { type BufferSealer, createBufferSealer } from '../buffer-sealer.ts';
import { checkOptions } from '../check-options.ts';
import type { SealerOptions } from '../options.ts';
import { resolveSettings } from '../settings.ts';
import { type FileOptions, type FileSource, type OpenedFile, openFile, type SealedFile, sealFile } from './files.ts';
import type { FilePath } from './replace-file.ts';
import {
  type OpenStreamOptions,
  openStream,
  openStreamRules,
  type SealStreamOptions,
  sealStream,
  sealStreamRules,
  toWebStream,
  type WebStreamPair,
} from './streams.ts';

/** Seals and opens messages in memory, in streams and in files. */
export interface Sealer extends BufferSealer {
  /** Creates a stream that encrypts. It keeps at most one frame in memory. */
  sealStream(options?: SealStreamOptions): Transform;
  /**
   * Creates a stream that decrypts. It emits only authenticated plaintext, and ends only if the whole message is
   * authentic. If the stream fails, the message is incomplete: discard its output.
   */
  openStream(options?: OpenStreamOptions): Transform;
  /** Creates a stream that encrypts, for `pipeThrough`. */
  sealWebStream(options?: SealStreamOptions): WebStreamPair;
  /** Creates a stream that decrypts, for `pipeThrough`. If the stream fails, discard its output. */
  openWebStream(options?: OpenStreamOptions): WebStreamPair;
  /**
   * Encrypts a file or stream of any size into a file. The target appears, or changes, only after everything succeeded.
   *
   * @example
   * ```ts
   * await sealer({ transport, keyId: 'alias/app' }).sealFile('report.pdf', 'report.pdf.sealed');
   * ```
   */
  sealFile(source: FileSource, target: FilePath, options?: FileOptions): Promise<SealedFile>;
  /** Decrypts a file or stream of any size into a file. The target appears only after the whole message was verified. */
  openFile(source: FileSource, target: FilePath, options?: FileOptions): Promise<OpenedFile>;
}

/**
 * Creates a sealer, which encrypts data of any size in this process. Data keys come from the service. The messages have
 * the format of the AWS Encryption SDK.
 *
 * @example
 * ```ts
 * const files = sealer({ transport: http({ endpoint: 'http://localhost:3000' }), keyId: 'alias/app' });
 * const { message } = await files.seal(bytes, { encryptionContext: { document: '42' } });
 * const { plaintext } = await files.open(message, { encryptionContext: { document: '42' } });
 * ```
 */
export function sealer(options: SealerOptions): Sealer {
  const settings = resolveSettings(options, createDataKeyCache);
  return {
    ...createBufferSealer({ sealBuffer, openBuffer }, settings),
    sealStream: (given = {}) => sealStream(settings, checkOptions('sealStream', given, sealStreamRules)),
    openStream: (given = {}) => openStream(settings, checkOptions('openStream', given, openStreamRules)),
    sealWebStream: (given = {}) =>
      toWebStream(sealStream(settings, checkOptions('sealWebStream', given, sealStreamRules))),
    openWebStream: (given = {}) =>
      toWebStream(openStream(settings, checkOptions('openWebStream', given, openStreamRules))),
    sealFile: (source, target, fileOptions) => sealFile(settings, source, target, fileOptions),
    openFile: (source, target, fileOptions) => openFile(settings, source, target, fileOptions),
  };
}
