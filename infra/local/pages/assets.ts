import { fileURLToPath } from 'node:url';

/** The pages' scripts and styles by file name, with their entry points. */
export const assets: ReadonlyMap<string, string> = new Map([
  ['page.css', 'styles/page.css'],
  ['copy-buttons.js', 'browser/copy-buttons.ts'],
  ['api-page.js', 'browser/api-page.tsx'],
]);

const bundles = new Map<string, Promise<string>>();

/** Bundles an asset on first use. esbuild takes less than 0.1 s, so no build step is necessary. */
export function bundleAsset(name: string): Promise<string> {
  const bundled = bundles.get(name) ?? bundle(assets.get(name) as string);
  bundles.set(name, bundled);
  return bundled;
}

async function bundle(entry: string): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
  });
  return outputFiles[0]?.text ?? '';
}
