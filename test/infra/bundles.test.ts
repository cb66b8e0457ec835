import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { handlerPath } from '../../infra/function-entry.ts';
import { computeBudget, readBudget } from '../../scripts/bundle-budget.ts';
import { type Bundles, buildBundles } from '../support/bundles.ts';
import { allOperations } from '../support/operations.ts';

const rows = allOperations.map((operation) => ({ name: operation.name, operation }));
const maxBundleBytes = 225_000;

describe('a bundle', () => {
  let bundles: Bundles;
  beforeAll(async () => {
    bundles = await buildBundles();
  });

  test.for(rows)('has at most 225,000 bytes: $name', ({ operation }) => {
    expect(bundles.bytes(operation)).toBeLessThanOrEqual(maxBundleBytes);
  });

  test('keeps to its budget of bytes and packages, which npm run generate writes anew', () => {
    const budget = readBudget();
    expect(computeBudget(bundles.metafile, allOperations, budget)).toEqual(budget);
  });

  test.for(rows)('has everything in it but what Node has: $name', ({ operation }) => {
    expect(bundles.externals(operation).filter((name) => !isBuiltin(name))).toEqual([]);
  });

  test.for(rows)('holds its own handler and nothing of emulator, tests and scripts: $name', ({ operation }) => {
    const ours = bundles.inputs(operation).filter((file) => !file.startsWith('node_modules/'));
    expect(ours.filter((file) => file.endsWith('/handler.ts'))).toEqual([`${handlerPath(operation)}.ts`]);
    expect(ours.filter((file) => !/^(functions|shared)\//.test(file))).toEqual([]);
  });

  test.for(rows)('holds no chain of credential providers and no event streams: $name', ({ operation }) => {
    const unwanted =
      /credential-provider-(?!env\/|node\/dist-es\/index)|event-?stream(?!s\/index)|client-(?!kms\/)[a-z-]+\/|token-providers/;
    const inputs = bundles.inputs(operation);
    expect(inputs.filter((file) => unwanted.test(file))).toEqual([]);
    expect(inputs.filter((file) => /aws-xray/.test(file))).toEqual([]);
  });
});

describe('imports', () => {
  test('of the declarations bring in no SDK and nothing of Node', async () => {
    const { metafile } = await build({
      entryPoints: ['functions/operations.ts'],
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const packages = Object.keys(metafile.inputs)
      .filter((file) => file.startsWith('node_modules/'))
      .map((file) => file.split('/')[1]);
    expect([...new Set(packages)]).toEqual(['zod']);
  });

  const files = ['functions', 'shared', 'infra', 'emulator', 'scripts'].flatMap(sourcesOf);

  test('of functions/ and shared/ stay there, or go to packages', () => {
    const ours = files.filter((file) => /^(functions|shared)\//.test(file));
    expect(ours.length).toBeGreaterThan(50);
    const astray = ours.filter((file) =>
      importsOf(file).some((target) => !/^(functions|shared)\/|^package:/.test(target)),
    );
    expect(astray).toEqual([]);
  });

  test('name no handler', () => {
    expect(files.filter((file) => importsOf(file).some((target) => target.endsWith('/handler.ts')))).toEqual([]);
  });
});

function sourcesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

/** What a file imports: paths in the repository, and packages as `package:NAME`. */
function importsOf(file: string): string[] {
  const specifiers = readFileSync(file, 'utf8').matchAll(/(?:^(?:import|export|\}) ?[^;]*?from |import\()'([^']+)'/gm);
  return [...specifiers].map(([, name = '']) =>
    name.startsWith('.') ? normalize(join(dirname(file), name)) : `package:${name}`,
  );
}
