import type { Mutant } from './instrument.ts';
import type { MutantResult } from './mutant-result.ts';
import { countWorkers, startTestWorkers, type TestOutcome, type TestRun } from './test-workers.ts';
import type { FileRun, VitestSession } from './vitest-session.ts';

/** No message for this time means that a worker is in an endless loop, also on a busy machine. */
const silenceMs = 180_000;

/** What the fast runs found out about one test file. */
interface TestFile {
  readonly path: string;
  ms: number;
  /** All tests that pass without a mutant. */
  readonly usable: Set<string>;
  /** The tests that reached each mutant. */
  readonly reached: Map<string, Set<string>>;
  /** The mutants that the file reached outside of tests, such as in a hook or while a module loaded. */
  outside: ReadonlySet<string>;
  /** The tests that tried each mutant. */
  readonly tried: Map<string, Set<string>>;
  /** The number of killed mutants per source file. */
  readonly kills: Map<string, number>;
}

/**
 * Tests mutants, first with all mutants of a test file in one worker. Mutants that survive, and that some test could not
 * judge in this way, then run in their own workers.
 */
export class MutantTests {
  readonly #session: VitestSession;
  readonly #directory: string;
  /** The number of test files that run a mutant in their own workers, which takes seconds per mutant and file. */
  readonly #ownWorkers: number;
  readonly #killedBy = new Map<string, string>();
  readonly #timeouts = new Set<string>();
  readonly #files: TestFile[] = [];
  readonly #sources = new Map<string, string>();
  readonly #unusable = new Set<string>();

  constructor(session: VitestSession, directory: string, ownWorkers: number) {
    this.#session = session;
    this.#directory = directory;
    this.#ownWorkers = ownWorkers;
  }

  async run(
    mutants: readonly Mutant[],
    testFiles: readonly string[],
    report: (line: string) => void,
  ): Promise<readonly MutantResult[]> {
    const left = new Set(mutants.map(({ id }) => id));
    for (const { id, file } of mutants) this.#sources.set(id, file);
    for (const path of testFiles) {
      const file: TestFile = {
        path,
        ms: 0,
        usable: new Set(),
        reached: new Map(),
        outside: new Set(),
        tried: new Map(),
        kills: new Map(),
      };
      this.#files.push(file);
      await this.#tryInOneWorker(file, left);
      if (left.size === 0) break;
      report(`${path}: ${left.size} of ${mutants.length} mutants left after ${Math.round(file.ms)} ms`);
    }
    for (const title of this.#unusable) report(`not used, because it fails without a mutant: ${title}`);
    const undecided = [...left].filter((mutant) => this.#listUndecided(mutant).length > 0);
    if (this.#ownWorkers > 0) report(`${undecided.length} of ${left.size} surviving mutants run in their own workers`);
    if (this.#ownWorkers > 0 && undecided.length > 0) await this.#runInOwnWorkers(undecided, report);
    const isReached = (id: string) => this.#files.some(({ reached, outside }) => reached.has(id) || outside.has(id));
    return mutants.map((mutant) => ({
      ...mutant,
      status: this.#killedBy.has(mutant.id) ? 'killed' : this.#timeouts.has(mutant.id) ? 'timeout' : 'survived',
      killedBy: this.#killedBy.get(mutant.id),
      isReached: isReached(mutant.id),
    }));
  }

  /** Runs a test file until it has tried all mutants. A worker stops when a mutant leaves a state in which tests fail. */
  async #tryInOneWorker(file: TestFile, left: Set<string>): Promise<void> {
    const skipped = new Set<string>();
    for (;;) {
      const untried = [...left].filter((mutant) => !skipped.has(mutant));
      const run = await this.#session.run(file.path, { untried, tried: listTried(file) }, { silenceMs });
      file.ms = Math.max(file.ms, run.ms);
      const stoppedBy = this.#readMessages(file, left, run);
      if (stoppedBy === undefined) {
        if (!run.hasPassed && run.unhandledError === undefined)
          throw new Error(`Without a mutant, ${file.path} does not pass: ${run.firstFailure}`);
        return;
      }
      skipped.add(stoppedBy);
    }
  }

  /** Returns the mutant at which the worker stopped. */
  #readMessages(file: TestFile, left: Set<string>, { messages }: FileRun): string | undefined {
    let trying: string | undefined;
    let stoppedBy: string | undefined;
    for (const message of messages) {
      if (message.kind === 'reached') {
        if (message.test === undefined) file.outside = new Set(message.mutants);
        else {
          file.usable.add(message.test);
          for (const mutant of message.mutants) addTo(file.reached, mutant, message.test);
        }
      } else if (message.kind === 'unusable') this.#unusable.add(`${file.path}: ${message.title}`);
      else if (message.kind === 'trying') trying = message.mutant;
      else if (message.kind === 'survived') addTo(file.tried, message.mutant, message.test);
      else if (message.kind === 'killed') {
        this.#killedBy.set(message.mutant, `${file.path}: ${message.title}`);
        left.delete(message.mutant);
        const source = this.#sources.get(message.mutant) ?? '';
        file.kills.set(source, (file.kills.get(source) ?? 0) + 1);
      } else if (message.kind === 'undecided') stoppedBy = message.mutant;
      if (message.kind === 'survived' || message.kind === 'killed') trying = undefined;
    }
    return stoppedBy ?? trying;
  }

  /**
   * Returns the files with tests that reach a mutant but could not judge it in a shared worker. Files that killed many
   * mutants of the same source file come first.
   */
  #listUndecided(mutant: string): TestFile[] {
    const undecided = this.#files.filter((file) => {
      const tried = file.tried.get(mutant);
      const reached = [...(file.reached.get(mutant) ?? [])];
      return file.outside.has(mutant) || reached.some((test) => !tried?.has(test));
    });
    const source = this.#sources.get(mutant) ?? '';
    return undecided.sort((a, b) => (b.kills.get(source) ?? 0) - (a.kills.get(source) ?? 0) || a.ms - b.ms);
  }

  async #runInOwnWorkers(mutants: readonly string[], report: (line: string) => void): Promise<void> {
    const count = Math.min(countWorkers(), mutants.length);
    const workers = startTestWorkers(Array.from({ length: count }, () => this.#directory));
    try {
      let done = 0;
      await workers.forEach(mutants, async (mutant, run) => {
        await this.#runAlone(mutant, run);
        done += 1;
        if (done % 25 === 0) report(`${done} of ${mutants.length} mutants have run in their own workers`);
      });
    } finally {
      workers.close();
    }
  }

  async #runAlone(mutant: string, run: (run: TestRun) => Promise<TestOutcome>): Promise<void> {
    const files = this.#listUndecided(mutant).slice(0, this.#ownWorkers);
    const outcome = await run({
      active: mutant,
      files: files.map((file) => ({
        path: file.path,
        silenceMs: Math.max(silenceMs, file.ms * 10),
        testIds: [...(file.outside.has(mutant) ? file.usable : (file.reached.get(mutant) ?? []))],
      })),
    });
    if (outcome.status === 'timeout') this.#timeouts.add(mutant);
    if (outcome.status === 'failed') this.#killedBy.set(mutant, `${outcome.file}: ${outcome.firstFailure}`);
  }
}

/** Lists the mutants that each test has tried. */
function listTried({ tried }: TestFile): Record<string, string[]> {
  const byTest = new Map<string, Set<string>>();
  for (const [mutant, tests] of tried) for (const test of tests) addTo(byTest, test, mutant);
  return Object.fromEntries([...byTest].map(([test, mutants]) => [test, [...mutants]]));
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  sets.set(key, set.add(value));
}
