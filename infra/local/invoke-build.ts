import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { gatewayAlias } from '../../shared/config/resource-names.ts';
import { bundle } from '../packaging/bundle.ts';
import type { InvokedFunction } from './invoked-event.ts';

/** This process's build folder. Concurrent processes use different folders, so they cannot overwrite each other's builds. */
const buildFolder = join('.build', `local-${process.pid}`);

/** Removes the build that `buildForInvocation` created. */
export function removeInvocationBuild(serviceDir: string): void {
  rmSync(join(serviceDir, buildFolder), { recursive: true, force: true });
}

/**
 * Bundles one function for `invoke local`, which cannot load TypeScript. Returns the path of a handler for osls to load.
 * This handler treats an HTTP event as API Gateway does, and writes function logs to standard error, so that standard output
 * contains only the result. The handler sets exit code 1 if the function returns an HTTP status of 400 or more.
 */
export async function buildForInvocation(
  handler: string,
  serviceDir: string,
  invoked: InvokedFunction,
  functionArn: string,
): Promise<string> {
  const path = handler.slice(0, handler.lastIndexOf('.'));
  await bundle([path], join(serviceDir, buildFolder));
  const entryPoint = join(buildFolder, `${path}.entry-point`);
  await build({
    stdin: {
      contents: createEntryPoint(`./${path.split('/').at(-1)}.cjs`, invoked, functionArn),
      resolveDir: serviceDir,
    },
    absWorkingDir: serviceDir,
    outfile: `${entryPoint}.cjs`,
    bundle: true,
    external: ['./*.cjs'],
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
  return `${relative('.', entryPoint)}.handler`;
}

function createEntryPoint(bundlePath: string, invoked: InvokedFunction, functionArn: string): string {
  const eventModule = fileURLToPath(new URL('invoked-event.ts', import.meta.url));
  return `
    import { Console } from 'node:console';
    import { authorizeEvent } from ${JSON.stringify(eventModule)};
    globalThis.console = new Console(process.stderr, process.stderr);
    process.env.POWERTOOLS_DEV = 'true';
    const { handler: inner } = require(${JSON.stringify(bundlePath)});
    export async function handler(given, context) {
      const { event, isGateway, response } = await authorizeEvent(given, ${JSON.stringify(invoked)});
      const invokedFunctionArn = ${JSON.stringify(functionArn)} + (isGateway ? ${JSON.stringify(`:${gatewayAlias}`)} : '');
      const result = response ?? (await inner(event, { ...context, invokedFunctionArn }));
      if (result?.statusCode >= 400) process.exitCode = 1;
      return result;
    }`;
}
