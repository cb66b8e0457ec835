import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { FileError } from '../exit-codes.ts';

/** The part of a file that is durable, and the hash of its last part, with which a later run recognizes the file. */
export interface WrittenPart {
  readonly bytes: number;
  /** The position at which the last part begins. */
  readonly lastStart: number;
  readonly lastSha256: string;
}

export const nothingWritten: WrittenPart = { bytes: 0, lastStart: 0, lastSha256: '' };

/** A list that grows during a run. Its size is known to a file with the progress, so that it never has a partial end. */
export class GrowingFile {
  readonly #handle: FileHandle;
  readonly path: string;
  #written: WrittenPart;
  #pending: string[] = [];

  private constructor(path: string, handle: FileHandle, written: WrittenPart) {
    this.path = path;
    this.#handle = handle;
    this.#written = written;
  }

  /**
   * Opens a list. Removes everything after its durable part, which a run wrote that ended before it recorded its progress.
   * Throws `FileError` if the durable part has changed.
   */
  static async open(path: string, written: WrittenPart): Promise<GrowingFile> {
    const handle = await open(path, written.bytes === 0 ? 'w+' : 'r+');
    try {
      if (!(await isUnchanged(handle, written)))
        throw new FileError(
          `${path} has changed since the last run, so the run cannot continue. To begin again, add --force.`,
        );
      await handle.truncate(written.bytes);
      return new GrowingFile(path, handle, written);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get written(): WrittenPart {
    return this.#written;
  }

  add(text: string): void {
    if (text !== '') this.#pending.push(text);
  }

  /**
   * Makes everything durable that was added. If this fails, as on a full disk, everything stays pending, so that no later
   * call succeeds without it.
   */
  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const bytes = Buffer.from(this.#pending.join(''));
    const start = this.#written.bytes;
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, start + done);
      done += bytesWritten;
    }
    await this.#handle.sync();
    this.#pending = [];
    this.#written = { bytes: start + bytes.length, lastStart: start, lastSha256: hash(bytes) };
  }

  /** Closes the file, and removes it if it is empty. */
  async close(removeEmpty: boolean): Promise<void> {
    await this.#handle.close();
    if (removeEmpty && this.#written.bytes === 0) await rm(this.path, { force: true });
  }
}

async function isUnchanged(handle: FileHandle, { bytes, lastStart, lastSha256 }: WrittenPart): Promise<boolean> {
  if (bytes === 0) return true;
  if ((await handle.stat()).size < bytes) return false;
  const last = Buffer.alloc(bytes - lastStart);
  const { bytesRead } = await handle.read(last, 0, last.length, lastStart);
  return bytesRead === last.length && hash(last) === lastSha256;
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}

const chunkBytes = 262_144;

/** Reads a file from a position. Leaves the file open. */
export async function* readChunks(handle: FileHandle, start: number): AsyncGenerator<Buffer, void> {
  for (let position = start; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

/** The number of bytes that identify a part of a list. Hashing all of a long list would take minutes. */
const sampleBytes = 65_536;

/** Identifies a list to read by its size, its beginning and its end. */
export async function identifyList(handle: FileHandle, bytes: number): Promise<string> {
  return `${bytes}:${await hashBefore(handle, Math.min(bytes, sampleBytes))}:${await hashBefore(handle, bytes)}`;
}

/** Returns the hash of the last 64 KiB before a position. */
export async function hashBefore(handle: FileHandle, position: number): Promise<string> {
  const start = Math.max(0, position - sampleBytes);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(position - start), 0, position - start, start);
  return hash(buffer.subarray(0, bytesRead));
}
