import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findEquivalents } from '../../scripts/mutation/equivalents.ts';
import { instrument, instrumentThrows } from '../../scripts/mutation/instrument.ts';
import { formatScore, type MutantResult, scoreResults } from '../../scripts/mutation/mutant-result.ts';
import { findTests, readPickedMutants } from '../../scripts/mutation/picked-mutants.ts';
import { selectAreas } from '../../scripts/mutation/run-area.ts';
import { judgeFile } from '../../scripts/mutation/run-throwing.ts';
import { MutantTests } from '../../scripts/mutation/test-mutants.ts';
import { startTestWorkers, type TestOutcome } from '../../scripts/mutation/test-workers.ts';
import { startVitest } from '../../scripts/mutation/vitest-session.ts';
import { root, useDirectory } from '../support/project-copy.ts';

const used = useDirectory();
const code = 'export function add(a: number) {\n  if (a > 1) log(a);\n  return a + 1;\n}\n';
const write = (name: string, text: string) => writeFileSync(join(used.directory, name), text);

describe('mutants', () => {
  test('mutants include removed statements and changed numbers, and are off by default', async () => {
    write('add.ts', code);
    const mutants = await instrument(used.directory, ['add.ts']);
    const find = (mutator: string) =>
      mutants.flatMap((mutant) => (mutant.mutator === mutator ? [`${mutant.original} → ${mutant.replacement}`] : []));
    expect(find('StatementRemoval')).toEqual(['if (a > 1) log(a); → ;', 'log(a); → ;', 'return a + 1; → ;']);
    expect(find('NumberChange')).toEqual(['1 → 2', '1 → 0', '1 → 2', '1 → 0']);
    expect(mutants.find(({ mutator }) => mutator === 'ArithmeticOperator')).toMatchObject({
      file: 'add.ts',
      line: 3,
      lineText: 'return a + 1;',
      original: 'a + 1',
      replacement: 'a - 1',
    });
    Object.assign(globalThis, { log: () => {} });
    const url = `file://${join(used.directory, 'add.ts')}`;
    const { add } = (await import(/* @vite-ignore */ url)) as { add(a: number): number };
    expect(add(1)).toBe(2);
    const stryker = globalThis as { __stryker__?: { activeMutant?: string } };
    const minus = mutants.find(({ replacement }) => replacement === 'a - 1')?.id;
    Object.assign(stryker, { __stryker__: Object.assign(stryker.__stryker__ ?? {}, { activeMutant: minus }) });
    expect(add(1)).toBe(0);
  });

  test('an equivalent is found by its line and its change, and is stale if the code has changed', async () => {
    write('add.ts', code);
    const mutants = await instrument(used.directory, ['add.ts']);
    const entry = { file: 'add.ts', line: 'return a + 1;', original: 'a + 1', replacement: 'a - 1', reason: 'x' };
    const stale = { ...entry, line: 'return a + 2;' };
    const elsewhere = { ...entry, file: 'other.ts' };
    const found = findEquivalents(mutants, [entry, stale, elsewhere], ['add.ts']);
    expect([...found.reasons].map(([{ replacement }, reason]) => [replacement, reason])).toEqual([['a - 1', 'x']]);
    expect(found.stale).toEqual([stale]);
  });
});

test('the score counts timeouts as noticed, and does not count equivalents', () => {
  const base = { file: 'a.ts', line: 1, mutator: 'x', original: 'a', replacement: 'b' };
  const results: MutantResult[] = [
    { ...base, status: 'killed' },
    { ...base, status: 'timeout' },
    { ...base, status: 'survived' },
    { ...base, status: 'survived', reason: 'x' },
  ];
  expect(formatScore('area', scoreResults(results))).toBe(
    'area: 4 mutants, 1 killed, 1 timeouts, 1 equivalent, 1 survivors, score 66.7 %',
  );
  expect(scoreResults([]).percent).toBe(100);
});

describe('mutants in workers', () => {
  const project = useDirectory();
  const source = `export const codes = new Set(['first', 'second', 'unchecked']);
export function isCode(code: string): boolean {
  return codes.has(code);
}
`;
  const noTest = `import { expect, test } from 'vitest';
import { isCode } from '../codes.ts';
test('another code', () => expect(isCode('other')).toBe(false));
`;
  const codesTest = `import { expect, test } from 'vitest';
import { isCode } from '../codes.ts';
test.for(['first', 'second'])('code %s', (code) => expect(isCode(code)).toBe(true));
`;

  const createProject = (): string => {
    const directory = realpathSync(project.directory);
    for (const folder of ['test', 'scripts/mutation']) mkdirSync(join(directory, folder), { recursive: true });
    const plugin = 'scripts/mutation/test-runner-plugin.ts';
    cpSync(join(root, plugin), join(directory, plugin));
    if (!existsSync(join(directory, 'node_modules')))
      symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
    const files = {
      'vitest.config.ts': 'export default { test: { projects: [{ test: { name: "all" } }] } };',
      'package.json': '{ "type": "module" }',
      'codes.ts': source,
      'test/a.test.ts': noTest,
      'test/b.test.ts': codesTest,
      'test/c.test.ts': noTest,
    };
    for (const [file, content] of Object.entries(files)) writeFileSync(join(directory, file), content);
    return directory;
  };

  test('a mutant of a constant is killed by exactly the test files that check the constant', async () => {
    const directory = createProject();
    const mutants = await instrument(directory, ['codes.ts']);
    const session = await startVitest(directory);
    try {
      const tests = await session.findTestFiles(['test/']);
      const results = await new MutantTests(session, directory, 3).run(mutants, tests, () => {});
      const find = (original: string) => results.find((result) => result.original === original);
      expect(find("'first'")).toMatchObject({ status: 'killed', killedBy: expect.stringContaining('code first') });
      expect(find("'second'")).toMatchObject({ status: 'killed', killedBy: expect.stringContaining('code second') });
      expect(find("'unchecked'")).toMatchObject({ status: 'survived', isReached: true });
      expect(find('return codes.has(code);')?.status).toBe('killed');
    } finally {
      await session.close();
    }
  });

  test('a picked mutant is written to the copy only while its tests run', async () => {
    const directory = createProject();
    const workers = startTestWorkers([directory]);
    const files = ['test/a.test.ts', 'test/b.test.ts'].map((path) => ({ path, silenceMs: 60_000 }));
    const runs = [
      {},
      { change: { file: 'codes.ts', find: "'second'", replace: "'third'" } },
      { change: { file: 'codes.ts', find: "'unchecked'", replace: "'other'" } },
      { change: { file: 'codes.ts', find: "'unchecked'", replace: "'third'" } },
      { change: { file: 'codes.ts', find: 'return ', replace: 'throw ' } },
    ];
    const outcomes: TestOutcome[] = [];
    try {
      await workers.forEach(runs, async (changed, run) => void outcomes.push(await run({ ...changed, files })));
    } finally {
      workers.close();
    }
    expect(outcomes).toMatchObject([
      { status: 'passed' },
      { status: 'failed', file: 'test/b.test.ts', firstFailure: expect.stringContaining('code second') },
      { status: 'failed', file: 'test/a.test.ts' },
      { status: 'passed' },
      { status: 'failed', file: 'test/a.test.ts' },
    ]);
    expect(readFileSync(join(directory, 'codes.ts'), 'utf8')).toBe(source);
  });

  test('a throw is noticed only by a test that passes without it, also if the test can run only once', async () => {
    const directory = createProject();
    await instrumentThrows(directory, ['codes.ts']);
    const start = `import { expect, test } from 'vitest';
import { isCode } from '../codes.ts';
let runs = 0;
`;
    const tests = {
      code: "test('it', () => expect(isCode('first')).toBe(true));",
      'any error': "test('it', () => expect(() => (isCode as any)().length.x).toThrow());",
      'no code': "test('it', () => expect(runs++).toBe(0));",
      'code once': "test('it', () => { expect(runs++).toBe(0); isCode('first'); });",
      'no test': "test.skip('it', () => {});",
    };
    const kinds: Record<string, string[]> = {};
    const workers = startTestWorkers([directory]);
    try {
      await workers.forEach(Object.entries(tests), async ([name, content], run) => {
        const path = `test/${name.replace(' ', '-')}.test.ts`;
        writeFileSync(join(directory, path), start + content);
        const { messages } = await judgeFile(path, run);
        kinds[name] = messages.flatMap((message) => ('title' in message ? [message.kind] : []));
      });
    } finally {
      workers.close();
    }
    expect(kinds).toEqual({
      code: ['failed'],
      'any error': ['passed'],
      'no code': ['passed'],
      'code once': ['failed'],
      'no test': [],
    });
  });
});

describe('picked mutants', () => {
  const list = (...mutants: object[]) => {
    mkdirSync(join(used.directory, 'test/a'), { recursive: true });
    mkdirSync(join(used.directory, 'a/b'), { recursive: true });
    write('a/b/c.ts', 'one two two');
    write('list.json', JSON.stringify(mutants));
    return readPickedMutants(join(used.directory, 'list.json'), used.directory);
  };
  const mutant = { file: 'a/b/c.ts', find: 'one', replace: '1' };

  test('picked mutants run the tests of their deepest folder with tests, or their own', () => {
    const [first, second] = list(mutant, { ...mutant, tests: ['test/a'] });
    expect(first && findTests(first, used.directory)).toEqual(['test/a']);
    expect(second && findTests(second, used.directory)).toEqual(['test/a']);
    expect(() => findTests({ ...mutant, file: 'x/y.ts' }, used.directory)).toThrow('No test folder');
  });

  test.for([
    [{ find: 'two' }, 'contains 2 times: two'],
    [{ find: 'three' }, 'contains 0 times: three'],
    [{ file: 'a/x.ts' }, 'a/x.ts does not exist'],
    [{ replace: 'one' }, 'the replacement is the same code'],
    [{ tests: ['test/x'] }, 'the test test/x does not exist'],
  ] as const)('picked mutants are rejected if they do not match the code: %j', ([change, message]) => {
    expect(() => list({ ...mutant, ...change })).toThrow(message);
  });
});

test('areas are selected by name, folder or file', () => {
  const select = (...paths: string[]) => selectAreas(paths).map(({ name, code: selected }) => [name, selected]);
  expect(select('errors')).toEqual([['errors', ['shared/errors']]]);
  expect(select('shared/errors')).toEqual([['errors', ['shared/errors']]]);
  expect(select('shared/errors/closest-name.ts')).toEqual([['errors', ['shared/errors/closest-name.ts']]]);
  expect(select()).toHaveLength(4);
  expect(() => select('emulator')).toThrow('No area contains emulator.');
});
