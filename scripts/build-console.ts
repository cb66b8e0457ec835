/**
 * Builds the emulator's console into emulator/console/dist/: one script, one style sheet, the page, its icon, and the
 * licenses of the packages in the script.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = join(root, 'emulator/console/dist');

export async function buildConsole(): Promise<void> {
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
  writeFileSync(join(output, 'licenses.txt'), collectLicenses(metafile));
}

/** Returns the license texts of all packages in the bundle. MIT and Apache-2.0 require a copy in each distribution. */
function collectLicenses({ inputs }: Metafile): string {
  const folders = Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []);
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((file) => join(root, folder, file)).find(existsSync);
    if (file === undefined) throw new Error(`${name} has no license file`);
    return { title: `${name} ${version} (${license})`, text: readFileSync(file, 'utf8').trim() };
  });
  const groups = Map.groupBy(texts, ({ text }) => text);
  return [...groups]
    .map(([text, members]) => `${members.map(({ title }) => title).join('\n')}\n\n${text}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

if (import.meta.main) await buildConsole();
