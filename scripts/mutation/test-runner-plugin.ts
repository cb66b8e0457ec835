import { appendFileSync } from 'node:fs';
import {
  type RunnerTask,
  type RunnerTestCase,
  type RunnerTestFile,
  type SerializedConfig,
  TestRunner,
  vi,
} from 'vitest';
import type { WorkerMessage, WorkerTask } from './worker-messages.ts';

/** The global object that instrumented code reads and writes. */
interface Switch {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

const mutantSwitch: Switch = {};
Object.assign(globalThis, { __stryker__: mutantSwitch });
/** Child processes read the active mutant from this variable. */
const variable = '__STRYKER_ACTIVE_MUTANT__';

/** Tests may replace the timers. */
const { setTimeout, clearTimeout } = globalThis;
const minLimitMs = 15_000;
const limitFactor = 30;
const throwLimitMs = 120_000;
/** A test that waits for something that never happens has noticed the throw. */
const whileThrowingLimitMs = 20_000;
/** Rows of a table reach the same code, so a mutant that survives many tests of a file mostly survives all of them. */
const maxTriesMs = 1_500;
/** Slower tests judge mutants only in their own workers. */
const maxTestMs = 1_000;
/** A mutant that runs this many times more often than without mutation is in an endless loop. */
const hitFactor = 100;

/**
 * Runs each test without a mutant, and then once for each untried mutant that the test reaches. This takes milliseconds
 * per mutant, because modules load once and servers start once per test file. A kill counts only if the test passes again
 * afterwards without a mutant.
 */
export default class MutationTestRunner extends TestRunner {
  readonly #task: WorkerTask;
  readonly #untried: Set<string>;
  readonly #triesMs = new Map<string, number>();
  #isStopped = false;

  constructor(config: SerializedConfig) {
    super(config);
    this.#task = this.injectValue('mutation');
    this.#untried = new Set(this.#task.untried);
    if (this.#task.active !== undefined) activate(this.#task.active);
    this.#write({ kind: 'started', pid: process.pid });
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const runTest = async () => TestRunner.getTestFn(test)();
    if (this.#isStopped) return;
    if (this.#task.throws) return this.#runWhileCodeThrows(test, runTest);
    if (this.#task.untried === undefined) return runTest();
    const startedMs = performance.now();
    mutantSwitch.currentTestId = test.id;
    const isUsable = await runTest().then(
      () => true,
      () => false,
    );
    mutantSwitch.currentTestId = 'none';
    if (!isUsable) {
      this.#write({ kind: 'unusable', test: test.id, title: readTitle(test) });
      return;
    }
    const limitMs = Math.max(minLimitMs, (performance.now() - startedMs) * limitFactor);
    const hits = mutantSwitch.mutantCoverage?.perTest[test.id] ?? {};
    this.#write({ kind: 'reached', test: test.id, mutants: Object.keys(hits) });
    const tried = new Set(this.#task.tried?.[test.id]);
    const mutants = Object.keys(hits).filter(
      (mutant) => this.#untried.has(mutant) && !tried.has(mutant) && (this.#triesMs.get(mutant) ?? 0) < maxTriesMs,
    );
    if (mutants.length === 0 || performance.now() - startedMs > maxTestMs) return;
    if ((await finish(runTest, limitMs)) !== 'passed') {
      this.#write({ kind: 'unrepeatable', test: test.id, title: readTitle(test) });
      return;
    }
    for (const mutant of mutants) {
      await this.#tryMutant(test, runTest, mutant, { limitMs, hits: hits[mutant] ?? 0 });
      if (this.#isStopped) return;
    }
  }

  /** Stops after the first test that notices, because the file can then fail. */
  async #runWhileCodeThrows(test: RunnerTestCase, runTest: () => Promise<void>): Promise<void> {
    const title = readTitle(test);
    const isRepeated = this.#task.throws === 'second run';
    if (isRepeated && (await finish(runTest, throwLimitMs)) !== 'passed') {
      this.#write({ kind: 'unusable', test: test.id, title });
      return;
    }
    activate('all');
    const outcome = await finish(runTest, whileThrowingLimitMs);
    activate(undefined);
    vi.useRealTimers();
    if (outcome === 'passed') {
      this.#write({ kind: 'passed', title });
    } else if (isRepeated && (await finish(runTest, throwLimitMs)) !== 'passed') {
      this.#write({ kind: 'unrepeatable', test: test.id, title });
    } else {
      this.#isStopped = true;
      this.#write({ kind: 'failed', title });
    }
  }

  async #tryMutant(
    test: RunnerTestCase,
    runTest: () => Promise<void>,
    mutant: string,
    { limitMs, hits }: { limitMs: number; hits: number },
  ): Promise<void> {
    this.#write({ kind: 'trying', test: test.id, mutant });
    activate(mutant);
    Object.assign(mutantSwitch, { hitCount: 0, hitLimit: (hits + 10) * hitFactor });
    const startedMs = performance.now();
    const outcome = await finish(runTest, limitMs);
    activate(undefined);
    this.#triesMs.set(mutant, (this.#triesMs.get(mutant) ?? 0) + performance.now() - startedMs);
    if (outcome === 'passed') {
      this.#write({ kind: 'survived', test: test.id, mutant });
      return;
    }
    vi.useRealTimers();
    if (outcome === 'failed' && (await finish(runTest, limitMs)) === 'passed') {
      this.#untried.delete(mutant);
      this.#write({ kind: 'killed', test: test.id, mutant, title: readTitle(test) });
      return;
    }
    this.#write({ kind: 'undecided', test: test.id, mutant });
    this.#isStopped = true;
  }

  override onAfterRunFiles(files: RunnerTestFile[]): void {
    this.#write({ kind: 'reached', mutants: Object.keys(mutantSwitch.mutantCoverage?.static ?? {}) });
    super.onAfterRunFiles(files);
  }

  #write(message: WorkerMessage): void {
    appendFileSync(this.#task.log, `${JSON.stringify(message)}\n`);
  }
}

function activate(mutant: string | undefined): void {
  mutantSwitch.activeMutant = mutant;
  if (mutant === undefined) delete process.env[variable];
  else process.env[variable] = mutant;
}

async function finish(runTest: () => Promise<void>, limitMs: number): Promise<'passed' | 'failed' | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), limitMs);
  });
  const done = runTest().then(
    () => 'passed' as const,
    () => 'failed' as const,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

function readTitle(test: RunnerTask): string {
  const { suite } = test as RunnerTestCase;
  return suite === undefined ? test.name : `${readTitle(suite)} > ${test.name}`;
}
