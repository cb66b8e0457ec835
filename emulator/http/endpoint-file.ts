import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlPrefix } from './control-server.ts';

/** Where the emulator of a data directory listens, for other processes to find it. */
export interface EndpointFile {
  readonly pid: number;
  readonly url: string;
}

const name = 'endpoint.json';
const healthTimeoutMs = 1_000;

export function writeEndpointFile(directory: string, content: EndpointFile): void {
  const draft = join(directory, `${name}.${process.pid}`);
  writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  renameSync(draft, join(directory, name));
}

/** Removes the file, unless another emulator has put its own there. */
export function removeEndpointFile(directory: string): void {
  if (readEndpointFile(directory)?.pid === process.pid) rmSync(join(directory, name), { force: true });
}

function readEndpointFile(directory: string): EndpointFile | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, name), 'utf8')) as EndpointFile;
  } catch {
    return undefined;
  }
}

/** The emulator that runs on a data directory now, if one does: the file may be that of one which was killed. */
export async function findRunning(directory: string): Promise<EndpointFile | undefined> {
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
