import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { activeMutant } from './active-mutant.ts';
import { root } from './project-copy.ts';
import { sharedCaches } from './shared-caches.ts';

/** The exit code and the output of a process. */
export interface Finished {
  /** The exit code, or `null` if a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output and standard error, in the order of arrival. */
  readonly output: string;
  readonly ms: number;
}

export interface ProcessOptions {
  readonly cwd?: string;
  /** Variables to add to the clean environment. `undefined` removes a variable. */
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** The time after which the process is killed and the test fails. */
  readonly timeoutMs?: number;
}

/** The folder of the commands that the project's packages contain. */
export const binFolder = join(root, 'node_modules', '.bin');
const started = new Set<ChildProcess>();

/** The variables that a shell needs, without AWS variables, proxies and test runner variables. */
const cleanEnvironment: NodeJS.ProcessEnv = {
  PATH: `${binFolder}:${process.env.PATH}`,
  HOME: process.env.HOME,
  LANG: 'C.UTF-8',
  npm_config_update_notifier: 'false',
  ...sharedCaches(),
};

/** A running process in its own process group, so that its child processes end with it. */
export class Running {
  readonly #child: ChildProcess;
  readonly #startedMs = performance.now();
  #stdout = '';
  #stderr = '';
  #output = '';
  readonly ended: Promise<Finished>;

  constructor(command: readonly [string, ...string[]], { cwd = root, env = {}, input }: ProcessOptions = {}) {
    const [file, ...args] = command;
    const variables = { ...cleanEnvironment, ...activeMutant(), ...env };
    this.#child = spawn(file, args, { cwd, env: variables, detached: true, stdio: 'pipe' });
    started.add(this.#child);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#output += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#output += text;
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.stdin?.end(input);
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      started.delete(this.#child);
      return {
        code: code as number | null,
        signal: signal as NodeJS.Signals | null,
        stdout: this.#stdout,
        stderr: this.#stderr,
        output: this.#output,
        ms: performance.now() - this.#startedMs,
      };
    });
    this.ended.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get output(): string {
    return this.#output;
  }

  /** Waits until the output matches. Fails if the process ends or the time runs out first. */
  async waitFor(pattern: RegExp, timeoutMs = 20_000): Promise<RegExpExecArray> {
    const deadlineMs = performance.now() + timeoutMs;
    let hasEnded = false;
    void this.ended.finally(() => {
      hasEnded = true;
    });
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match !== null) return match;
      if (hasEnded || performance.now() > deadlineMs) {
        throw new Error(
          `${hasEnded ? 'The process ended' : 'The timeout expired'} before the output matched ${pattern}:\n${this.#output}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Sends a signal to the process and its children, as Ctrl-C in a terminal does, and waits for the end. */
  async end(signal: NodeJS.Signals = 'SIGINT', timeoutMs = 10_000): Promise<Finished> {
    signalGroup(this.#child, signal);
    return waitForEnd(this, timeoutMs);
  }
}

/** Runs a command and waits until it ends. */
export function run(command: readonly [string, ...string[]], options: ProcessOptions = {}): Promise<Finished> {
  return waitForEnd(new Running(command, options), options.timeoutMs ?? 25_000);
}

async function waitForEnd(running: Running, timeoutMs: number): Promise<Finished> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      process.kill(-running.pid, 'SIGKILL');
      reject(new Error(`The command did not end within ${timeoutMs} ms:\n${running.output}`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([running.ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Lists the processes in a group that are still running. Waits briefly for processes that are about to end. */
export async function listGroupProcesses(group: number, timeoutMs = 2_000): Promise<readonly string[]> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const left = readGroupProcesses(group);
    if (left.length === 0 || performance.now() > deadlineMs) return left;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Reads the command lines of the running processes in a group, on systems that report them (Linux). Ignores zombies,
 * which remain in a container without an init process.
 */
function readGroupProcesses(group: number): readonly string[] {
  if (!existsSync('/proc/self/stat')) return isRunning(-group) ? ['a process'] : [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // The format is 'pid (command) state parent group …'. The command can contain parentheses.
        const [state, , ownGroup] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        if (Number(ownGroup) !== group || state === 'Z' || state === 'X') return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return []; // The process has ended.
      }
    });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// Ends processes that still run after a failed test.
afterAll(() => {
  for (const child of started) signalGroup(child, 'SIGKILL');
});
