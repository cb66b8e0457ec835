import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Benchmark, Effort, Measurement, Row } from './benchmark.ts';
import { emulatorCommand } from './server-process.ts';
import { formatRange, median, round } from './statistics.ts';

const rounds = 15;
const port = 4797;
const root = join(import.meta.dirname, '..');

export const emulatorStart: Benchmark = {
  name: 'emulator-start',
  question: 'How long does the emulator take from process start to its first response?',
  run: measure,
};

async function measure(effort: Effort): Promise<Measurement> {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root });
  const parent = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  const directory = join(parent, 'data');
  const commands = [
    ['npm package', join(root, 'dist/emulator/command/bin.cjs')],
    ['repository', emulatorCommand],
  ] as const;
  const rows: Row[] = [];
  for (const [emulator, command] of commands) {
    for (const isNew of [true, false]) {
      const times: number[] = [];
      for (let index = 0; index < effort.choose(rounds); index += 1) {
        if (isNew) rmSync(directory, { recursive: true, force: true });
        times.push(await measureStart(command, directory));
      }
      rows.push({
        emulator,
        'data directory': isNew ? 'new' : 'existing',
        'ready ms': round(median(times)),
        range: formatRange(times),
      });
    }
  }
  rmSync(parent, { recursive: true });
  return { rows };
}

/** Measures the time from process start to the first 200 response from the health endpoint. */
async function measureStart(command: string, directory: string): Promise<number> {
  const startMs = performance.now();
  const child = spawn(process.execPath, [command, '--port', String(port), '--data', directory], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(child, 'exit');
  while (!(await isHealthy())) {
    if (child.exitCode !== null) throw new Error('The emulator exited before it was ready.');
    await setTimeout(1);
  }
  const readyMs = performance.now() - startMs;
  child.kill('SIGTERM');
  await exited;
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
