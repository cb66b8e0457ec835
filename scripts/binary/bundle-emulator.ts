import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Message, type Metafile } from 'esbuild';

export interface EmulatorBundle {
  /** The source of the program, as CommonJS. */
  readonly code: Uint8Array;
  readonly metafile: Metafile;
  readonly warnings: readonly Message[];
}

/** Bundles the command `kms-emulator`, with all operations and libraries, into one CommonJS file. */
export async function bundleEmulator(): Promise<EmulatorBundle> {
  const { outputFiles, metafile, warnings } = await build({
    entryPoints: ['emulator/cli.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error('esbuild wrote no file');
  return { code: output.contents, metafile, warnings };
}

/** Returns the files that the emulator reads with `readAsset`, by their path below `emulator/`. */
export function findAssets(): Record<string, string> {
  const files = ['emulator/seed/default.json', ...listFiles('emulator/console/dist')];
  return Object.fromEntries(files.map((file) => [relative('emulator', file), file]));
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}
