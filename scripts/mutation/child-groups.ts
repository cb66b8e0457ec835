import { type ChildProcess, spawn } from 'node:child_process';

const started = new Set<ChildProcess>();

/** Starts a process in its own group, so that `endGroup` also ends the processes that it starts. */
export function startGroup(file: string, args: readonly string[], cwd: string, hasChannel = false): ChildProcess {
  const child = spawn(file, args, {
    cwd,
    detached: true,
    stdio: hasChannel ? ['ignore', 'ignore', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, POWERTOOLS_LOG_LEVEL: 'SILENT' },
  });
  started.add(child);
  child.on('close', () => started.delete(child));
  return child;
}

/** Ends a process and all processes in its group. */
export function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Ends all groups when this process exits, including after Ctrl-C. */
export function endGroupsOnExit(): void {
  process.on('exit', () => {
    for (const child of started) endGroup(child);
  });
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
}
