/** Runs test files in the current directory, which is a copy of the tree. `picked-workers.ts` starts this process. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PickedOutcome, PickedRun } from './picked-workers.ts';
import { startVitest, type VitestSession } from './vitest-session.ts';

const directory = process.cwd();
const session = startVitest(directory);

process.on('message', async (run: PickedRun) => process.send?.(await runChanged(await session, run)));

async function runChanged(vitest: VitestSession, { change, files }: PickedRun): Promise<PickedOutcome> {
  if (change === undefined) return runFiles(vitest, files);
  const path = join(directory, change.file);
  const original = readFileSync(path, 'utf8');
  const write = (content: string) => {
    writeFileSync(path, content);
    vitest.forget(path);
  };
  write(original.split(change.find).join(change.replace));
  const outcome = await runFiles(vitest, files);
  write(original);
  return outcome;
}

/** Runs the files one after another, and stops after the first file with a failure. */
async function runFiles(vitest: VitestSession, files: PickedRun['files']): Promise<PickedOutcome> {
  const startedMs = performance.now();
  for (const { path, silenceMs } of files) {
    const { hasPassed, isTimeout, firstFailure = 'no test passed' } = await vitest.run(path, {}, { silenceMs });
    if (isTimeout) return { status: 'timeout', file: path, ms: performance.now() - startedMs };
    if (!hasPassed) return { status: 'failed', file: path, ms: performance.now() - startedMs, firstFailure };
  }
  return { status: 'passed', ms: performance.now() - startedMs };
}
