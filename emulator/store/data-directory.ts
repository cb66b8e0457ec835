import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncDirectory } from './sync-directory.ts';

/**
 * Creates a data directory with mode 0700, and its parent directories, if they do not exist. A data directory that is
 * empty gets a `.gitignore` file, so that Git never commits the master key.
 */
export function createDataDirectory(directory: string): void {
  createDirectory(directory);
  if (readdirSync(directory).length > 0) return;
  writeFileSync(join(directory, '.gitignore'), '# Contains keys. Do not commit.\n*\n', { mode: 0o600 });
}

/**
 * Creates a directory, and syncs its entry to disk. SQLite syncs only entries in the data directory. Creates parent
 * directories itself, because Node.js does not return from a recursive `mkdir` below `/proc`.
 */
function createDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) createDirectory(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
    syncDirectory(parent);
  } catch (error) {
    // Another process may have created it at the same time.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
