import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { trimForKms, trimForLambda } from '../trim/plugin.ts';

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

/** The path prefix of functions that call services other than KMS. Their bundles need more of the SDK (trim/). */
const otherFunctions = 'functions/audit/';

/**
 * Bundles handlers into `outdir`. Handler paths omit `.ts`. Each bundle has its handler's path and the extension `.cjs`.
 * A source map, if any, has the additional extension `.map`.
 */
export async function bundle(
  handlerPaths: readonly string[],
  outdir: string,
  maps: Pick<BuildOptions, 'sourcemap' | 'sourcesContent'> = {},
): Promise<Metafile> {
  const entryPoints = (paths: readonly string[]) => paths.map((path) => ({ in: `${path}.ts`, out: path }));
  const others = handlerPaths.filter((path) => path.startsWith(otherFunctions));
  const operations = handlerPaths.filter((path) => !others.includes(path));
  const builds = await Promise.all([
    build({ ...options, ...maps, entryPoints: entryPoints(operations), outdir, plugins: [trimForKms] }),
    build({ ...options, ...maps, entryPoints: entryPoints(others), outdir, plugins: [trimForLambda] }),
  ]);
  const [first, second] = builds.map(({ metafile }) => metafile);
  return { inputs: { ...first?.inputs, ...second?.inputs }, outputs: { ...first?.outputs, ...second?.outputs } };
}
