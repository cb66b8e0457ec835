import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** The folders of shared/. A folder may import the folders after it. */
const layers = ['handler', 'authorization', 'observability', 'kms', 'call', 'config', 'http', 'errors', 'declaration'];

const files = readdirSync('shared', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join('shared', file));
const imports = new Map(files.map((file) => [file, readImports(file)]));

/** Returns the files that a file imports, types included. */
function readImports(file: string): string[] {
  const specifiers = readFileSync(file, 'utf8').matchAll(/(?:\bfrom |\bimport\(|^import )'(\.[^']+)'/gm);
  return [...specifiers].map(([, specifier = '']) => normalize(join(dirname(file), specifier)));
}

function layerOf(file: string): number {
  return layers.indexOf(file.split('/')[1] ?? '');
}

test('every file of shared/ is in a layer', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.filter((file) => layerOf(file) === -1)).toEqual([]);
});

test('a folder of shared/ imports only the layers below it', () => {
  const upward = [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => layerOf(target) < layerOf(file)).map((target) => `${file} imports ${target}`),
  );
  expect(upward).toEqual([]);
});

test('no file of shared/ imports itself through others', () => {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file]);
    if (path.includes(file) || done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});
