import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toStoreError } from '../store/store-error.ts';
import { controlPrefix } from './control-server.ts';

/** The content of `endpoint.json` in the data directory. Other processes read the file to find the running emulator. */
export interface EndpointFile {
  readonly pid: number;
  readonly url: string;
  /** The `https` URL. Absent without TLS. */
  readonly tlsEndpoint?: string;
  /** The certificate file that clients must trust. Absent without TLS, and with the user's own certificate. */
  readonly caFile?: string;
}

const fileName = 'endpoint.json';
const healthTimeoutMs = 1_000;

/** Writes `endpoint.json`. Throws StoreError if the file cannot be written. */
export function writeEndpointFile(directory: string, content: EndpointFile): void {
  const draft = join(directory, `${fileName}.${process.pid}`);
  try {
    writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    renameSync(draft, join(directory, fileName));
  } catch (error) {
    throw toStoreError(error, directory);
  }
}

/** Removes `endpoint.json`, unless another emulator has replaced it. */
export function removeEndpointFile(directory: string): void {
  if (readEndpointFile(directory)?.pid === process.pid) rmSync(join(directory, fileName), { force: true });
}

export function readEndpointFile(directory: string): EndpointFile | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, fileName), 'utf8')) as EndpointFile;
  } catch {
    return undefined;
  }
}

/**
 * Finds the running emulator for a data directory. Checks the emulator's health, because a process that was killed
 * leaves its file behind.
 */
export async function findRunningEmulator(directory: string): Promise<EndpointFile | undefined> {
  const file = readEndpointFile(directory);
  if (file === undefined) return undefined;
  try {
    const response = await fetch(`${file.url}${controlPrefix}health`, { signal: AbortSignal.timeout(healthTimeoutMs) });
    const { pid } = (await response.json()) as { pid?: number };
    return pid === file.pid ? file : undefined;
  } catch {
    return undefined;
  }
}
