/** Writes each bundle's size limit and permitted packages. `npm run generate` runs this script. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { allOperations } from '../functions/all-operations.ts';
import { handlerPath, idempotentHandlerPath } from '../infra/function-entry.ts';
import { bundle } from '../infra/packaging/bundle.ts';
import { acceptsIdempotencyKey } from '../shared/declaration/idempotency-key.ts';
import { functionName, type Operation } from '../shared/declaration/operation.ts';

export interface BundleBudget {
  /** The packages that every bundle contains. */
  readonly packages: readonly string[];
  readonly functions: Readonly<Record<string, FunctionBudget>>;
}

interface FunctionBudget {
  /** The bundle's maximum size. */
  readonly bytes: number;
  /** The additional packages that this bundle contains. */
  readonly packages?: readonly string[];
}

export const budgetFile = 'test/infra/bundle-budget.json';

const stepBytes = 1_000;
/**
 * The maximum difference between a bundle's size and its limit. If the difference is larger, the generator lowers the
 * limit.
 */
const mostSlackBytes = 4_000;

/** Computes the budget for the built bundles. Keeps each limit in `before` that still fits. */
export function computeBudget(
  { outputs }: Metafile,
  operations: readonly Operation[],
  before?: BundleBudget,
): BundleBudget {
  const built = listBundles(operations).map(({ name, path }) => {
    const [, output] = Object.entries(outputs).find(([file]) => file.endsWith(`${path}.cjs`)) ?? [];
    if (output === undefined) throw new Error(`The bundle of ${name} is missing.`);
    return { name, bytes: output.bytes, packages: listPackages(output) };
  });
  const common = (built[0]?.packages ?? []).filter((name) => built.every(({ packages }) => packages.includes(name)));
  const functions = built.map(({ name, bytes, packages }) => {
    const others = packages.filter((other) => !common.includes(other));
    const budget = { bytes: chooseLimit(bytes, before?.functions[name]?.bytes) };
    return [name, others.length === 0 ? budget : { ...budget, packages: others }];
  });
  return { packages: common, functions: Object.fromEntries(functions) };
}

/** Returns each function's bundle, and the bundle that replaces it with `idempotency=on`. */
export function listBundles(operations: readonly Operation[]): { name: string; path: string }[] {
  return operations.flatMap((operation) => {
    const name = functionName(operation);
    const usual = { name, path: handlerPath(operation) };
    if (!acceptsIdempotencyKey(operation)) return [usual];
    return [usual, { name: `${name} (idempotency=on)`, path: idempotentHandlerPath(operation) }];
  });
}

function chooseLimit(bytes: number, before: number | undefined): number {
  const stillFits = before !== undefined && bytes <= before && before - bytes <= mostSlackBytes;
  return stillFits ? before : (Math.ceil(bytes / stepBytes) + 1) * stepBytes;
}

function listPackages({ inputs }: Metafile['outputs'][string]): string[] {
  const files = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const names = files.map(([file]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined).toSorted();
}

export function readBudget(): BundleBudget {
  return JSON.parse(readFileSync(budgetFile, 'utf8')) as BundleBudget;
}

if (import.meta.main) {
  const folder = mkdtempSync(join(tmpdir(), 'kms-functions-budget-'));
  const paths = listBundles(allOperations).map(({ path }) => path);
  const budget = computeBudget(await bundle(paths, folder), allOperations, readBudget());
  rmSync(folder, { recursive: true });
  writeFileSync(budgetFile, `${JSON.stringify(budget, undefined, 2)}\n`);
}
