import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type * as client from '../../client/index.ts';
import type { bundle } from '../../infra/packaging/bundle.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import type { buildFunctionEnvironment } from '../function-environment.ts';
import type { FunctionName } from './gateway.ts';
import type { FunctionPackage } from './sandboxes.ts';

/** A version of the product: its packaged functions, and its client. */
export interface Version {
  readonly name: 'before' | 'now';
  readonly root: string;
  readonly functions: Readonly<Record<FunctionName, FunctionPackage>>;
  readonly environment: typeof buildFunctionEnvironment;
  readonly client: Pick<typeof client, 'createClient' | 'http'>;
}

const root = join(import.meta.dirname, '../..');

const handlers = { createKey: 'functions/keys/create-key', encrypt: 'functions/crypto/encrypt' } as const;

/** Exports of this version, and the names and files that they have in c69ec9f. */
const exportNames = {
  bundle: [
    ['infra/packaging/bundle.ts', 'bundle'],
    ['serverless/bundle.ts', 'bundle'],
  ],
  environment: [
    ['bench/function-environment.ts', 'buildFunctionEnvironment'],
    ['bench/function-environment.ts', 'functionEnvironment'],
  ],
  timeoutSeconds: [
    ['shared/kms/timeout.ts', 'getTimeoutSeconds'],
    ['shared/kms/attempts.ts', 'getTimeoutSeconds'],
    ['shared/kms/attempts.ts', 'timeoutSecondsOf'],
  ],
} as const;

/** Packages this version, and the version of a Git commit if `before` names one. */
export async function packageVersions(folder: string, before: string | undefined): Promise<readonly Version[]> {
  const now = await packageVersion('now', root, join(folder, 'now'));
  if (before === undefined) return [now];
  const worktree = join(folder, 'source');
  execFileSync('git', ['worktree', 'add', '--detach', worktree, before], { cwd: root, stdio: 'pipe' });
  symlinkSync(join(root, 'node_modules'), join(worktree, 'node_modules'));
  return [await packageVersion('before', worktree, join(folder, 'before')), now];
}

/** Removes the worktree of the earlier version. */
export function removeWorktree(folder: string): void {
  const worktree = join(folder, 'source');
  if (existsSync(worktree)) execFileSync('git', ['worktree', 'remove', '--force', worktree], { cwd: root });
}

async function packageVersion(name: Version['name'], source: string, outdir: string): Promise<Version> {
  mkdirSync(outdir, { recursive: true });
  const bundleFunctions = (await importExport(source, 'bundle')) as typeof bundle;
  const getTimeoutSeconds = (await importExport(source, 'timeoutSeconds')) as (operation: Operation) => number;
  await bundleFunctions(
    Object.values(handlers).map((path) => `${path}/handler`),
    outdir,
  );
  const functions = Object.entries(handlers).map(async ([functionName, path]) => {
    const { [functionName]: operation } = await import(join(source, path, 'operation.ts'));
    const bundlePath = join(outdir, path, 'handler.cjs');
    return [functionName, { bundle: bundlePath, timeoutMs: getTimeoutSeconds(operation) * 1000 }] as const;
  });
  return {
    name,
    root: source,
    functions: Object.fromEntries(await Promise.all(functions)) as Version['functions'],
    environment: (await importExport(source, 'environment')) as Version['environment'],
    client: await import(join(source, 'client/index.ts')),
  };
}

async function importExport(source: string, name: keyof typeof exportNames): Promise<unknown> {
  for (const [file, exportName] of exportNames[name]) {
    if (!existsSync(join(source, file))) continue;
    const { [exportName]: value } = await import(join(source, file));
    if (value !== undefined) return value;
  }
  throw new Error(`The version in ${source} has no known export for ${name}. Use the commit c69ec9f or a later one.`);
}
