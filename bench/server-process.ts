import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ServerProcess {
  readonly endpoint: string;
  /** The time from process start until the server printed its endpoint. */
  readonly readyMs: number;
  /** Returns the resident memory in megabytes, or `undefined` on systems other than Linux. */
  readResidentMB(): number | undefined;
  /** Returns the CPU time used so far in milliseconds, or `undefined` on systems other than Linux. */
  readCpuMs(): number | undefined;
  stop(): Promise<void>;
}

/** Starts a server process and waits until it prints its endpoint. */
export async function startServer(command: string, args: readonly string[]): Promise<ServerProcess> {
  const startMs = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const endpoint = await waitForAddress(child);
  return {
    endpoint,
    readyMs: performance.now() - startMs,
    readResidentMB: () => readResidentMB(child.pid),
    readCpuMs: () => readCpuMs(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

export const emulatorCommand = join(import.meta.dirname, '../emulator/cli.ts');

/** Starts the emulator with a data directory, or in memory if `directory` is absent, and with a seed file if given. */
export function startEmulatorProcess(directory?: string, seedFile?: string): Promise<ServerProcess> {
  const data = directory === undefined ? ['--in-memory'] : ['--data', directory];
  const seed = seedFile === undefined ? [] : ['--seed', seedFile];
  return startServer(process.execPath, [emulatorCommand, '--port', '0', ...data, ...seed]);
}

function waitForAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const [, address] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(output) ?? [];
      if (address !== undefined) resolve(address);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`The server exited before it printed its endpoint: ${output}`)));
  });
}

function readResidentMB(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}

const tickMs = 10;

/** Adds user and system time, which are fields 14 and 15 (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
function readCpuMs(pid: number | undefined): number | undefined {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(afterName[11]) + Number(afterName[12])) * tickMs;
  } catch {
    return undefined;
  }
}
