import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Answer, Bench, Effort, Row } from './bench.ts';
import { functionEnvironment } from './function-environment.ts';
import { median, rounded, spread } from './median.ts';
import { packageAll } from './packaged.ts';
import { medianRatio } from './pairs.ts';
import { buildPeers } from './peers.ts';
import { start } from './server-process.ts';

export const coldStartBench: Bench = {
  name: 'cold-start',
  question:
    'How long does a function take to load in a fresh process, from its zip, beside a bare call by the SDK that esbuild bundles by itself?',
  run: measure,
};

const peerRounds = 21;
const functionRounds = 3;

const run = promisify(execFile);

async function measure(effort: Effort): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  const emulator = await start(process.execPath, [
    join(import.meta.dirname, '../emulator/cli.ts'),
    ...['--port', '0', '--in-memory'],
  ]);
  try {
    const functions = await packageAll(folder, effort.isQuick ? ['Encrypt', 'CreateKey'] : undefined);
    const peers = await buildPeers(folder);
    const encrypt = functions.find(({ name }) => name === 'encrypt');
    if (encrypt === undefined) throw new Error('there is no function encrypt');
    const load = (file: string, event?: object) => loadOnce(file, emulator.endpoint, event);

    const sides = { ...peers, encrypt: encrypt.file };
    const times = Object.fromEntries(Object.keys(sides).map((side) => [side, [] as Loaded[]]));
    for (let round = 0; round < effort.of(peerRounds); round += 1) {
      for (const [side, file] of Object.entries(sides)) times[side]?.push(await load(file, input));
    }
    const column = (side: string, index: 0 | 1 | 2) => (times[side] ?? []).map((pair) => pair[index]);
    const row = (what: string, side: keyof typeof sides): Row => ({
      what,
      bytes: statSync(sides[side]).size,
      ...figures(times[side] ?? [], times.bare ?? []),
      firstAnswerMs: rounded(median(column(side, 2)), 1),
      firstAnswerRatio: rounded(medianRatio(column(side, 2), column('bare', 2)), 2),
    });
    const rows = [
      row('empty handler', 'empty'),
      row('bare SDK call, esbuild --minify', 'bare'),
      row('bare SDK call, mainFields module first', 'bareModules'),
      row('function encrypt', 'encrypt'),
    ];
    for (const { name, file, bundleBytes, zipBytes } of functions) {
      const ours: Loaded[] = [];
      const theirs: Loaded[] = [];
      for (let round = 0; round < effort.of(functionRounds); round += 1) {
        theirs.push(await load(peers.bare));
        ours.push(await load(file));
      }
      rows.push({ what: name, bytes: bundleBytes, zipBytes, ...figures(ours, theirs) });
    }
    return {
      rows,
      notes: [
        'ratio: to the bare SDK call with esbuild --minify, the median of the pairs',
        'cpu: of all threads of the process, so it hardly depends on what else the machine does',
        'the functions load with their client made, as the bare call does',
      ],
    };
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Loaded = readonly [loadMs: number, cpuMs: number, firstAnswerMs: number];

function figures(ours: readonly Loaded[], bare: readonly Loaded[]): Row {
  const loadMs = ours.map(([ms]) => ms);
  const cpuMs = ours.map(([, ms]) => ms);
  return {
    loadMs: rounded(median(loadMs), 1),
    leastToMostMs: spread(loadMs, 1),
    ratio: rounded(
      medianRatio(
        loadMs,
        bare.map(([ms]) => ms),
      ),
      2,
    ),
    cpuMs: rounded(median(cpuMs), 1),
    cpuRatio: rounded(
      medianRatio(
        cpuMs,
        bare.map(([, ms]) => ms),
      ),
      2,
    ),
  };
}

const input = { KeyId: 'alias/example', Plaintext: 'SGVsbG8sIEtNUyE=' };

/** The first answer is that to `event`, where there is one. */
async function loadOnce(file: string, endpoint: string, event?: object): Promise<Loaded> {
  const args = [join(import.meta.dirname, 'load-once.cjs'), file, ...(event ? [JSON.stringify(event)] : [])];
  const { stderr } = await run(process.execPath, args, { env: functionEnvironment(endpoint) });
  return JSON.parse(stderr) as Loaded;
}
