import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree, root } from './copied-tree.ts';
import { instrumentThrows } from './instrument.ts';
import { listTestFiles } from './picked-mutants.ts';
import { countWorkers, startTestWorkers, type TestOutcome, type TestRun } from './test-workers.ts';
import type { WorkerMessage } from './worker-messages.ts';

const code = ['shared', 'functions', 'envelope', 'emulator', 'infra', 'client', 'cli', 'scripts'];
const silenceMs = 300_000;
const maxTitles = 10;

/** The tests that read only files, such as documentation, with the reason why they cannot notice a throw. */
const expected: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'tests-without-code.json'), 'utf8'),
);

/**
 * Runs each test as usual, while every exported function throws, and again as usual, until a test of the file notices.
 * Returns `false` if all tests in a file pass each time, and the file is not in the list of exceptions.
 */
export async function runThrowing(paths: readonly string[]): Promise<boolean> {
  const directories = Array.from({ length: countWorkers() }, copyTree);
  const listed = execFileSync('git', ['ls-files', ...code], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
  const isInstrumented = (file: string) => file.endsWith('.ts') && !file.startsWith('scripts/mutation/');
  for (const directory of directories) await instrumentThrows(directory, listed.filter(isInstrumented));
  const workers = startTestWorkers(directories);
  let hasPassed = true;
  try {
    await workers.forEach(listTestFiles(paths.length > 0 ? paths : ['test']), async (path, run) => {
      hasPassed = reportFile(path, await judgeFile(path, run)) && hasPassed;
    });
  } finally {
    workers.close();
  }
  return hasPassed;
}

/**
 * Judges the tests in a file. If no test can run again after the throw, the tests run in a new process, in which the code
 * throws in their first run.
 */
export async function judgeFile(path: string, run: (run: TestRun) => Promise<TestOutcome>): Promise<TestOutcome> {
  const files = [{ path, silenceMs }];
  const repeated = await run({ throws: 'second run', files });
  const has = (kind: WorkerMessage['kind']) => repeated.messages.some((message) => message.kind === kind);
  if (has('failed') || !has('unrepeatable')) return repeated;
  const unusable = repeated.messages.filter(({ kind }) => kind === 'unusable');
  const { messages, ...once } = await run({ throws: 'only run', files });
  const isUsable = (message: WorkerMessage) =>
    !('title' in message) || unusable.every((other) => !('title' in other) || other.title !== message.title);
  return { ...once, messages: [...unusable, ...messages.filter(isUsable)] };
}

/**
 * Prints whether a test of the file noticed. Returns `false` if the list of exceptions must change, or if no test could
 * be judged although some tests are not skipped.
 */
function reportFile(file: string, { messages, status, firstFailure }: TestOutcome): boolean {
  const titles = (kind: string) =>
    messages.flatMap((message) => (message.kind === kind && 'title' in message ? [message.title] : []));
  const [passed, failed, unusable] = [titles('passed'), titles('failed'), titles('unusable')];
  const counts = `${passed.length} pass anyway, ${unusable.length} not judged`;
  const reason = expected[file];
  const because = reason === undefined ? '' : ` (${reason})`;
  if (passed.length + failed.length === 0) {
    if (status === 'passed' && unusable.length === 0) {
      console.log(`skipped ${file}`);
      return true;
    }
    const problem = status === 'timeout' ? status : (firstFailure ?? counts);
    console.log(`${reason === undefined ? 'NOT JUDGED' : 'ok'} ${file}: ${problem}${because}`);
    return reason !== undefined;
  }
  const isWrong = failed.length === 0;
  console.log(`${isWrong && reason === undefined ? 'CANNOT FAIL' : 'ok'} ${file}: ${failed[0] ?? counts}${because}`);
  if (isWrong && reason === undefined) {
    for (const title of listFirst(passed)) console.log(`  passes anyway: ${title}`);
    for (const title of listFirst(unusable)) console.log(`  not judged: ${title}`);
  }
  if (!isWrong && reason !== undefined) console.log(`STALE exception: ${file}`);
  return isWrong === (reason !== undefined);
}

function listFirst(titles: readonly string[]): readonly string[] {
  const others = titles.length - maxTitles;
  return others > 0 ? [...titles.slice(0, maxTitles), `${others} others`] : titles;
}
