import { join } from 'node:path';
import { type Finished, type ProcessOptions, Running } from './process.ts';
import { root } from './project-copy.ts';

/** The result of `npm run verify`. */
export interface Verification extends Finished {
  /** The titles of the checks, by result. */
  readonly titles: Readonly<Record<'ok' | 'FAILED' | 'skipped', readonly string[]>>;
}

/** Starts `npm run verify` without npm, which would add half a second to each run. */
export function startVerification(args: readonly string[], options: ProcessOptions = {}): Running {
  return new Running(['node', join(root, 'scripts/verify.ts'), ...args], options);
}

export async function verify(args: readonly string[], options: ProcessOptions = {}): Promise<Verification> {
  const finished = await startVerification(args, options).ended;
  const select = (outcome: string) =>
    [...finished.stdout.matchAll(new RegExp(`^(\\w.*?) {2,}${outcome}(?: |$)`, 'gm'))].map(([, title = '']) => title);
  return { ...finished, titles: { ok: select('ok'), FAILED: select('FAILED'), skipped: select('skipped') } };
}

/** Returns the keys that a run names in its table. */
export function readKeyArns({ stdout }: Pick<Finished, 'stdout'>): string[] {
  return [...new Set(stdout.match(/arn:aws:kms:[\w-]+:\d{12}:key\/[\w-]+/g))];
}
