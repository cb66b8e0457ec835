import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Effort, Row } from '../benchmark.ts';
import { emulatorCommand, startServer } from '../server-process.ts';
import { packageVersions, removeWorktree, type Version } from './version.ts';

/** Packages this version, and the earlier version that `--before` names, and passes them to `use`. */
export async function withVersions<T>(
  { before }: Effort,
  use: (versions: readonly Version[]) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-load-'));
  try {
    return await use(await packageVersions(folder, before));
  } finally {
    removeWorktree(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts an emulator in memory, and passes its endpoint to `use`. `quotas` multiplies the quotas of AWS. */
export async function withKms<T>(quotas: number | undefined, use: (endpoint: string) => Promise<T>): Promise<T> {
  const options = quotas === undefined ? [] : ['--quotas', String(quotas)];
  const emulator = await startServer(process.execPath, [emulatorCommand, '--port', '0', '--in-memory', ...options]);
  try {
    return await use(emulator.endpoint);
  } finally {
    await emulator.stop();
  }
}

/** Measures all versions at the same time, so that other programs on the machine affect them equally. */
export async function measureVersions(
  versions: readonly Version[],
  what: string,
  measure: (version: Version) => Promise<Row>,
): Promise<Row[]> {
  const rows = versions.map(async (version) => {
    return { what: labelVersion(what, version, versions), ...(await measure(version)) };
  });
  return await Promise.all(rows);
}

/** Adds the version to a row's label, if there are several. */
export function labelVersion(what: string, { name }: Version, versions: readonly Version[]): string {
  return versions.length === 1 ? what : `${what}, ${name}`;
}
