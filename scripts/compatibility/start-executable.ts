import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seed } from './seed.ts';

/** An emulator that a client can call. */
export interface TestedEmulator {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts an executable emulator with the seed. Gives it no environment, as on a machine without Node.js. */
export async function startExecutable(executable: string, folder: string): Promise<TestedEmulator> {
  const seedFile = join(folder, 'seed.json');
  writeFileSync(seedFile, JSON.stringify(seed));
  const child = spawn(executable, ['--in-memory', '--port', '0', '--seed', seedFile], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  for await (const line of createInterface(child.stdout)) {
    const [, endpoint] = /^KMS emulator: (http:\S+)/.exec(line) ?? [];
    if (endpoint === undefined) continue;
    child.stdout.resume();
    return {
      endpoint,
      close: async () => {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`${executable} ended with code ${(await ended)[0]}`);
}
