import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, Effort, Measurement, Row } from './benchmark.ts';
import { allOperationsParameters, createDoubledProject, functionCountVariable } from './doubled-project.ts';
import { formatRange, median, round } from './statistics.ts';

export const tooling: Benchmark = {
  name: 'tooling',
  question: 'How long do packaging and npm start take with 10, 56 and 112 functions?',
  run: measure,
};

const rounds = 3;
/** The ports that `npm start` uses. */
const ports = [3000, 3002, 4599];

const bin = join(import.meta.dirname, '../node_modules/.bin');
const env = { PATH: `${bin}:${process.env.PATH}`, HOME: process.env.HOME, npm_config_update_notifier: 'false' };

async function measure(effort: Effort): Promise<Measurement> {
  const directory = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  try {
    createDoubledProject(directory);
    const usedPorts = await findUsedPorts();
    const rows: Row[] = [];
    for (const count of effort.isQuick ? [10] : [10, 56, 112]) {
      const packageSeconds: number[] = [];
      const readySeconds: number[] = [];
      for (let index = 0; index < effort.choose(rounds); index += 1) {
        packageSeconds.push(measurePackage(directory, count));
        if (usedPorts.length === 0) readySeconds.push(await measureStart(directory, count));
      }
      rows.push({
        what: `${count} functions`,
        packageSeconds: round(median(packageSeconds), 2),
        packageRange: formatRange(packageSeconds, 2),
        ...(usedPorts.length === 0 && {
          readySeconds: round(median(readySeconds), 2),
          readyRange: formatRange(readySeconds, 2),
        }),
      });
    }
    const notes =
      usedPorts.length === 0
        ? []
        : [`The times for npm start are missing, because these ports were in use: ${usedPorts.join(', ')}.`];
    return { rows, notes };
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

function measurePackage(cwd: string, count: number): number {
  const startMs = performance.now();
  const parameters = ['package', '--stage', 'dev', ...allOperationsParameters];
  const { status, stdout, stderr } = spawnSync('serverless', parameters, {
    cwd,
    env: { ...env, [functionCountVariable]: String(count) },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout + stderr);
  return (performance.now() - startMs) / 1000;
}

/** Measures the time from starting `npm start` until the command prints its last line, which begins with `Try:`. */
async function measureStart(cwd: string, count: number): Promise<number> {
  const startMs = performance.now();
  const child = spawn('npm', ['start'], {
    cwd,
    env: { ...env, [functionCountVariable]: String(count) },
    detached: true,
  });
  let output = '';
  let seconds: number | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (seconds === undefined && /^Try: .*\n/m.test(output)) {
        seconds = (performance.now() - startMs) / 1000;
        process.kill(-(child.pid ?? 0), 'SIGINT');
      }
    });
  }
  await once(child, 'close');
  if (seconds === undefined) throw new Error(output);
  return seconds;
}

async function findUsedPorts(): Promise<number[]> {
  const used: number[] = [];
  for (const port of ports) {
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isFree) await new Promise((resolve) => server.close(resolve));
    else used.push(port);
  }
  return used;
}
