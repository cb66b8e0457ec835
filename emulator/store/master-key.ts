import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StoreError } from './database.ts';

export const masterKeyVariable = 'KMS_EMULATOR_MASTER_KEY';
const fileName = 'master.key';
const masterKeyBytes = 32;

/**
 * The 32 bytes that seal key material at rest: from the environment (base64), else from `master.key` of the data
 * directory (mode 0600). Where nothing is sealed yet (`isNeeded` is false), it is made: at first start, or after one that
 * was cut off.
 */
export function masterKeyOf(directory: string | undefined, isNeeded: boolean, environment = process.env): KeyObject {
  const given = environment[masterKeyVariable];
  if (given) return decode(given, masterKeyVariable);
  if (directory === undefined) return createSecretKey(randomBytes(masterKeyBytes));
  const file = join(directory, fileName);
  try {
    return decode(readFileSync(file, 'utf8').trim(), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (isNeeded) {
    throw new StoreError(
      `${file} is missing and ${masterKeyVariable} is not set: the key material cannot be read without it`,
    );
  }
  return create(file);
}

/** Written aside and linked into place, so that of two processes that start at once both get the same key. */
function create(file: string): KeyObject {
  const draft = `${file}.${randomUUID()}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    // Whole or not at all: a full disk may take a part.
    writeFileSync(descriptor, `${randomBytes(masterKeyBytes).toString('base64')}\n`);
    fsyncSync(descriptor);
    linkSync(draft, file);
    syncDirectory(dirname(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    closeSync(descriptor);
    rmSync(draft, { force: true });
  }
  return decode(readFileSync(file, 'utf8').trim(), file);
}

/** A name in a directory is on the disk only once the directory is. */
function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

function decode(text: string, from: string): KeyObject {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === masterKeyBytes && bytes.toString('base64') === text) return createSecretKey(bytes);
  throw new StoreError(`${from} must hold ${masterKeyBytes} bytes in base64`);
}
