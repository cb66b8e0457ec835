import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { allOperations } from '../functions/all-operations.ts';
import { handlerPath } from '../infra/function-entry.ts';
import { trimForKms } from '../infra/trim/plugin.ts';
import { functionName } from '../shared/declaration/operation.ts';
import { collectPackageLicenses, formatLicenses } from './package-licenses.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles the handlers of all functions into `functions.js`, whose function `createFunctions` loads them with an
 * environment. Each call creates handlers with caches of their own, as each instance of a Lambda function does. Also writes
 * the licenses of the packages in the bundle.
 */
export async function buildFunctions(folder: string): Promise<void> {
  const exports = allOperations.map(
    (operation) => `export { handler as ${functionName(operation)} } from './${handlerPath(operation)}.ts';`,
  );
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    stdin: { contents: exports.join('\n'), resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    // The oldest version that package.json permits.
    target: 'node22.13',
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    mainFields: ['module', 'main'],
    plugins: [trimForKms],
    // The parameters replace the globals, so that the handlers read only the environment that they are given.
    format: 'iife',
    globalName: 'handlers',
    banner: { js: 'export function createFunctions(process, require) {' },
    footer: { js: 'return handlers;\n}' },
    logLevel: 'silent',
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'functions.js'), outputFiles[0]?.contents ?? '');
  writeFileSync(join(folder, 'functions-licenses.txt'), formatLicenses(collectPackageLicenses(root, metafile)));
}
