import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findCycles, mergeIntoParts, readImportGraph, readImports } from './support/import-graph.ts';

const product = ['functions', 'shared', 'emulator', 'infra', 'client', 'cli', 'envelope', 'testing'];
const graph = readImportGraph(product);

/** The folders in `functions/` whose files belong to handlers. */
const handlerFiles = /\/handler\.ts$|^functions\/(audit|bulk\/worker|batch\/items|keys\/usage|tokens\/token)\//;

/** Returns a file's layer. In `functions/`, all files that do not belong to handlers are declarations. */
function layerOf(file: string): string {
  const [top = ''] = file.split('/');
  if (/^functions\/envelope\/(.*\/handler\.ts$|message\/)/.test(file)) return 'envelope handlers';
  if (top === 'functions') return handlerFiles.test(file) ? 'handlers' : 'declarations';
  return file.startsWith('shared/declaration/') ? 'shared/declaration' : top;
}

/** The layers that each layer may import in addition to itself. */
const allowedLayers: Readonly<Record<string, readonly string[]>> = {
  infra: ['emulator', 'declarations', 'shared', 'shared/declaration'],
  emulator: ['declarations', 'shared', 'shared/declaration'],
  cli: ['client', 'declarations', 'shared', 'shared/declaration', 'envelope'],
  client: ['declarations', 'shared', 'shared/declaration', 'envelope'],
  testing: ['client', 'emulator', 'declarations', 'shared', 'shared/declaration'],
  handlers: ['declarations', 'shared', 'shared/declaration'],
  'envelope handlers': ['declarations', 'shared', 'shared/declaration', 'envelope'],
  declarations: ['shared/declaration'],
  shared: ['shared/declaration'],
  'shared/declaration': [],
  envelope: [],
};

/** The parts of each folder. A part may import only the parts after it. */
const layering = {
  emulator: [
    'cli.ts',
    'command',
    'fixtures',
    'index.ts',
    'console',
    'http',
    'seed',
    'operations',
    'authorization',
    'policy-language',
    'keys',
    'store',
    'crypto',
    'core',
  ],
  cli: [
    'bin.cjs',
    'load-command-line.cjs',
    'run-process.ts',
    'main.ts',
    'load-command.ts',
    'program.ts',
    'parse-flags.ts',
    'check-values.ts',
    'report-error.ts',
    'hints.ts',
    'commands',
    'bulk',
    'completion',
    'connection',
    'output',
    'files',
    'table',
    'escape-controls.ts',
    'terminal.ts',
    'explained-error.ts',
    'exit-codes.ts',
  ],
  envelope: [
    'index.ts',
    'web.ts',
    'shared-exports.ts',
    'node',
    'web',
    'data-key-cache.ts',
    'plaintext-cache.ts',
    'options.ts',
    'data-keys.ts',
    'format',
  ],
  shared: [
    'handler',
    'idempotency',
    'authorization',
    'observability',
    'aws',
    'kms',
    'call',
    'config',
    'http',
    'errors',
    'files',
    'declaration',
  ],
} as const satisfies Record<string, readonly string[]>;

describe('imports', () => {
  test('imports form no cycles between files', () => {
    expect(graph.size).toBeGreaterThan(300);
    expect(findCycles(graph)).toEqual([]);
  });

  test('imports form no cycles between folders', () => {
    const folders = mergeIntoParts(graph, (file) => file.split('/').slice(0, 2).join('/'));
    expect(findCycles(folders)).toEqual([]);
  });

  test('imports target only the layers that the importing layer may use', () => {
    const astray = [...graph].flatMap(([file, imports]) =>
      imports
        .filter((target) => target.endsWith('.ts') && layerOf(target) !== layerOf(file))
        .filter((target) => !allowedLayers[layerOf(file)]?.includes(layerOf(target)))
        .map((target) => `${file} imports ${target}`),
    );
    expect(astray).toEqual([]);
  });

  test('the command line imports only names and messages from shared/, and nothing that runs in functions', () => {
    const targets = [...graph].filter(([file]) => file.startsWith('cli/')).flatMap(([, imports]) => imports);
    const shared = new Set(
      targets.filter((target) => target.startsWith('shared/')).map((target) => target.split('/')[1]),
    );
    expect([...shared].sort()).toEqual(['declaration', 'errors', 'files', 'http']);
  });

  test('imports never target a handler', () => {
    const importers = [...graph].filter(([, imports]) => imports.some((target) => target.endsWith('/handler.ts')));
    expect(importers.map(([file]) => file)).toEqual([]);
  });

  test.for(Object.entries(layering))(
    'imports within %s/ target only the same part or later parts',
    ([folder, parts]) => {
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
    },
  );
});

describe('the folder emulator/', () => {
  test('the folder emulator/ has at most 14 parts', () => {
    expect(readdirSync('emulator').length).toBeLessThanOrEqual(14);
  });

  test('each folder in emulator/ outside operations/ has at most 20 files', () => {
    const counts = Map.groupBy(
      [...graph.keys()].filter((file) => /^emulator\/(?!operations\/)/.test(file)),
      (file) => file.slice(0, file.lastIndexOf('/')),
    );
    expect([...counts].filter(([, files]) => files.length > 20).map(([folder]) => folder)).toEqual([]);
  });
});

describe('the analysis of imports', () => {
  test('the import analysis finds value, type, side-effect and dynamic imports, and re-exports', () => {
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

  test('the import analysis finds a cycle of several files', () => {
    const cyclic = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a']],
    ]);
    expect(findCycles(cyclic)).toEqual([['a', 'b', 'c']]);
  });
});
