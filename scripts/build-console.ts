/**
 * Builds the emulator's console into emulator/console/dist/: one script, one style sheet, the page, its icon, and the
 * licenses of the packages in the script.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import { collectPackageLicenses, formatLicenses } from './package-licenses.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = join(root, 'emulator/console/dist');

/** Builds the console. Returns what the script contains. */
export async function buildConsole(): Promise<Metafile> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    write: false,
    entryPoints: { console: 'console/main.tsx' },
    outdir: output,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome120', 'firefox120', 'safari17.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  mkdirSync(output, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(path, contents);
  for (const file of ['index.html', 'icon.svg']) {
    writeFileSync(join(output, file), readFileSync(join(root, 'console', file)));
  }
  writeFileSync(join(output, 'licenses.txt'), formatLicenses(collectPackageLicenses(root, metafile)));
  return metafile;
}

if (import.meta.main) await buildConsole();
