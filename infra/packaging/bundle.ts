import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { trimForIdempotency, trimForKms, trimForLambda } from '../trim/plugin.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The esbuild options for every bundle. */
const options = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  // `invoke local` cannot load ES modules.
  format: 'cjs',
  minify: true,
  // esbuild can remove unused exports from the ES modules of packages, but not from their CommonJS builds.
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  legalComments: 'none',
  // If a source contains only ASCII characters, V8 stores the source in half the memory and compiles it faster.
  charset: 'ascii',
  logLevel: 'silent',
  metafile: true,
} as const satisfies BuildOptions;

/**
 * Returns the part of the SDK that a handler needs. The audit forwarder and the worker for lists call other
 * services, and an idempotent function calls DynamoDB.
 */
function selectTrim(path: string): Plugin {
  if (/^functions\/(audit|bulk)\//.test(path)) return trimForLambda;
  return path.endsWith('/idempotent/handler') ? trimForIdempotency : trimForKms;
}

/**
 * Bundles handlers into `outdir`. Handler paths omit `.ts`. Each bundle has its handler's path and the extension `.cjs`.
 * A source map, if any, has the additional extension `.map`.
 */
export async function bundle(
  handlerPaths: readonly string[],
  outdir: string,
  maps: Pick<BuildOptions, 'sourcemap' | 'sourcesContent'> = {},
): Promise<Metafile> {
  const builds = await Promise.all(
    [...Map.groupBy(handlerPaths, selectTrim)].map(([trim, paths]) => {
      const entryPoints = paths.map((path) => ({ in: `${path}.ts`, out: path }));
      return build({ ...options, ...maps, entryPoints, outdir, plugins: [trim] });
    }),
  );
  const metafiles = builds.map(({ metafile }) => metafile);
  return {
    inputs: Object.assign({}, ...metafiles.map(({ inputs }) => inputs)),
    outputs: Object.assign({}, ...metafiles.map(({ outputs }) => outputs)),
  };
}
