import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { endGroup, startGroup } from './child-groups.ts';
import type { PickedMutant } from './picked-mutants.ts';
import type { RunOptions } from './vitest-session.ts';
import type { ThrowMode, WorkerMessage } from './worker-messages.ts';

export interface TestRun {
  /** The change to the copy during this run. */
  readonly change?: Pick<PickedMutant, 'file' | 'find' | 'replace'>;
  /** The instrumented mutant that is active during this run. */
  readonly active?: string;
  readonly throws?: ThrowMode;
  readonly files: readonly ({ readonly path: string } & RunOptions)[];
}

export interface TestOutcome {
  readonly status: 'passed' | 'failed' | 'timeout';
  readonly ms: number;
  /** The test file that did not pass. */
  readonly file?: string;
  readonly firstFailure?: string;
  /** The messages of the test file that ran last. */
  readonly messages: readonly WorkerMessage[];
}

/** Processes that run test files. */
export interface TestWorkers {
  /** Calls a function for each item, with as many items at once as there are processes. */
  forEach<Item>(
    items: readonly Item[],
    visit: (item: Item, run: (run: TestRun) => Promise<TestOutcome>) => Promise<void>,
  ): Promise<void>;
  close(): void;
}

const maxWorkers = 2;

/** Returns how many processes to start, each of which uses one core. */
export function countWorkers(): number {
  return Math.min(maxWorkers, availableParallelism());
}

/** Starts a process in each of these directories, which contain a copy of the tree. */
export function startTestWorkers(directories: readonly string[]): TestWorkers {
  const children = directories.map((directory) => {
    const child = startGroup(process.execPath, [join(import.meta.dirname, 'test-worker.ts')], directory, true);
    child.stderr?.resume();
    return child;
  });
  return {
    forEach: async (items, visit) => {
      const left = items.values();
      await Promise.all(
        children.map(async (child) => {
          for (const item of left) await visit(item, (run) => request(child, run));
        }),
      );
    },
    close: () => children.forEach(endGroup),
  };
}

function request(child: ChildProcess, run: TestRun): Promise<TestOutcome> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('A process with tests ended.'));
    child.once('exit', onExit);
    child.once('message', (outcome: TestOutcome) => {
      child.off('exit', onExit);
      resolve(outcome);
    });
    child.send(run);
  });
}
