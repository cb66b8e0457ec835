import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seed } from './seed.ts';

/** An emulator that a client can call. */
export interface TestedEmulator {
  readonly endpoint: string;
  readonly tlsEndpoint?: string;
  readonly caFile?: string;
  close(): Promise<void>;
}

/** Starts an executable emulator with the seed. Gives it no environment, as on a machine without Node.js. */
export async function startExecutable(executable: string, folder: string, needsTls?: true): Promise<TestedEmulator> {
  const seedFile = join(folder, 'seed.json');
  writeFileSync(seedFile, JSON.stringify(seed));
  const tlsFlags = needsTls ? ['--tls'] : [];
  const child = spawn(executable, ['--in-memory', '--port', '0', '--seed', seedFile, ...tlsFlags], {
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let tls: RegExpExecArray | null = null;
  for await (const line of createInterface(child.stdout)) {
    tls ??= /^TLS: (https:\S+), CA certificate (.*)$/.exec(line);
    const [, endpoint] = /^KMS emulator: (http:\S+)/.exec(line) ?? [];
    if (endpoint === undefined) continue;
    child.stdout.resume();
    return {
      endpoint,
      ...(tls && { tlsEndpoint: tls[1] ?? '', caFile: tls[2] ?? '' }),
      close: async () => {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`${executable} ended with code ${(await ended)[0]}`);
}
