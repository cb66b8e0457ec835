import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { copyProject, removeDirectory } from '../test/support/project-copy.ts';
import type { Benchmark, Effort, Measurement } from './benchmark.ts';
import { formatRange, median, round } from './statistics.ts';

export const batches: Benchmark = {
  name: 'batches',
  question: 'How many plaintexts per second does EncryptBatch encrypt through `npm start`, compared with Encrypt?',
  run: measure,
};

const api = 'http://127.0.0.1:3000/keys/alias.example';
const inFlight = 16;
const itemsPerBatch = 100;
const rounds = 5;
const roundMs = 4_000;

interface Load {
  readonly path: string;
  readonly body: object;
  readonly items: number;
}

const item = { Plaintext: Buffer.alloc(64, 'x').toString('base64'), EncryptionContext: { purpose: 'bench' } };
const single: Load = { path: '/encrypt', body: item, items: 1 };
const batch: Load = {
  path: '/encrypt-batch',
  body: { Items: Array.from({ length: itemsPerBatch }, () => item) },
  items: itemsPerBatch,
};

async function measure(effort: Effort): Promise<Measurement> {
  const directory = copyProject();
  const stop = await startService(directory);
  try {
    const singles: number[] = [];
    const batched: number[] = [];
    // Loads the functions, and lets Node.js compile their code.
    await run(single, 1_000, 1);
    await run(batch, 1_000, 1);
    for (let round = 0; round < effort.choose(rounds); round += 1) {
      singles.push(await run(single, effort.choose(roundMs, 500)));
      batched.push(await run(batch, effort.choose(roundMs, 500)));
    }
    const describe = (what: string, figures: readonly number[]) => ({
      what,
      'requests in flight': inFlight,
      'plaintexts/s': Math.round(median(figures)),
      range: formatRange(figures),
      ratio: round(median(figures.map((figure, index) => figure / (singles[index] ?? 1))), 1),
    });
    return {
      rows: [describe('Encrypt', singles), describe(`EncryptBatch, ${itemsPerBatch} items`, batched)],
      notes: [
        'Rounds alternate between both operations. The API, the functions and the emulator run in the processes of `npm start`, on the same machine as the caller. The ratio is the median over all rounds.',
      ],
    };
  } finally {
    await stop();
    removeDirectory(directory);
  }
}

/** Starts `npm start`, and returns a function that ends it. */
async function startService(cwd: string): Promise<() => Promise<void>> {
  const child = spawn('npm', ['start'], { cwd, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = once(child, 'exit');
  const started = new Promise<void>((resolve) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (!output.includes('Try: ')) output += String(chunk);
      if (output.includes('Try: ')) resolve();
    });
  });
  await Promise.race([started, ended.then(() => Promise.reject(new Error('npm start has ended.')))]);
  return async () => {
    // npm does not pass signals to its children.
    process.kill(-(child.pid as number), 'SIGINT');
    await ended;
  };
}

/** Sends requests for `durationMs`, and returns the number of plaintexts that were encrypted per second. */
async function run(load: Load, durationMs: number, requests = inFlight): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: requests });
  const startMs = performance.now();
  let encrypted = 0;
  const send = async () => {
    while (performance.now() - startMs < durationMs) {
      await post(load, agent);
      encrypted += load.items;
    }
  };
  await Promise.all(Array.from({ length: requests }, send));
  agent.destroy();
  return (encrypted * 1000) / (performance.now() - startMs);
}

/** Sends a request. Throws unless all its items were encrypted. */
function post({ path, body }: Load, agent: Agent): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request(`${api}${path}`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${path} returned ${response.statusCode}.`)),
      );
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}
