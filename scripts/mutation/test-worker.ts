/** Runs test files in the current directory, which is a copy of the tree. `test-workers.ts` starts this process. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compact } from '../../shared/declaration/json-object.ts';
import type { TestOutcome, TestRun } from './test-workers.ts';
import { startVitest, type VitestSession } from './vitest-session.ts';

const directory = process.cwd();
const session = startVitest(directory);

process.on('message', async (run: TestRun) => process.send?.(await runChanged(await session, run)));

async function runChanged(vitest: VitestSession, run: TestRun): Promise<TestOutcome> {
  const { change } = run;
  if (change === undefined) return runFiles(vitest, run);
  const path = join(directory, change.file);
  const original = readFileSync(path, 'utf8');
  const write = (content: string) => {
    writeFileSync(path, content);
    vitest.forget(path);
  };
  write(original.split(change.find).join(change.replace));
  const outcome = await runFiles(vitest, run);
  write(original);
  return outcome;
}

/** Runs the files one after another, and stops after the first file with a failure. */
async function runFiles(vitest: VitestSession, { files, active, throws }: TestRun): Promise<TestOutcome> {
  const startedMs = performance.now();
  let messages: TestOutcome['messages'] = [];
  for (const { path, ...options } of files) {
    const result = await vitest.run(path, compact({ active, throws }), options);
    const { hasPassed, isTimeout, firstFailure = 'no test passed' } = result;
    messages = result.messages;
    const failed = { file: path, ms: performance.now() - startedMs, messages };
    if (isTimeout) return { status: 'timeout', ...failed };
    if (!hasPassed) return { status: 'failed', firstFailure, ...failed };
  }
  return { status: 'passed', ms: performance.now() - startedMs, messages };
}
