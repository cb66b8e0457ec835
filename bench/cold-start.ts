import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Answer, Bench, Row } from './bench.ts';
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

async function measure(): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  const emulator = await start(process.execPath, [
    join(import.meta.dirname, '../emulator/cli.ts'),
    ...['--port', '0', '--in-memory'],
  ]);
  try {
    const functions = packageAll(folder);
    const peers = await buildPeers(folder);
    const encrypt = functions.find(({ name }) => name === 'encrypt');
    if (encrypt === undefined) throw new Error('there is no function encrypt');
    const load = (file: string, event?: object) => loadOnce(file, emulator.endpoint, event);

    const sides = { ...peers, encrypt: encrypt.file };
    const times = Object.fromEntries(Object.keys(sides).map((side) => [side, [] as [number, number][]]));
    for (let round = 0; round < peerRounds; round += 1) {
      for (const [side, file] of Object.entries(sides)) times[side]?.push(await load(file, input));
    }
    const column = (side: string, index: 0 | 1) => (times[side] ?? []).map((pair) => pair[index]);
    const row = (what: string, side: keyof typeof sides): Row => ({
      what,
      bytes: statSync(sides[side]).size,
      ...figures(column(side, 0), column('bare', 0)),
      firstAnswerMs: rounded(median(column(side, 1)), 1),
      firstAnswerRatio: rounded(medianRatio(column(side, 1), column('bare', 1)), 2),
    });
    const rows = [
      row('empty handler', 'empty'),
      row('bare SDK call, esbuild --minify', 'bare'),
      row('bare SDK call, mainFields module first', 'bareModules'),
      row('function encrypt', 'encrypt'),
    ];
    for (const { name, file, bundleBytes, zipBytes } of functions) {
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < functionRounds; round += 1) {
        theirs.push((await load(peers.bare))[0]);
        ours.push((await load(file))[0]);
      }
      rows.push({ what: name, bytes: bundleBytes, zipBytes, ...figures(ours, theirs) });
    }
    return {
      rows,
      notes: [
        'ratio: to the bare SDK call with esbuild --minify, the median of the pairs',
        'the functions load with their client made',
      ],
    };
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function figures(loadMs: readonly number[], bareLoadMs: readonly number[]): Row {
  return {
    loadMs: rounded(median(loadMs), 1),
    leastToMostMs: spread(loadMs, 1),
    ratio: rounded(medianRatio(loadMs, bareLoadMs), 2),
  };
}

const input = { KeyId: 'alias/example', Plaintext: 'SGVsbG8sIEtNUyE=' };

/** Milliseconds to load, and to the first answer, where there is an event to answer. */
async function loadOnce(file: string, endpoint: string, event?: object): Promise<[number, number]> {
  const args = [join(import.meta.dirname, 'load-once.cjs'), file, ...(event ? [JSON.stringify(event)] : [])];
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_KMS: endpoint,
    KMS_FUNCTIONS_STAGE: 'local',
  };
  const { stderr } = await run(process.execPath, args, { env });
  return JSON.parse(stderr) as [number, number];
}
