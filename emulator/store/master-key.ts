import { createSecretKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StoreError } from './store-error.ts';
import { syncDirectory } from './sync-directory.ts';

export const masterKeyVariable = 'KMS_EMULATOR_MASTER_KEY';
export const masterKeyFileName = 'master.key';
const masterKeyBytes = 32;

/**
 * Loads the 32-byte master key that encrypts key material at rest. Reads it in base64 from the environment, or from
 * `master.key` (mode 0600) in the data directory. Creates the file if it does not exist and nothing is encrypted yet
 * (`isNeeded` is false). This is the case at the first start, and after an interrupted first start. Changes the mode of a
 * file that other users can access to 0600, and emits a warning. Throws `StoreError` if the master key is unusable.
 */
export function loadMasterKey(directory: string | undefined, isNeeded: boolean, environment = process.env): KeyObject {
  const given = environment[masterKeyVariable];
  if (given) return decode(given, masterKeyVariable);
  if (directory === undefined) return createSecretKey(randomBytes(masterKeyBytes));
  const file = join(directory, masterKeyFileName);
  try {
    return readMasterKey(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (isNeeded) {
    throw new StoreError(
      `${file} is missing and ${masterKeyVariable} is not set: restore the file or set the variable to decrypt the stored key material`,
    );
  }
  return create(file);
}

function readMasterKey(file: string): KeyObject {
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) !== 0) {
    chmodSync(file, 0o600);
    process.emitWarning(
      `Other users could access ${file} (mode 0${mode.toString(8)}). Its mode is now 0600. If another user may have read the file, create the keys again in a new data directory.`,
      { code: 'KMS_EMULATOR_MASTER_KEY_MODE' },
    );
  }
  return decode(readFileSync(file, 'utf8').trim(), file);
}

/**
 * Writes a draft and then links it to the final name, so that two processes that start at the same time get the same
 * key.
 */
function create(file: string): KeyObject {
  const draft = `${file}.${randomUUID()}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    // Link only a complete file, because a full disk can truncate the draft.
    writeFileSync(descriptor, `${randomBytes(masterKeyBytes).toString('base64')}\n`);
    fsyncSync(descriptor);
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    closeSync(descriptor);
    rmSync(draft, { force: true });
  }
  syncDirectory(dirname(file));
  return decode(readFileSync(file, 'utf8').trim(), file);
}

function decode(text: string, source: string): KeyObject {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === masterKeyBytes && bytes.toString('base64') === text) return createSecretKey(bytes);
  throw new StoreError(`${source} must contain ${masterKeyBytes} bytes in base64`);
}
