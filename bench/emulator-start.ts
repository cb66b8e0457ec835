import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Bench, Row } from './bench.ts';
import { median, rounded, spread } from './median.ts';
import { emulatorCommand } from './server-process.ts';

const rounds = 15;
const port = 4797;
const builtCommand = join(import.meta.dirname, '../dist/emulator/cli.js');

export const emulatorStartBench: Bench = {
  name: 'emulator-start',
  question: 'How long from the start of the process until the emulator answers?',
  run: async (effort) => {
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: join(import.meta.dirname, '..') });
    const parent = mkdtempSync(join(tmpdir(), 'kms-bench-'));
    const directory = join(parent, 'data');
    const commands = [
      ['as packed', builtCommand],
      ['from the repository', emulatorCommand],
    ] as const;
    const rows: Row[] = [];
    for (const [title, command] of commands) {
      for (const isFresh of [true, false]) {
        const times: number[] = [];
        for (let round = 0; round < effort.of(rounds); round += 1) {
          if (isFresh) rmSync(directory, { recursive: true, force: true });
          times.push(await startMs(command, directory));
        }
        rows.push({
          emulator: title,
          'data directory': isFresh ? 'made at the start' : 'there already',
          'ready ms': rounded(median(times)),
          'least to most': spread(times),
        });
      }
    }
    rmSync(parent, { recursive: true });
    return { rows };
  },
};

/** From spawn to the first answer of its health path that is 200. */
async function startMs(command: string, directory: string): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [command, '--port', String(port), '--data', directory], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  while (!(await isHealthy())) {
    if (child.exitCode !== null) throw new Error('the emulator ended');
    await setTimeout(1);
  }
  const readyMs = performance.now() - began;
  child.kill('SIGTERM');
  await ended;
  return readyMs;
}

function isHealthy(): Promise<boolean> {
  return new Promise((resolve) => {
    http
      .get({ host: '127.0.0.1', port, path: '/_kms/health', agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      })
      .on('error', () => resolve(false));
  });
}
