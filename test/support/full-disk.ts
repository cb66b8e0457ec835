import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory, removeDirectory } from './project-copy.ts';

/** A directory on a nearly full disk. `makeRoom` frees space. */
export interface FullDisk {
  readonly directory: string;
  makeRoom(): void;
  remove(): void;
}

const megabyte = 1024 * 1024;

/** Mounts an in-memory file system with about 1 MB of free space. Returns `undefined` without permission. */
export function mountFullDisk(): FullDisk | undefined {
  const directory = makeDirectory();
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory]);
  if (status !== 0) {
    removeDirectory(directory);
    return undefined;
  }
  const filler = join(directory, 'filler');
  writeFileSync(filler, Buffer.alloc(megabyte));
  return {
    directory,
    makeRoom: () => rmSync(filler),
    remove: () => {
      spawnSync('umount', [directory]);
      removeDirectory(directory);
    },
  };
}
