import { closeSync, fsyncSync, openSync } from 'node:fs';

/**
 * Flushes the entries of a directory to disk. Syncing a new file does not flush its entry
 * (https://man7.org/linux/man-pages/man2/fsync.2.html).
 */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
