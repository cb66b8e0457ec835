import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { copyProject, removeDirectory } from '../test/support/project-copy.ts';
import type { Benchmark, Effort, Measurement } from './benchmark.ts';
import { formatRange, median, round } from './statistics.ts';

export const batches: Benchmark = {
  name: 'batches',
  question: 'How many plaintexts per second does EncryptBatch encrypt over HTTP, compared with Encrypt?',
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
  // In its own process, so that the emulator takes no time from the functions, as KMS takes none from Lambda. `npm start`
  // finds it by the data directory.
  const stopEmulator = await startCommand(directory, ['run', 'emulator', '--', '--port', '4599'], 'KMS emulator: ');
  const stopService = await startCommand(directory, ['start'], 'Try: ');
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
        'Rounds alternate between both operations. The API and the functions run in `npm start`, and the emulator in `npm run emulator`, on the same machine as the caller. The ratio is the median over all rounds.',
      ],
    };
  } finally {
    await stopService();
    await stopEmulator();
    removeDirectory(directory);
  }
}

/** Starts an npm command, waits until it prints `ready`, and returns a function that ends it. */
async function startCommand(cwd: string, args: readonly string[], ready: string): Promise<() => Promise<void>> {
  const child = spawn('npm', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const ended = once(child, 'exit');
  const started = new Promise<void>((resolve) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (!output.includes(ready)) output += String(chunk);
      if (output.includes(ready)) resolve();
    });
  });
  await Promise.race([started, ended.then(() => Promise.reject(new Error(`npm ${args.join(' ')} has ended.`)))]);
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
