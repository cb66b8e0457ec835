import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Writable } from 'node:stream';
import { createVitest, type TestModule, type TestProject, type Vitest } from 'vitest/node';
import type { WorkerMessage, WorkerTask } from './worker-messages.ts';

export interface FileRun {
  readonly hasPassed: boolean;
  /** The title of the first test that failed, or the first error outside of a test. */
  readonly firstFailure: string | undefined;
  /** An error outside of tests, such as a promise that a mutant has left without a handler. */
  readonly unhandledError: string | undefined;
  readonly messages: readonly WorkerMessage[];
  readonly isTimeout: boolean;
  readonly ms: number;
}

/** Runs test files in a copy of the tree, each in a new worker. */
export interface VitestSession {
  /** Returns the paths of the test files whose path contains one of the filters. */
  findTestFiles(filters: readonly string[]): Promise<readonly string[]>;
  /** Runs one test file, or only the tests with these ids. `silenceMs` limits the time between two messages. */
  run(file: string, task: Omit<WorkerTask, 'log'>, options: RunOptions): Promise<FileRun>;
  /** Reads a source file again in later runs, because its content has changed. */
  forget(path: string): void;
  close(): Promise<void>;
}

export interface RunOptions {
  readonly testIds?: readonly string[];
  readonly silenceMs: number;
}

export async function startVitest(directory: string): Promise<VitestSession> {
  const folder = join(directory, '.build');
  mkdirSync(folder, { recursive: true });
  const log = join(folder, `worker-messages-${process.pid}.ndjson`);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  const vitest = await createVitest(
    'test',
    {
      root: directory,
      watch: false,
      maxWorkers: 1,
      maxConcurrency: 1,
      reporters: [{}],
      bail: 1,
      includeTaskLocation: true,
      // Workers without isolation keep the modules of an earlier run, in which another mutant was active.
      isolate: true,
    },
    {},
    { stdout: silent as NodeJS.WriteStream, stderr: silent as NodeJS.WriteStream },
  );
  const [project] = vitest.projects;
  if (project === undefined) throw new Error('Vitest found no project.');
  Object.assign(project.config, { runner: join(directory, 'scripts/mutation/test-runner-plugin.ts') });
  return {
    findTestFiles: async (filters) => {
      const specifications = await vitest.globTestSpecifications(filters.map((filter) => join(directory, filter)));
      return specifications.map(({ moduleId }) => relative(directory, moduleId)).sort();
    },
    run: (file, task, options) => runFile(vitest, project, join(directory, file), { ...task, log }, options),
    forget: (path) => vitest.invalidateFile(path),
    close: () => vitest.close(),
  };
}

async function runFile(
  vitest: Vitest,
  project: TestProject,
  moduleId: string,
  task: WorkerTask,
  { testIds, silenceMs }: RunOptions,
): Promise<FileRun> {
  rmSync(task.log, { force: true });
  project.provide('mutation', task);
  const specification = project.createSpecification(moduleId, testIds && { testIds: [...testIds] });
  const startedMs = performance.now();
  const watchdog = endSilentWorker(task.log, silenceMs);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification]);
  const isTimeout = watchdog.stop();
  // Vitest returns the modules of all runs of the session, oldest first.
  const testModule = testModules.find((module) => module.moduleId === moduleId);
  const isPassed = ['passed', 'skipped'].includes(testModule?.state() ?? '');
  const hasPassed = isPassed && unhandledErrors.length === 0;
  return {
    hasPassed,
    firstFailure: hasPassed ? undefined : (findFailure(testModule) ?? describe(unhandledErrors[0])),
    unhandledError: describe(unhandledErrors[0]),
    messages: readMessages(task.log),
    isTimeout,
    ms: performance.now() - startedMs,
  };
}

/** Ends a worker that writes no message for some time, because it is in an endless loop. */
function endSilentWorker(log: string, silenceMs: number): { stop(): boolean } {
  let length = -1;
  let sinceMs = performance.now();
  let isEnded = false;
  const timer = setInterval(() => {
    const messages = readMessages(log);
    if (messages.length !== length) [length, sinceMs] = [messages.length, performance.now()];
    if (performance.now() - sinceMs < silenceMs) return;
    const started = messages.find((message) => message.kind === 'started');
    isEnded = true;
    sinceMs = performance.now();
    if (started !== undefined) endProcess(started.pid);
  }, 2_000);
  return {
    stop: () => {
      clearInterval(timer);
      return isEnded;
    },
  };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readMessages(log: string): WorkerMessage[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line));
}

function findFailure(testModule: TestModule | undefined): string | undefined {
  for (const test of testModule?.children.allTests() ?? []) {
    if (test.result().state === 'failed') return `${test.fullName}: ${describe(test.result().errors?.[0])}`;
  }
  return describe(testModule?.errors()[0]);
}

function describe(error: unknown): string | undefined {
  return (error as { readonly message?: string } | undefined)?.message?.slice(0, 300);
}
