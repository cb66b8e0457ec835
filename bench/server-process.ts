import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ServerProcess {
  readonly endpoint: string;
  /** From the start of the process until it printed its address. */
  readonly readyMs: number;
  /** Resident memory, in millions of bytes; `undefined` where the system does not tell (Linux does). */
  residentMB(): number | undefined;
  /** Processor time that it has used, in milliseconds; `undefined` where the system does not tell. */
  cpuMs(): number | undefined;
  stop(): Promise<void>;
}

/** Starts a server in a process of its own and waits for the address that it prints. */
export async function start(command: string, args: readonly string[]): Promise<ServerProcess> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const endpoint = await addressOf(child);
  return {
    endpoint,
    readyMs: performance.now() - began,
    residentMB: () => residentMB(child.pid),
    cpuMs: () => cpuMs(child.pid),
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

export const emulatorCommand = join(import.meta.dirname, '../emulator/cli.ts');

export function startEmulatorProcess(directory: string): Promise<ServerProcess> {
  return start(process.execPath, [emulatorCommand, '--port', '0', '--data', directory]);
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      const [, address] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(text) ?? [];
      if (address !== undefined) resolve(address);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the server ended: ${text}`)));
  });
}

function residentMB(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}

/** User and system time, the 14th and 15th field (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html), in ticks. */
const tickMs = 10;
function cpuMs(pid: number | undefined): number | undefined {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(afterName[11]) + Number(afterName[12])) * tickMs;
  } catch {
    return undefined;
  }
}
