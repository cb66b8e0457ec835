import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findCycles, mergeIntoParts, readImportGraph, readImports } from './support/import-graph.ts';

const product = ['functions', 'shared', 'emulator', 'infra', 'client'];
const graph = readImportGraph(product);

/** `functions/…/handler.ts` is what Lambda loads; every other file of `functions/` but the audit forwarder is data. */
function layerOf(file: string): string {
  const [top = ''] = file.split('/');
  if (top === 'functions') return /\/handler\.ts$|^functions\/audit\//.test(file) ? 'handlers' : 'declarations';
  return file.startsWith('shared/declaration/') ? 'shared/declaration' : top;
}

/** What the files of a layer may import beside their own layer. */
const allowedLayers: Readonly<Record<string, readonly string[]>> = {
  infra: ['emulator', 'declarations', 'shared', 'shared/declaration'],
  emulator: ['declarations', 'shared', 'shared/declaration'],
  client: ['declarations', 'shared', 'shared/declaration'],
  handlers: ['declarations', 'shared', 'shared/declaration'],
  declarations: ['shared/declaration'],
  shared: ['shared/declaration'],
  'shared/declaration': [],
};

/** Parts of a folder, each of which may import those after it and none before it. */
const layering = {
  emulator: ['cli.ts', 'index.ts', 'http', 'seed', 'operations', 'authorization', 'keys', 'store', 'crypto', 'core'],
  shared: ['handler', 'authorization', 'observability', 'kms', 'call', 'config', 'http', 'errors', 'declaration'],
} as const satisfies Record<string, readonly string[]>;

describe('imports', () => {
  test('have no cycle between files', () => {
    expect(graph.size).toBeGreaterThan(300);
    expect(findCycles(graph)).toEqual([]);
  });

  test('have no cycle between the folders of a layer', () => {
    const folders = mergeIntoParts(graph, (file) => file.split('/').slice(0, 2).join('/'));
    expect(findCycles(folders)).toEqual([]);
  });

  test('stay in the layers that the layer of a file may import', () => {
    const astray = [...graph].flatMap(([file, imports]) =>
      imports
        .filter((target) => target.endsWith('.ts') && layerOf(target) !== layerOf(file))
        .filter((target) => !allowedLayers[layerOf(file)]?.includes(layerOf(target)))
        .map((target) => `${file} imports ${target}`),
    );
    expect(astray).toEqual([]);
  });

  test('name no handler', () => {
    const importers = [...graph].filter(([, imports]) => imports.some((target) => target.endsWith('/handler.ts')));
    expect(importers.map(([file]) => file)).toEqual([]);
  });

  test.for(Object.entries(layering))('of %s/ go from each part to later parts only', ([folder, parts]) => {
    const order: readonly string[] = parts;
    const position = (file: string) => order.indexOf(file.split('/')[1] ?? '');
    expect(readdirSync(folder).filter((part) => !order.includes(part))).toEqual([]);
    const back = [...graph].flatMap(([file, imports]) =>
      imports
        .filter((target) => file.startsWith(`${folder}/`) && target.startsWith(`${folder}/`))
        .filter((target) => position(target) < position(file))
        .map((target) => `${file} imports ${target}`),
    );
    expect(back).toEqual([]);
  });
});

describe('the folders of emulator/', () => {
  test('are at most 12 parts', () => {
    expect(readdirSync('emulator').length).toBeLessThanOrEqual(12);
  });

  test('contain at most 20 files each, operations/ aside', () => {
    const counts = Map.groupBy(
      [...graph.keys()].filter((file) => /^emulator\/(?!operations\/)/.test(file)),
      (file) => file.slice(0, file.lastIndexOf('/')),
    );
    expect([...counts].filter(([, files]) => files.length > 20).map(([folder]) => folder)).toEqual([]);
  });
});

describe('the reader of imports', () => {
  test('sees imports of values, of types, of side effects, re-exports and dynamic imports', () => {
    const source = [
      "import { a } from './a.ts';",
      "import type { B } from '../b.ts';",
      "import './c.ts';",
      "export { d } from './d.ts';",
      "const e = await import('./e.ts');",
      'import {\n  f,\n} from "zod";',
      "import {\n  g,\n} from './g.ts';",
    ].join('\n');
    expect(readImports('x/y.ts', source)).toEqual(['x/a.ts', 'b.ts', 'x/c.ts', 'x/d.ts', 'x/e.ts', 'x/g.ts']);
  });

  test('finds a cycle through several files', () => {
    const cyclic = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a']],
    ]);
    expect(findCycles(cyclic)).toEqual([['a', 'b', 'c']]);
  });
});
