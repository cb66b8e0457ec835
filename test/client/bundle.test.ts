import { build } from 'esbuild';
import { expect, test } from 'vitest';

const maxBytes = 200_000;

test('the browser bundle does not contain Node.js modules, handlers or the AWS SDK', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: ['client/index.ts'],
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
  const files = Object.keys(metafile.inputs);
  const packages = files.filter((file) => file.startsWith('node_modules/')).map((file) => file.split('/').slice(1, 3));
  const names = packages.map(([scope = '', name]) => (scope.startsWith('@') ? `${scope}/${name}` : scope));
  expect([...new Set(names)].sort()).toEqual(['@smithy/core', '@smithy/signature-v4', '@smithy/types', 'zod']);
  const ours = files.filter((file) => !file.startsWith('node_modules/'));
  expect(
    ours.filter(
      (file) =>
        !/^(client\/|shared\/|functions\/(all-)?operations\.ts$|functions\/.*\/(operation|shapes)\.ts$)/.test(file),
    ),
  ).toEqual([]);
  // The entry loads immediately. The signer is a separate chunk that loads on first use.
  const entry = outputFiles.find(({ path }) => path.endsWith('/index.js'));
  expect(entry?.contents.length).toBeLessThan(maxBytes);
  expect(entry?.text).not.toContain('AWS4-HMAC-SHA256');
});
