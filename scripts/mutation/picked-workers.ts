import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { endGroup, startGroup } from './child-groups.ts';
import type { PickedMutant } from './picked-mutants.ts';

export interface PickedRun {
  /** The change to the copy during this run. */
  readonly change?: Pick<PickedMutant, 'file' | 'find' | 'replace'>;
  readonly files: readonly { readonly path: string; readonly silenceMs: number }[];
}

export interface PickedOutcome {
  readonly status: 'passed' | 'failed' | 'timeout';
  readonly ms: number;
  /** The test file that did not pass. */
  readonly file?: string;
  readonly firstFailure?: string;
}

/** Processes that run test files, each in its own copy of the tree. */
export interface PickedWorkers {
  /** Calls a function for each item, with as many items at once as there are processes. */
  forEach<Item>(
    items: readonly Item[],
    visit: (item: Item, run: (run: PickedRun) => Promise<PickedOutcome>) => Promise<void>,
  ): Promise<void>;
  close(): void;
}

/** Starts a process in each of these copies. */
export function startPickedWorkers(directories: readonly string[]): PickedWorkers {
  const children = directories.map((directory) => {
    const child = startGroup(process.execPath, [join(import.meta.dirname, 'picked-worker.ts')], directory, true);
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

function request(child: ChildProcess, run: PickedRun): Promise<PickedOutcome> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('A process with tests ended.'));
    child.once('exit', onExit);
    child.once('message', (outcome: PickedOutcome) => {
      child.off('exit', onExit);
      resolve(outcome);
    });
    child.send(run);
  });
}
