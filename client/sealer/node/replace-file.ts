import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invalidOption } from '../check-options.ts';

/** The path of a file, or its `file:` URL. */
export type FilePath = string | URL;

export interface ReplaceOptions {
  /** Whether to replace an existing file. Default: `true`. */
  readonly overwrite?: boolean | undefined;
}

/**
 * Writes a file completely or not at all. Writes to a temporary file in the same folder, which only its owner can read,
 * and renames it after `write` succeeded. Removes the temporary file if `write` fails. An existing file keeps its mode.
 */
export async function replaceFile<Result>(
  path: FilePath,
  { overwrite = true }: ReplaceOptions,
  write: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  const target = await findTarget(path);
  if (!overwrite && target.mode !== undefined) throw rejectExisting(target.path);
  const folder = dirname(target.path);
  const temporary = join(folder, `.kms-functions-${randomBytes(9).toString('hex')}.tmp`);
  const file = await open(temporary, 'wx', 0o600);
  try {
    const result = await write(file);
    await file.chmod(target.mode ?? (await readDefaultMode(folder)));
    await file.sync();
    await file.close();
    if (overwrite) await rename(temporary, target.path);
    else await renameNew(temporary, target.path);
    await syncFolder(folder);
    return result;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(temporary, { force: true });
    throw error;
  }
}

interface Target {
  readonly path: string;
  /** The mode of the existing file. */
  readonly mode?: number;
}

/** Follows links, so that the file behind a link is replaced instead of the link. */
async function findTarget(path: FilePath): Promise<Target> {
  const given = resolve(path instanceof URL ? fileURLToPath(path) : path);
  try {
    const existing = await realpath(given);
    const stats = await stat(existing);
    // A rename would replace a device such as /dev/null by a file.
    if (!stats.isFile()) throw invalidOption('The output is not a regular file. Use a stream to write to it.');
    return { path: existing, mode: stats.mode & 0o777 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { path: given };
  }
}

/**
 * Returns the mode of a new file, which depends on the umask and the folder. Creates an empty file, because
 * `process.umask()` changes the umask for a moment (https://nodejs.org/api/deprecations.html#DEP0139).
 */
async function readDefaultMode(folder: string): Promise<number> {
  const probe = join(folder, `.kms-functions-${randomBytes(9).toString('hex')}.tmp`);
  const file = await open(probe, 'wx');
  try {
    return (await file.stat()).mode & 0o777;
  } finally {
    await file.close();
    await rm(probe, { force: true });
  }
}

/** Renames a file unless the new name exists. `rename` would replace a file that was created in the meantime. */
async function renameNew(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw rejectExisting(to);
    // Not all file systems have hard links.
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'].includes(code)) throw error;
    await rename(from, to);
    return;
  }
  await rm(from);
}

function rejectExisting(path: string): Error {
  return Object.assign(new Error(`The file ${path} already exists.`), { code: 'EEXIST', path });
}

/** Makes the new name durable. The file is complete in any case, so a file system without this function is no error. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}
