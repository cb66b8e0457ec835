import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { handlerPath, idempotentHandlerPath } from '../../infra/function-entry.ts';
import { bundle } from '../../infra/packaging/bundle.ts';
import { listBundles } from '../../scripts/bundle-budget.ts';
import { idempotencyVariables } from '../../shared/config/idempotency-settings.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { once } from './once.ts';
import { allOperations } from './operations.ts';

/** The deployed bundles of all functions. Their folder contains no other files, so they cannot load `node_modules`. */
export interface Bundles {
  readonly metafile: Metafile;
  /** Returns the handler of a bundle, which reads the environment when a test file first loads it. */
  load(operation: Operation): Handler;
  /** Returns the file that is deployed with these environment variables. */
  fileOf(operation: Operation, variables: Readonly<Record<string, string>>): string;
  bytes(operation: Operation): number;
  /** Returns the repository paths of all files in the bundle. */
  inputs(operation: Operation): string[];
  /** Returns the modules that the bundle loads at run time. */
  externals(operation: Operation): string[];
  /** Returns the bundle that replaces an operation's bundle with `idempotency=on`. */
  idempotent(operation: Operation): { readonly file: string; readonly bytes: number; readonly inputs: string[] };
}

/** Builds the bundles once per run. Test files share the result. */
export async function buildBundles(): Promise<Bundles> {
  const { folder, metafile } = await once('bundles', async (folder) => ({
    folder,
    metafile: await bundle(
      listBundles(allOperations).map(({ path }) => path),
      folder,
    ),
  }));
  const require = createRequire(join(folder, 'index.cjs'));
  const handlers = new Map<string, Handler>();
  const fileOf = (operation: Operation) => join(folder, `${handlerPath(operation)}.cjs`);
  const output = (operation: Operation) => outputOf(metafile, `${handlerPath(operation)}.cjs`);
  return {
    metafile,
    load: (operation) => {
      const file = fileOf(operation);
      let handler = handlers.get(file);
      if (handler === undefined) {
        delete require.cache[file];
        ({ handler } = require(file) as { handler: Handler });
        handlers.set(file, handler);
      }
      return handler;
    },
    fileOf: (operation, variables) =>
      variables[idempotencyVariables.table] === undefined
        ? fileOf(operation)
        : join(folder, `${idempotentHandlerPath(operation)}.cjs`),
    bytes: (operation) => statSync(fileOf(operation)).size,
    inputs: (operation) => Object.keys(output(operation).inputs),
    idempotent: (operation) => {
      const path = `${idempotentHandlerPath(operation)}.cjs`;
      const file = join(folder, path);
      return { file, bytes: statSync(file).size, inputs: Object.keys(outputOf(metafile, path).inputs) };
    },
    externals: (operation) => output(operation).imports.map(({ path }) => path),
  };
}

function outputOf({ outputs }: Metafile, path: string): Metafile['outputs'][string] {
  const [, output] = Object.entries(outputs).find(([file]) => file.endsWith(path)) ?? [];
  if (output === undefined) throw new Error(`${path} was not built`);
  return output;
}
