import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { withoutOutput } from './declarations.ts';
import { type Trim, trims } from './trims.ts';

/** Puts the replacements of the table in the place of what they replace, and shortens the declarations. */
export const trim: Plugin = {
  name: 'trim',
  setup: (build) => {
    for (const row of trims) {
      const filter = new RegExp(`/node_modules/${row.module.replaceAll('.', '\\.')}$`);
      build.onLoad({ filter }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (typeof row.by === 'function') {
          return { contents: row.by(source), loader: path.endsWith('.json') ? 'json' : 'js' };
        }
        return { contents: await replacementOf(row, source), loader: 'ts' };
      });
    }
    build.onLoad({ filter: /\/functions\/.*\/operation\.ts$/ }, async ({ path }) => ({
      contents: withoutOutput(await readFile(path, 'utf8')),
      loader: 'ts',
    }));
  },
};

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
