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
const batchSizes = [100, 1_000];
const roundCount = 5;
const roundMs = 4_000;

interface Load {
  readonly path: string;
  readonly body: object;
  readonly items: number;
}

const item = { Plaintext: Buffer.alloc(64, 'x').toString('base64'), EncryptionContext: { purpose: 'bench' } };
const single: Load = { path: '/encrypt', body: item, items: 1 };
const batchLoads: readonly Load[] = batchSizes.map((items) => ({
  path: '/encrypt-batch',
  body: { Items: Array.from({ length: items }, () => item) },
  items,
}));

async function measure(effort: Effort): Promise<Measurement> {
  const directory = copyProject();
  // In its own process, so that the emulator takes no time from the functions, as KMS takes none from Lambda. `npm start`
  // finds it by the data directory.
  const stopEmulator = await startCommand(directory, ['run', 'emulator', '--', '--port', '4599'], 'KMS emulator: ');
  let stopService = async () => {};
  try {
    stopService = await startCommand(directory, ['start'], 'Try: ');
    const loads = [single, ...batchLoads];
    // Loads the functions, and lets Node.js compile their code.
    for (const load of loads) await run(load, 1_000, 1);
    const rounds: number[][] = [];
    for (let round = 0; round < effort.choose(roundCount); round += 1) {
      const figures: number[] = [];
      for (const load of loads) figures.push(await run(load, effort.choose(roundMs, 500)));
      rounds.push(figures);
    }
    const describe = (what: string, column: number) => {
      const figures = rounds.map((round) => round[column] ?? 0);
      return {
        what,
        'requests in flight': inFlight,
        'plaintexts/s': Math.round(median(figures)),
        range: formatRange(figures),
        ratio: round(median(rounds.map(([singles = 1], index) => (figures[index] ?? 0) / singles)), 1),
      };
    };
    return {
      rows: [
        describe('Encrypt', 0),
        ...batchLoads.map(({ items }, index) =>
          describe(`EncryptBatch, ${items.toLocaleString('en')} items`, index + 1),
        ),
      ],
      notes: [
        'Rounds alternate between the rows. The API and the functions run in `npm start`, and the emulator in `npm run emulator`, on the same machine as the caller. The ratio is the median over all rounds.',
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
