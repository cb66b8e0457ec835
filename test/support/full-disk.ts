import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory, removeDirectory } from './project-copy.ts';

/** A directory on a disk that is nearly full, and room when it is wanted. */
export interface FullDisk {
  readonly directory: string;
  makeRoom(): void;
  remove(): void;
}

const megabyte = 1024 * 1024;

/** A file system in memory with room for about a megabyte; `undefined` where this user may not mount one. */
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
