import { type FileHandle, open } from 'node:fs/promises';
import { Readable, type Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkOptions, invalidOption, type Rules } from '../check-options.ts';
import { callback, flag, messageRules } from '../option-rules.ts';
import type { MessageOptions, OpenInfo, SealInfo } from '../options.ts';
import type { SealerSettings } from '../settings.ts';
import { type FilePath, type ReplaceOptions, replaceFile } from './replace-file.ts';
import { openStream, sealStream } from './streams.ts';

/** The progress of a call, in bytes of its input. */
export interface Progress {
  readonly doneBytes: number;
  /** The length of the input. `undefined` if it is a stream, a pipe or a device. */
  readonly totalBytes: number | undefined;
}

export interface FileOptions extends MessageOptions, ReplaceOptions {
  /** Receives the progress at the start and after each chunk. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** The lengths of a plaintext and of its message. */
export interface FileLengths {
  readonly plaintextBytes: number;
  readonly messageBytes: number;
}

export type SealedFile = SealInfo & FileLengths;
export type OpenedFile = OpenInfo & FileLengths;

/** The input of a call: a file, or a stream of bytes. */
export type FileSource = FilePath | Readable;

const fileRules: Rules<FileOptions> = { ...messageRules, overwrite: flag, onProgress: callback };

const chunkBytes = 256 * 1024;

export async function sealFile(
  settings: SealerSettings,
  source: FileSource,
  target: FilePath,
  options: FileOptions = {},
): Promise<SealedFile> {
  checkArguments('sealFile', source, target, options);
  const { encryptionContext, signal } = options;
  let info: SealInfo | undefined;
  const onHeader = (sealed: SealInfo) => {
    info = sealed;
  };
  const lengths = await convert(source, target, options, ({ totalBytes: plaintextLength }, file) => [
    sealStream(settings, { encryptionContext, signal, plaintextLength, onHeader }),
    createWriter(file),
  ]);
  return { ...(info as SealInfo), plaintextBytes: lengths.readBytes, messageBytes: lengths.writtenBytes };
}

export async function openFile(
  settings: SealerSettings,
  source: FileSource,
  target: FilePath,
  options: FileOptions = {},
): Promise<OpenedFile> {
  checkArguments('openFile', source, target, options);
  const { encryptionContext, signal } = options;
  let info: OpenInfo | undefined;
  const onHeader = (opened: OpenInfo) => {
    info = opened;
  };
  // The temporary file is renamed after the signature is verified, so nothing is released before.
  const releaseBeforeSignature = true;
  const lengths = await convert(source, target, options, (_, file) => [
    openStream(settings, { encryptionContext, signal, onHeader, releaseBeforeSignature }),
    createWriter(file, { erase: true }),
  ]);
  return { ...(info as OpenInfo), plaintextBytes: lengths.writtenBytes, messageBytes: lengths.readBytes };
}

function checkArguments(name: string, source: unknown, target: unknown, options: FileOptions): void {
  const isPath = (value: unknown) => (typeof value === 'string' && value !== '') || value instanceof URL;
  if (!isPath(source) && !(source instanceof Readable))
    throw invalidOption('The source must be a path, a `file:` URL or a Node.js stream.');
  if (!isPath(target)) throw invalidOption('The target must be a path or a `file:` URL.');
  checkOptions(name, options, fileRules);
}

interface Input {
  readonly stream: Readable;
  readonly totalBytes: number | undefined;
}

type CreateStreams = (input: Input, file: FileHandle) => readonly [Transform, Writable];

/** Sends the source through a stream into the target, which appears only if everything succeeds. */
async function convert(
  source: FileSource,
  target: FilePath,
  { signal, overwrite, onProgress = () => {} }: FileOptions,
  createStreams: CreateStreams,
): Promise<{ readonly readBytes: number; readonly writtenBytes: number }> {
  signal?.throwIfAborted();
  const input = await openInput(source);
  const { totalBytes } = input;
  let readBytes = 0;
  async function* report(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    onProgress({ doneBytes: 0, totalBytes });
    for await (const chunk of chunks) {
      yield chunk;
      readBytes += chunk.length;
      onProgress({ doneBytes: readBytes, totalBytes });
    }
  }
  try {
    return await replaceFile(target, { overwrite }, async (file) => {
      await pipeline(input.stream, report, ...createStreams(input, file));
      signal?.throwIfAborted();
      return { readBytes, writtenBytes: (await file.stat()).size };
    });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    input.stream.destroy();
  }
}

async function openInput(source: FileSource): Promise<Input> {
  if (source instanceof Readable) return { stream: source, totalBytes: undefined };
  const file = await open(source, 'r');
  const { size } = await file.stat();
  // Pipes, devices and files of the kernel have a size of 0.
  const totalBytes = size === 0 ? undefined : size;
  return { stream: file.createReadStream({ highWaterMark: chunkBytes }), totalBytes };
}

/** Creates a stream that writes to a file. With `erase`, overwrites each chunk with zeros after it was written. */
function createWriter(file: FileHandle, { erase = false } = {}): Writable {
  const write = async (chunks: readonly Buffer[]) => {
    const { bytesWritten } = await file.writev(chunks);
    // The operating system may write less than requested, for example if the disk is almost full.
    if (bytesWritten < countBytes(chunks)) await file.writeFile(Buffer.concat(chunks).subarray(bytesWritten));
    if (erase) for (const chunk of chunks) chunk.fill(0);
  };
  return new Writable({
    write: (chunk: Buffer, _, callback) => write([chunk]).then(() => callback(), callback),
    writev: (chunks, callback) => write(chunks.map(({ chunk }) => chunk)).then(() => callback(), callback),
  });
}

function countBytes(chunks: readonly Uint8Array[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}
