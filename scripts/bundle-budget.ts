/** Writes what each function's bundle may weigh, and which packages are in it: `npm run generate`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { selectOperations } from '../infra/deployment/select-operations.ts';
import { handlerPath } from '../infra/function-entry.ts';
import { bundle } from '../infra/packaging/bundle.ts';
import { functionName, type Operation } from '../shared/declaration/operation.ts';

export interface BundleBudget {
  /** In every bundle. */
  readonly packages: readonly string[];
  readonly functions: Readonly<Record<string, FunctionBudget>>;
}

interface FunctionBudget {
  /** At most. */
  readonly bytes: number;
  /** Beside those of every bundle. */
  readonly packages?: readonly string[];
}

export const budgetFile = 'test/infra/bundle-budget.json';

const stepBytes = 1_000;
/** A bundle that falls further below its budget gets a new one, so that what was won is not lost again unseen. */
const mostSlackBytes = 4_000;

/** The budget for what was built: the one before, wherever it still holds. */
export function budgetOf({ outputs }: Metafile, operations: readonly Operation[], before?: BundleBudget): BundleBudget {
  const built = operations.map((operation) => {
    const [, output] = Object.entries(outputs).find(([file]) => file.endsWith(`${handlerPath(operation)}.cjs`)) ?? [];
    if (output === undefined) throw new Error(`${operation.name} was not built`);
    return { name: functionName(operation), bytes: output.bytes, packages: packagesOf(output) };
  });
  const everywhere = (built[0]?.packages ?? []).filter((name) =>
    built.every(({ packages }) => packages.includes(name)),
  );
  const functions = built.map(({ name, bytes, packages }) => {
    const others = packages.filter((other) => !everywhere.includes(other));
    const budget = { bytes: bytesFor(bytes, before?.functions[name]?.bytes) };
    return [name, others.length === 0 ? budget : { ...budget, packages: others }];
  });
  return { packages: everywhere, functions: Object.fromEntries(functions) };
}

function bytesFor(bytes: number, before: number | undefined): number {
  const holds = before !== undefined && bytes <= before && before - bytes <= mostSlackBytes;
  return holds ? before : (Math.ceil(bytes / stepBytes) + 1) * stepBytes;
}

function packagesOf({ inputs }: Metafile['outputs'][string]): string[] {
  const files = Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const names = files.map(([file]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined).toSorted();
}

export function readBudget(): BundleBudget {
  return JSON.parse(readFileSync(budgetFile, 'utf8')) as BundleBudget;
}

if (import.meta.main) {
  const operations = selectOperations('all').toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const folder = mkdtempSync(join(tmpdir(), 'kms-functions-budget-'));
  const budget = budgetOf(await bundle(operations.map(handlerPath), folder), operations, readBudget());
  rmSync(folder, { recursive: true });
  writeFileSync(budgetFile, `${JSON.stringify(budget, undefined, 2)}\n`);
}
