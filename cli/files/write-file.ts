import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, lstat, open, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { FileError } from '../exit-codes.ts';
import { describeFileError } from './describe-file-error.ts';

export interface WriteOptions {
  /** `true` to replace an existing file. */
  readonly force: boolean;
}

/**
 * Writes a file that appears only if `fill` succeeds. `fill` writes to a temporary file in the same folder, which only
 * this user can read, and ends the stream. The function then renames the file, which is on the disk. If `fill` fails, it
 * removes the temporary file. A device or pipe, such as /dev/stdout, is written directly.
 */
export async function writeFileAtomically<T>(
  file: string,
  { force }: WriteOptions,
  fill: (output: Writable) => Promise<T>,
): Promise<T> {
  const target = await findTarget(file, force);
  if (target.isDevice) return fill(createWriteStream(target.path, { flags: 'w' }));
  const temporary = join(dirname(target.path), `.${basename(target.path)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = await reportError(file, () => open(temporary, 'wx', 0o600));
  // Flushes and closes the file when the stream ends or fails.
  const stream = handle.createWriteStream({ flush: true, highWaterMark: 1 << 18 });
  try {
    const result = await reportError(file, () => fill(stream));
    if (!stream.closed) throw new Error('The output was not ended.');
    await reportError(file, () => publish(temporary, target.path, force));
    return result;
  } catch (error) {
    stream.destroy();
    await rm(temporary, { force: true });
    throw error;
  }
}

async function findTarget(
  file: string,
  force: boolean,
): Promise<{ readonly path: string; readonly isDevice: boolean }> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats === undefined) return { path: file, isDevice: false };
  // Replaces the file that a symbolic link points to, and not the link.
  const path = await realpath(file).catch(() => file);
  const real = stats.isSymbolicLink() ? await lstat(path) : stats;
  if (real.isDirectory()) throw new FileError(`${file} is a directory.`);
  if (!real.isFile() && !real.isSymbolicLink()) return { path, isDevice: true };
  if (!force) throw new FileError(describeExisting(file));
  return { path, isDevice: false };
}

function describeExisting(file: string): string {
  return `${file} exists. To replace it, add --force. To write to another file, add --out <file>.`;
}

/** Gives the temporary file its final name, and flushes the folder. Without `force`, never replaces a file. */
async function publish(temporary: string, path: string, force: boolean): Promise<void> {
  if (force) {
    await rename(temporary, path);
  } else {
    await linkOrRename(temporary, path);
  }
  const folder = await open(dirname(path));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A link fails if another program created the file in the meantime. Some file systems do not have links. */
async function linkOrRename(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new FileError(describeExisting(path), error);
    await rename(temporary, path);
    return;
  }
  await rm(temporary);
}

/** Converts the errors of the file system. */
async function reportError<T>(file: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException;
    const isOwn = ['open', 'write', 'fsync', 'rename', 'link', 'unlink', 'close'].includes(syscall ?? '');
    throw isOwn ? new FileError(describeFileError(error, file), error) : error;
  }
}
