import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { trim } from './trim/plugin.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * How every function is bundled. CommonJS, since `invoke local` loads nothing else; ES modules of the packages first,
 * since those can be shaken; without what a function never uses of them (trim/).
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
  plugins: [trim],
} as const satisfies BuildOptions;

/** Bundles the handlers with these paths (without ending) into `outdir`, each to the same path with `.cjs`. */
export async function bundle(handlerPaths: readonly string[], outdir: string): Promise<Metafile> {
  const entryPoints = handlerPaths.map((path) => ({ in: `${path}.ts`, out: path }));
  const { metafile } = await build({ ...options, entryPoints, outdir });
  return metafile;
}
