import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Runs a worker file of this folder in its own process. Sends it a task, and returns the figures that it sends back. */
export async function runInProcess<Figures>(file: string, task: object): Promise<Figures> {
  const child = fork(join(import.meta.dirname, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.send(task);
  const figures = await Promise.race([
    once(child, 'message').then(([message]) => message as Figures),
    once(child, 'exit').then(() => undefined),
  ]);
  if (figures === undefined) throw new Error('The worker process exited before it sent its figures.');
  return figures;
}
