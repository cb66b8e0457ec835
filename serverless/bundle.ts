import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The SDK asks its package.json for the version and takes all of it along: 2 kB that nobody reads. */
const versionOfSdkOnly: Plugin = {
  name: 'version-of-sdk-only',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]@aws-sdk[\\/]client-kms[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    }),
};

/**
 * How every function is bundled. CommonJS, since `invoke local` loads nothing else; ES modules of the packages first,
 * since those can be shaken; without the SDK's chain of credential providers, since Lambda's are in the environment.
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
  plugins: [versionOfSdkOnly],
  alias: {
    '@aws-sdk/credential-provider-node': './serverless/no-credential-chain.ts',
    '@smithy/core/event-streams': './serverless/no-event-streams.ts',
  },
} as const satisfies BuildOptions;

/** Bundles the handlers with these paths (without ending) into `outdir`, each to the same path with `.cjs`. */
export async function bundle(handlerPaths: readonly string[], outdir: string): Promise<Metafile> {
  const entryPoints = handlerPaths.map((path) => ({ in: `${path}.ts`, out: path }));
  const { metafile } = await build({ ...options, entryPoints, outdir });
  return metafile;
}
