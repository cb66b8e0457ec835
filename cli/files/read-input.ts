import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { FileError } from '../exit-codes.ts';
import { type Terminal, writeLine } from '../terminal.ts';
import { describeFileError, isFileSystemError } from './describe-file-error.ts';

/** An open file or standard input. */
export interface Input {
  readonly stream: Readable;
  /** The number of bytes. `undefined` if it is unknown, as for a pipe. */
  readonly bytes: number | undefined;
  /** The name for messages and progress. */
  readonly name: string;
}

/** Opens a file, or standard input for `-` or no file. */
export async function openInput(file: string | undefined, { stdin, stderr }: Terminal): Promise<Input> {
  if (file === undefined || file === '-') {
    if (stdin.isTTY) await writeLine(stderr, 'Reading from the terminal. To end the input, press Ctrl-D.');
    return { stream: stdin, bytes: undefined, name: 'standard input' };
  }
  const handle = await openFile(file);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new FileError(`${file} is a directory.`);
    // Files of the kernel have a size of 0.
    const bytes = stats.isFile() && stats.size > 0 ? stats.size : undefined;
    return { stream: handle.createReadStream({ highWaterMark: 1 << 18 }), bytes, name: file };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (error) {
    throw new FileError(describeFileError(error, file), error);
  }
}

/** Reads an input of at most `maxBytes`. Throws the error from `tooLong` for a longer input. */
export async function readInput(
  input: Input,
  signal: AbortSignal,
  maxBytes: number,
  tooLong: () => Error = () => new FileError(`${input.name} is too large.`),
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of readChunks(input, signal)) {
    total += chunk.length;
    if (total > maxBytes) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Iterates over the bytes of an input, and closes it. Throws the reason of the signal if the signal is aborted. */
export async function* readChunks({ stream, name }: Input, signal: AbortSignal): AsyncGenerator<Buffer, void> {
  const onAbort = () => stream.destroy(signal.reason);
  try {
    signal.throwIfAborted();
    signal.addEventListener('abort', onAbort, { once: true });
    for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (error) {
    throw isFileSystemError(error) ? new FileError(describeFileError(error, name), error) : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    stream.destroy();
  }
}
