import { type Check, describeError } from './check.ts';
import { cleanUp } from './clean-up.ts';
import type { Run } from './run.ts';

export interface Result {
  readonly title: string;
  readonly outcome: 'ok' | 'FAILED' | 'skipped';
  readonly ms: number;
  readonly detail: string;
}

/**
 * Runs the checks in order, and then removes the resources that they created, even after an abort. Reports each result
 * as soon as it is known.
 */
export async function runChecks(
  checks: readonly Check[],
  run: Run,
  report: (result: Result) => void,
  signal: AbortSignal,
): Promise<Result[]> {
  const results: Result[] = [];
  const passed = new Set<string>();
  const add = (result: Result) => {
    results.push(result);
    report(result);
  };
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('The run was interrupted.')), { once: true });
  });
  aborted.catch(() => {});
  for (const check of checks) {
    if (signal.aborted) break;
    const reason = findSkipReason(check, run, passed);
    const result =
      reason === undefined
        ? await measure(check.title, () => Promise.race([check.run(run), aborted]))
        : { title: check.title, outcome: 'skipped' as const, ms: 0, detail: reason };
    if (result.outcome === 'ok') passed.add(check.name);
    add(result);
  }
  add(await measure('Clean-up: every key is pending deletion, and every alias is gone', () => cleanUp(run)));
  return results;
}

function findSkipReason(check: Check, run: Run, passed: ReadonlySet<string>): string | undefined {
  const missing = check.functions?.find((name) => !run.stage.functions.has(name));
  if (missing !== undefined) return `${missing} is not deployed`;
  const reason = check.skip?.(run);
  if (reason !== undefined) return reason;
  const required = check.after?.find((name) => !passed.has(name));
  return required === undefined ? undefined : `requires the check ${required}`;
}

async function measure(title: string, action: () => Promise<string>): Promise<Result> {
  const startMs = performance.now();
  const finish = (outcome: Result['outcome'], detail: string): Result => {
    return { title, outcome, ms: Math.round(performance.now() - startMs), detail };
  };
  try {
    return finish('ok', await action());
  } catch (error) {
    return finish('FAILED', describeError(error));
  }
}
