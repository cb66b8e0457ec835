import { readFileSync } from 'node:fs';

/**
 * Reads a file that the emulator contains, by its path below `emulator/`. In the single-file executable, the file is an
 * asset of the executable (https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html#assets).
 */
export function readAsset(path: string): Buffer {
  // Deno and Bun do not have this module, or have it without functions.
  const sea = process.getBuiltinModule('node:sea') as Partial<typeof import('node:sea')> | undefined;
  if (sea?.getRawAsset !== undefined && sea.isSea?.() === true) return Buffer.from(sea.getRawAsset(path));
  return readFileSync(new URL(`../${path}`, import.meta.url));
}
