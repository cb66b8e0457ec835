import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { bundle } from '../packaging/bundle.ts';

/** One folder for each process: two that invoke at once must not build over each other. */
const folder = join('.build', `local-${process.pid}`);

/** Removes what `buildForInvocation` built. */
export function removeInvocationBuild(serviceDir: string): void {
  rmSync(join(serviceDir, folder), { recursive: true, force: true });
}

/**
 * Bundles one function for `invoke local`, which cannot load TypeScript, behind a trigger of its own: standard output is for
 * the result alone, so what the function logs goes to standard error, and an HTTP answer of 400 or more is a failure of
 * the command. Answers the handler for osls to load.
 */
export async function buildForInvocation(handler: string, serviceDir: string): Promise<string> {
  const path = handler.slice(0, handler.lastIndexOf('.'));
  await bundle([path], join(serviceDir, folder));
  const trigger = join(folder, `${path}.trigger`);
  await build({
    stdin: { contents: entryPointSource(`./${path.split('/').at(-1)}.cjs`), resolveDir: serviceDir },
    absWorkingDir: serviceDir,
    outfile: `${trigger}.cjs`,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  return `${relative('.', trigger)}.handler`;
}

function entryPointSource(bundlePath: string): string {
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
