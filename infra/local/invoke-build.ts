import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { bundle } from '../packaging/bundle.ts';

/** This process's build folder. Concurrent processes use different folders, so they cannot overwrite each other's builds. */
const buildFolder = join('.build', `local-${process.pid}`);

/** Removes the build that `buildForInvocation` created. */
export function removeInvocationBuild(serviceDir: string): void {
  rmSync(join(serviceDir, buildFolder), { recursive: true, force: true });
}

/**
 * Bundles one function for `invoke local`, which cannot load TypeScript. Returns the path of a handler for osls to load.
 * This handler writes function logs to standard error, so that standard output contains only the result. The handler sets
 * exit code 1 if the function returns an HTTP status of 400 or more.
 */
export async function buildForInvocation(handler: string, serviceDir: string): Promise<string> {
  const path = handler.slice(0, handler.lastIndexOf('.'));
  await bundle([path], join(serviceDir, buildFolder));
  const entryPoint = join(buildFolder, `${path}.entry-point`);
  await build({
    stdin: { contents: createEntryPoint(`./${path.split('/').at(-1)}.cjs`), resolveDir: serviceDir },
    absWorkingDir: serviceDir,
    outfile: `${entryPoint}.cjs`,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  return `${relative('.', entryPoint)}.handler`;
}

function createEntryPoint(bundlePath: string): string {
  return `
    import { Console } from 'node:console';
    globalThis.console = new Console(process.stderr, process.stderr);
    process.env.POWERTOOLS_DEV = 'true';
    const { handler: inner } = require(${JSON.stringify(bundlePath)});
    export async function handler(event, context) {
      const result = await inner(event, context);
      if (result?.statusCode >= 400) process.exitCode = 1;
      return result;
    }`;
}
