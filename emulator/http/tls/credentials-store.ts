import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError, toStoreError } from '../../store/store-error.ts';
import { type Credentials, createCredentials, expiresAt, isUsable } from './create-credentials.ts';

const folderName = 'tls';
const caFileName = 'ca.pem';
/** The files with credentials. The name contains the serial number of the certificate. */
const credentialsFile = /^server-[0-9a-f]+\.pem$/;

interface StoredCredentials extends Credentials {
  readonly file: string;
}

/**
 * Loads the credentials from a data directory, or creates them if none contain all names or if they expire soon. Also
 * writes `ca.pem` with every authority that has signed a valid certificate: other processes that share the directory
 * may still use these certificates.
 */
export function loadCredentials(
  directory: string,
  names: readonly string[],
): { credentials: Credentials; caFile: string } {
  const folder = join(directory, folderName);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const credentials =
      readAll(folder).find(({ certificate }) => isUsable(certificate, names)) ?? createStored(folder, names);
    const caFile = join(folder, caFileName);
    writeCaFile(folder, caFile);
    return { credentials, caFile };
  } catch (error) {
    throw toStoreError(error, folder);
  }
}

function createStored(folder: string, names: readonly string[]): Credentials {
  const credentials = createCredentials(names);
  const { key, certificate, ca } = credentials;
  const file = join(folder, `server-${certificate.serialNumber.toLowerCase()}.pem`);
  writeWhole(file, [key, certificate.toString(), ca.toString()].join(''));
  return credentials;
}

/** Writes the authorities of all stored credentials. Repeats this if another process has added credentials. */
function writeCaFile(folder: string, caFile: string): void {
  let written: string | undefined;
  for (;;) {
    const content = readAll(folder)
      .map(({ ca }) => ca.toString())
      .join('');
    if (content === written) return;
    writeWhole(caFile, content);
    written = content;
  }
}

/** Reads all stored credentials, newest first. Deletes those that have expired or that other users could read. */
function readAll(folder: string): StoredCredentials[] {
  return readdirSync(folder)
    .filter((name) => credentialsFile.test(name))
    .flatMap((name) => readCredentials(join(folder, name)) ?? [])
    .sort((a, b) => expiresAt(b.certificate) - expiresAt(a.certificate) || (a.file < b.file ? -1 : 1));
}

function readCredentials(file: string): StoredCredentials | undefined {
  try {
    if (isExposed(file)) return undefined;
    const [key = '', certificate = '', ca = ''] = readFileSync(file, 'utf8').split(/(?<=-----END [A-Z ]+-----\n)/);
    const credentials = { file, key, certificate: new X509Certificate(certificate), ca: new X509Certificate(ca) };
    if (expiresAt(credentials.certificate) > Date.now()) return credentials;
    rmSync(file, { force: true });
    return undefined;
  } catch (error) {
    // Another process has deleted the file.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StoreError(`${file} is damaged: delete the file to create a new TLS certificate`);
  }
}

function isExposed(file: string): boolean {
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) === 0) return false;
  rmSync(file, { force: true });
  process.emitWarning(
    `Other users could access ${file} (mode 0${mode.toString(8)}). The emulator has deleted this TLS key and uses a new one.`,
    { code: 'KMS_EMULATOR_TLS_KEY_MODE' },
  );
  return true;
}

/** Writes a draft and renames it, so that other processes never read a part of the file. */
function writeWhole(file: string, content: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600, flush: true });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}
