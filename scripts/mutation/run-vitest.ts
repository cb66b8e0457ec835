import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endGroup, startGroup } from './child-groups.ts';

export interface TestRun {
  readonly outcome: 'passed' | 'failed' | 'timeout';
  readonly ms: number;
  readonly passed: number;
  /** The first test that failed, or the first error outside of a test. */
  readonly firstFailure: string | undefined;
}

interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Runs test files in a copy of the tree, in a new process. Stops after the first failure. */
export async function runVitest(directory: string, tests: readonly string[], timeoutMs: number): Promise<TestRun> {
  const output = join(directory, '.build/vitest.json');
  rmSync(output, { force: true });
  const startedMs = performance.now();
  const bin = join(directory, 'node_modules/vitest/vitest.mjs');
  const options = ['--maxWorkers=1', '--bail=1', '--reporter=json', `--outputFile=${output}`];
  const child = startGroup(process.execPath, [bin, 'run', ...options, ...tests], directory);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (part) => (text += part));
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    endGroup(child);
  }, timeoutMs);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  // Ends processes that failed tests have left running.
  endGroup(child);
  const ms = performance.now() - startedMs;
  if (isLate) return { outcome: 'timeout', ms, passed: 0, firstFailure: undefined };
  const report = readReport(output);
  const firstFailure = report === undefined ? text.trim().slice(-500) : findFailure(report);
  const isPassed = code === 0 && report?.success === true && report.numPassedTests > 0;
  return { outcome: isPassed ? 'passed' : 'failed', ms, passed: report?.numPassedTests ?? 0, firstFailure };
}

function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function findFailure({ testResults }: Report): string | undefined {
  for (const { assertionResults } of testResults) {
    const failed = assertionResults.find(({ status }) => status === 'failed');
    if (failed !== undefined) return failed.fullName;
  }
  return testResults.find(({ status }) => status === 'failed')?.message;
}
