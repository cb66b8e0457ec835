import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { root } from './project-copy.ts';
import { sharedCaches } from './shared-caches.ts';

/** How a process ended, and what it said. */
export interface Finished {
  /** Exit code; `null` where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they came. */
  readonly output: string;
  readonly ms: number;
}

export interface ProcessOptions {
  readonly cwd?: string;
  /** Laid over the clean environment; `undefined` takes a variable out. */
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** After this long the process is killed and the test fails: nothing may hang. */
  readonly timeoutMs?: number;
}

const bin = join(root, 'node_modules', '.bin');
const started = new Set<ChildProcess>();

/** Of the machine only what a shell needs: no AWS variable, no proxy, none of the test runner's own. */
const cleanEnvironment: NodeJS.ProcessEnv = {
  PATH: `${bin}:${process.env.PATH}`,
  HOME: process.env.HOME,
  LANG: 'C.UTF-8',
  npm_config_update_notifier: 'false',
  ...sharedCaches(),
};

/** A process of its own group, so that what it starts ends with it. */
export class Running {
  readonly #child: ChildProcess;
  readonly #startedMs = performance.now();
  #stdout = '';
  #stderr = '';
  #output = '';
  readonly ended: Promise<Finished>;

  constructor(command: readonly [string, ...string[]], { cwd = root, env = {}, input }: ProcessOptions = {}) {
    const [file, ...args] = command;
    this.#child = spawn(file, args, { cwd, env: { ...cleanEnvironment, ...env }, detached: true, stdio: 'pipe' });
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

  /** Waits until the output matches; fails where the process ends before, or time runs out. */
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
        throw new Error(`${hasEnded ? 'it ended' : 'time ran out'} before ${pattern}:\n${this.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Sends a signal to the process and all that it started, as Ctrl-C in a terminal does, and waits for the end. */
  async end(signal: NodeJS.Signals = 'SIGINT', timeoutMs = 10_000): Promise<Finished> {
    signalGroup(this.#child, signal);
    return within(this, timeoutMs);
  }
}

/** Runs a command to its end. */
export function run(command: readonly [string, ...string[]], options: ProcessOptions = {}): Promise<Finished> {
  return within(new Running(command, options), options.timeoutMs ?? 25_000);
}

async function within(running: Running, timeoutMs: number): Promise<Finished> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      process.kill(-running.pid, 'SIGKILL');
      reject(new Error(`it did not end within ${timeoutMs} ms:\n${running.output}`));
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

/** What is left of a group; a process that has closed its output gets a moment to be gone. */
export async function leftOfGroup(group: number, timeoutMs = 2_000): Promise<readonly string[]> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const left = processesOfGroup(group);
    if (left.length === 0 || performance.now() > deadlineMs) return left;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * The command lines of this group's processes that still run, where the system tells (Linux). A zombie has ended, and
 * holds nothing: it waits for whoever adopted it to ask, and in a container with no init nobody ever does.
 */
function processesOfGroup(group: number): readonly string[] {
  if (!existsSync('/proc/self/stat')) return signalReaches(-group) ? ['a process'] : [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // 'pid (command) state parent group …': the command may hold anything, so what follows its last bracket counts.
        const [state, , itsGroup] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        if (Number(itsGroup) !== group || state === 'Z' || state === 'X') return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

function signalReaches(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

// What a failed test leaves behind goes with the file.
afterAll(() => {
  for (const child of started) signalGroup(child, 'SIGKILL');
});
