import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { replaceFile } from '../../client/sealer/node/replace-file.ts';
import { FileError } from '../exit-codes.ts';
import { describeFileError, isFileSystemError } from './describe-file-error.ts';

/**
 * Writes a file, which appears only when it is complete. A device or pipe, such as /dev/stdout, is written directly.
 * Without `force`, an existing file stays.
 */
export async function writeFile(file: string, force: boolean, bytes: Uint8Array): Promise<void> {
  await explainFileErrors(file, async () => {
    if (await isDevice(file)) await pipeline([bytes], createWriteStream(file));
    else await replaceFile(file, { overwrite: force }, (handle) => handle.writeFile(bytes));
  });
}

/** Rejects an output that is a folder or an existing file, before any work, unless the file may be replaced. */
export async function checkOutputFile(file: string, force: boolean): Promise<void> {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isDirectory()) throw new FileError(`${file} is a directory.`);
  if (stats?.isFile() && !force) throw new FileError(describeExisting(file));
  if (stats === undefined && !(await exists(dirname(file)))) throw new FileError(describeMissingFolder(file));
}

/** Returns whether a path is a device or pipe, which a file cannot replace. */
export async function isDevice(file: string): Promise<boolean> {
  const stats = await stat(file).catch(() => undefined);
  return stats !== undefined && !stats.isFile() && !stats.isDirectory();
}

/** Returns whether a path is a device such as a terminal. Unlike a pipe, it can be opened without a reader. */
export async function isCharacterDevice(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isCharacterDevice() ?? false;
}

/** Converts errors of the file system. `file` is the output; errors of other files contain their path. */
export async function explainFileErrors<Result>(file: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new FileError(describeExisting(file), error);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new FileError(describeMissingFolder(file), error);
    throw isFileSystemError(error) ? new FileError(describeFileError(error, file), error) : error;
  }
}

async function exists(path: string): Promise<boolean> {
  const error = await stat(path).then(
    () => undefined,
    (reason: NodeJS.ErrnoException) => reason,
  );
  return error?.code !== 'ENOENT';
}

function describeMissingFolder(file: string): string {
  return `The folder ${dirname(file)} does not exist.`;
}

function describeExisting(file: string): string {
  return `${file} exists. To replace it, add --force. To write to another file, add --out <file>.`;
}
