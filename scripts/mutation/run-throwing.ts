import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree, root } from './copied-tree.ts';
import { instrumentThrows } from './instrument.ts';
import { listTestFiles } from './picked-mutants.ts';
import { countWorkers, startTestWorkers, type TestOutcome } from './test-workers.ts';

const code = ['shared', 'functions', 'envelope', 'emulator', 'infra', 'client', 'cli', 'scripts'];
const silenceMs = 300_000;

/** The tests that read only files, such as documentation, with the reason why they cannot notice a throw. */
const expected: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(import.meta.dirname, 'tests-without-code.json'), 'utf8'),
);

/**
 * Runs each test once as usual, and once while every exported function throws, until a test of the file fails. Returns
 * `false` if all tests in a file pass in both runs, and the file is not in the list of exceptions.
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
      hasPassed = reportFile(path, await run({ throws: true, files: [{ path, silenceMs }] })) && hasPassed;
    });
  } finally {
    workers.close();
  }
  return hasPassed;
}

/** Prints whether a test of the file noticed. Returns `false` if the list of exceptions must change. */
function reportFile(file: string, { messages, status, firstFailure }: TestOutcome): boolean {
  const titles = (kind: string) =>
    messages.flatMap((message) => (message.kind === kind && 'title' in message ? [message.title] : []));
  const [passed, failed, unusable] = [titles('passed'), titles('failed'), titles('unusable')];
  const counts = `${passed.length} pass anyway, ${unusable.length} not judged`;
  const reason = expected[file];
  if (passed.length + failed.length === 0) {
    console.log(`NOT JUDGED ${file}: ${status === 'timeout' ? status : (firstFailure ?? counts)}`);
    return true;
  }
  const isWrong = failed.length === 0;
  const because = reason === undefined ? '' : ` (${reason})`;
  console.log(`${isWrong && reason === undefined ? 'CANNOT FAIL' : 'ok'} ${file}: ${failed[0] ?? counts}${because}`);
  if (isWrong && reason === undefined) for (const title of passed) console.log(`  passes anyway: ${title}`);
  if (!isWrong && reason !== undefined) console.log(`STALE exception: ${file}`);
  return isWrong === (reason !== undefined);
}
