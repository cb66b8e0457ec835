import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { trim, trimOfLambda } from './trim/plugin.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * How every function is bundled. CommonJS, since `invoke local` loads nothing else; ES modules of the packages first,
 * since those can be shaken.
 */
const options = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  // Stack frames of a fault keep their names.
  keepNames: false,
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'silent',
  metafile: true,
} as const satisfies BuildOptions;

/** What a function of an operation never uses of its packages is left out (trim/); others call more than KMS. */
const otherFunctions = 'functions/audit/';

/** Bundles the handlers with these paths (without ending) into `outdir`, each to the same path with `.cjs`. */
export async function bundle(handlerPaths: readonly string[], outdir: string): Promise<Metafile> {
  const entryPoints = (paths: readonly string[]) => paths.map((path) => ({ in: `${path}.ts`, out: path }));
  const others = handlerPaths.filter((path) => path.startsWith(otherFunctions));
  const operations = handlerPaths.filter((path) => !others.includes(path));
  const builds = await Promise.all([
    build({ ...options, entryPoints: entryPoints(operations), outdir, plugins: [trim] }),
    build({ ...options, entryPoints: entryPoints(others), outdir, plugins: [trimOfLambda] }),
  ]);
  const [first, second] = builds.map(({ metafile }) => metafile);
  return { inputs: { ...first?.inputs, ...second?.inputs }, outputs: { ...first?.outputs, ...second?.outputs } };
}
