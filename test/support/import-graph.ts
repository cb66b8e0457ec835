import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The repository paths that each file imports. Includes type imports and excludes packages. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

const importPattern = /(?:^(?:import|export|\}) ?[^;'"]*?from |^import |\bimport\()'(\.[^']+)'/gm;

/** Reads the imports of every TypeScript file below `folders`. */
export function readImportGraph(folders: readonly string[], root = '.'): ImportGraph {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
  return new Map(files.map((file) => [file, readImports(file, readFileSync(join(root, file), 'utf8'))]));
}

export function readImports(file: string, source: string): string[] {
  return [...source.matchAll(importPattern)].map(([, specifier = '']) => normalize(join(dirname(file), specifier)));
}

/** Merges files into parts and removes imports within a part. `partOf` returns a file's part. */
export function mergeIntoParts(graph: ImportGraph, partOf: (file: string) => string): ImportGraph {
  const parts = new Map<string, Set<string>>();
  for (const [file, imports] of graph) {
    const part = partOf(file);
    const targets = parts.get(part) ?? new Set();
    parts.set(part, targets);
    for (const target of imports) if (partOf(target) !== part) targets.add(partOf(target));
  }
  return new Map([...parts].map(([part, targets]) => [part, [...targets]]));
}

/** Returns the groups of nodes that import each other, directly or through other nodes. */
export function findCycles(graph: ImportGraph): string[][] {
  const reached = new Map([...graph.keys()].map((node) => [node, reachableFrom(graph, node)]));
  const cycles = [...graph.keys()].map((node) =>
    [...(reached.get(node) ?? [])].filter((other) => reached.get(other)?.has(node)).sort(),
  );
  const distinct = new Map(cycles.filter((cycle) => cycle.length > 0).map((cycle) => [cycle.join(' '), cycle]));
  return [...distinct.values()];
}

function reachableFrom(graph: ImportGraph, start: string): Set<string> {
  const reached = new Set<string>();
  const pending = [...(graph.get(start) ?? [])];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (reached.has(node)) continue;
    reached.add(node);
    pending.push(...(graph.get(node) ?? []));
  }
  return reached;
}
