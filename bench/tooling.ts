import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Bench, Effort, Row } from './bench.ts';
import { median, rounded, spread } from './median.ts';
import { copyWithTwice, countVariable, everyOperation } from './project-copy.ts';

export const toolingBench: Bench = {
  name: 'tooling',
  question: 'How long do packaging and npm start take, with 10, 56 and 112 functions?',
  run: measure,
};

const rounds = 3;
const ports = [3000, 3002, 4599];

const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
const env = { PATH: `${bin}:${process.env.PATH}`, HOME: process.env.HOME, npm_config_update_notifier: 'false' };

async function measure(effort: Effort): Promise<Answer> {
  const directory = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  try {
    copyWithTwice(directory);
    const taken = await takenPorts();
    const rows: Row[] = [];
    for (const count of effort.isQuick ? [10] : [10, 56, 112]) {
      const packageSeconds: number[] = [];
      const readySeconds: number[] = [];
      for (let round = 0; round < effort.of(rounds); round += 1) {
        packageSeconds.push(packageOnce(directory, count));
        if (taken.length === 0) readySeconds.push(await startOnce(directory, count));
      }
      rows.push({
        what: `${count} functions`,
        packageSeconds: rounded(median(packageSeconds), 2),
        packageLeastToMost: spread(packageSeconds, 2),
        ...(taken.length === 0 && {
          readySeconds: rounded(median(readySeconds), 2),
          readyLeastToMost: spread(readySeconds, 2),
        }),
      });
    }
    return {
      rows,
      notes: taken.length === 0 ? [] : [`npm start was not measured: port ${taken} is taken`],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

function packageOnce(cwd: string, count: number): number {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync('serverless', ['package', '--stage', 'dev', ...everyOperation], {
    cwd,
    env: { ...env, [countVariable]: String(count) },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout + stderr);
  return (performance.now() - began) / 1000;
}

/** From the command to its last line, which says what to try. */
async function startOnce(cwd: string, count: number): Promise<number> {
  const began = performance.now();
  const child = spawn('npm', ['start'], { cwd, env: { ...env, [countVariable]: String(count) }, detached: true });
  let output = '';
  let seconds: number | undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (seconds === undefined && /^Try: .*\n/m.test(output)) {
        seconds = (performance.now() - began) / 1000;
        process.kill(-(child.pid ?? 0), 'SIGINT');
      }
    });
  }
  await once(child, 'close');
  if (seconds === undefined) throw new Error(output);
  return seconds;
}

async function takenPorts(): Promise<number[]> {
  const taken: number[] = [];
  for (const port of ports) {
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (isFree) await new Promise((resolve) => server.close(resolve));
    else taken.push(port);
  }
  return taken;
}
