import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTree, root } from './copied-tree.ts';
import { instrumentThrows } from './instrument.ts';
import { startVitest, type VitestSession } from './vitest-session.ts';

const code = ['shared', 'functions', 'emulator', 'infra', 'client', 'scripts'];
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
  const directory = copyTree();
  const files = execFileSync('git', ['ls-files', ...code], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
  const isInstrumented = (file: string) => file.endsWith('.ts') && !file.startsWith('scripts/mutation/');
  await instrumentThrows(directory, files.filter(isInstrumented));
  const session = await startVitest(directory);
  try {
    const filters = paths.length > 0 ? paths : ['test/'];
    const testFiles = [...new Set((await Promise.all(filters.map((path) => session.findTestFiles([path])))).flat())];
    let hasPassed = true;
    for (const file of testFiles) hasPassed = (await checkFile(session, file)) && hasPassed;
    return hasPassed;
  } finally {
    await session.close();
  }
}

async function checkFile(session: VitestSession, file: string): Promise<boolean> {
  const { messages, isTimeout, firstFailure } = await session.run(file, { throws: true }, { silenceMs });
  const titles = (kind: string) =>
    messages.flatMap((message) => (message.kind === kind && 'title' in message ? [message.title] : []));
  const [passed, failed, unusable] = [titles('passed'), titles('failed'), titles('unusable')];
  const counts = `${passed.length} pass anyway, ${unusable.length} not judged`;
  const reason = expected[file];
  if (passed.length + failed.length === 0) {
    console.log(`NOT JUDGED ${file}: ${isTimeout ? 'timeout' : (firstFailure ?? counts)}`);
    return true;
  }
  const isWrong = failed.length === 0;
  const because = reason === undefined ? '' : ` (${reason})`;
  console.log(`${isWrong && reason === undefined ? 'CANNOT FAIL' : 'ok'} ${file}: ${failed[0] ?? counts}${because}`);
  if (isWrong && reason === undefined) for (const title of passed) console.log(`  passes anyway: ${title}`);
  if (!isWrong && reason !== undefined) console.log(`STALE exception: ${file}`);
  return isWrong === (reason !== undefined);
}
