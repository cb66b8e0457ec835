import { type BuildResult, build } from 'esbuild';
import { expect, test } from 'vitest';

const maxEntryBytes = 200_000;
const clientPackages = ['@noble/ciphers', '@smithy/core', '@smithy/signature-v4', '@smithy/types', 'zod'];
// The sealer and the client share the encoding of ECDSA signatures.
const clientFiles =
  /^(client\/(?!sealer\/)|envelope\/format\/(byte-writer|ecdsa-signature)\.ts$|shared\/|functions\/(all-)?operations\.ts$|functions\/.*\/(operation|shapes|define-batch|response-size)\.ts$)/;

async function bundle(entryPoint: string): Promise<BuildResult<{ metafile: true; write: false }>> {
  return build({
    entryPoints: [entryPoint],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    minify: true,
    splitting: true,
    outdir: 'unwritten',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
}

/** Returns the names of the packages in a bundle, and the paths of the other files. */
function listContents({ metafile }: BuildResult<{ metafile: true }>): { packages: string[]; ours: string[] } {
  const files = Object.keys(metafile.inputs);
  const ofPackages = files
    .filter((file) => file.startsWith('node_modules/'))
    .map((file) => file.split('/').slice(1, 3));
  const names = ofPackages.map(([scope = '', name]) => (scope.startsWith('@') ? `${scope}/${name}` : scope));
  return {
    packages: [...new Set(names)].sort(),
    ours: files.filter((file) => !file.startsWith('node_modules/')),
  };
}

test('the browser bundle of the client does not contain Node.js modules, handlers, the sealer or the AWS SDK', async () => {
  const result = await bundle('client/index.ts');
  const { packages, ours } = listContents(result);
  expect(packages).toEqual(clientPackages);
  expect(ours.filter((file) => !clientFiles.test(file))).toEqual([]);
  // The entry loads immediately. The signer and the key wrap are separate chunks that load on first use.
  const entry = result.outputFiles.find(({ path }) => path.endsWith('/index.js'));
  expect(entry?.contents.length).toBeLessThan(maxEntryBytes);
  expect(entry?.text).not.toContain('AWS4-HMAC-SHA256');
});

test("the browser bundle of the sealer adds only the message format and the sealer's own files", async () => {
  const result = await bundle('client/sealer/web.ts');
  const { packages, ours } = listContents(result);
  expect(packages).toEqual(['@noble/curves', '@noble/hashes', 'zod']);
  const added = ours.filter((file) => !clientFiles.test(file));
  expect(added.filter((file) => !/^(client\/sealer|envelope)\//.test(file) || file.includes('/node/'))).toEqual([]);
  const entry = result.outputFiles.find(({ path }) => path.endsWith('/web.js'));
  expect(entry?.contents.length).toBeLessThan(maxEntryBytes);
});
