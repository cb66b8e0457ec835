import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin, PluginBuild } from 'esbuild';
import { type Trim, trims } from './trims.ts';

/** Replaces the modules of the table. */
export const trim: Plugin = trimOf(trims);

/** For functions that call other services than KMS, too: what no function in Lambda has, whatever it calls. */
export const trimOfLambda: Plugin = trimOf(trims.filter(({ by }) => by === 'no-config-files.ts'));

function trimOf(rows: readonly Trim[]): Plugin {
  return { name: 'trim', setup: (build) => setUp(build, rows) };
}

function setUp(build: PluginBuild, rows: readonly Trim[]): void {
  for (const row of rows) {
    const filter = new RegExp(`/node_modules/${row.module.replaceAll('.', '\\.')}$`);
    build.onLoad({ filter }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (typeof row.by === 'function') {
        const contents = row.by(source);
        if (contents === source) throw new Error(`${row.module} is not what its trim expects`);
        return { contents, loader: path.endsWith('.json') ? 'json' : 'js' };
      }
      return { contents: await replacementOf(row, source), loader: 'ts' };
    });
  }
}

/** What the trim's file exports, and for every other export of the module one that throws. */
async function replacementOf({ module, because, by }: Trim, source: string): Promise<string> {
  const replacement = typeof by !== 'string' ? '' : await readFile(join(import.meta.dirname, by), 'utf8');
  const has = exportsOf(replacement);
  const message = JSON.stringify(`left out of this bundle: ${module} (${because})`);
  const others = [...exportsOf(source)].filter((name) => !has.has(name));
  return [replacement, ...others.map((name) => `export function ${name}() { throw new Error(${message}); }`)].join(
    '\n',
  );
}

function exportsOf(source: string): Set<string> {
  const declared = source.matchAll(/^export (?:async )?(?:const|let|var|class|function) (\w+)/gm);
  const listed = source.matchAll(/^export \{([^}]*)\}/gm);
  const names = [...listed].flatMap(([, list = '']) => [...list.matchAll(/(\w+)\s*(?:,|$)/g)]);
  return new Set([...declared, ...names].map(([, name = '']) => name));
}
