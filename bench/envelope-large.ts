import type { Effort, Row } from './benchmark.ts';
import type { LargeTask } from './envelope-large-worker.ts';
import { runInProcess } from './run-in-process.ts';

/** Seals and opens messages of 1 MB in a process without other code, whose heap would delay garbage collections. */
export function compareLargeMessages(effort: Effort): Promise<Row[]> {
  const task: LargeTask = { pairs: effort.choose(40, 2) };
  return runInProcess('envelope-large-worker.ts', task);
}
