import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, Effort, Measurement, Row } from './benchmark.ts';
import { buildFunctionEnvironment } from './function-environment.ts';
import { packageFunctions } from './package-functions.ts';
import { runScript } from './run-script.ts';
import { buildSdkBaselines } from './sdk-baselines.ts';
import { startEmulatorProcess } from './server-process.ts';
import { formatRange, median, pairRatios, round } from './statistics.ts';

export const coldStart: Benchmark = {
  name: 'cold-start',
  question:
    "How long does a packaged function take to load in a fresh process, compared with a plain SDK call bundled with esbuild's defaults?",
  run: measure,
};

const baselineRounds = 21;
const functionRounds = 3;

async function measure(effort: Effort): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'kms-bench-'));
  const emulator = await startEmulatorProcess();
  try {
    const functions = await packageFunctions(folder, effort.isQuick ? ['Encrypt', 'CreateKey'] : undefined);
    const baselines = await buildSdkBaselines(folder);
    const encrypt = functions.find(({ name }) => name === 'encrypt');
    if (encrypt === undefined) throw new Error('The packaged functions must include encrypt.');
    const load = (file: string, event?: object) => measureLoad(file, emulator.endpoint, event);

    const files = { ...baselines, encrypt: encrypt.file };
    const times = { empty: [] as Times[], sdk: [] as Times[], sdkModules: [] as Times[], encrypt: [] as Times[] };
    for (let index = 0; index < effort.choose(baselineRounds); index += 1) {
      for (const side of Object.keys(files) as (keyof typeof files)[]) times[side].push(await load(files[side], event));
    }
    const toRow = (what: string, side: keyof typeof files): Row => {
      const firstResponseMs = times[side].map((time) => time[2]);
      const sdkFirstResponseMs = times.sdk.map((time) => time[2]);
      return {
        what,
        bytes: statSync(files[side]).size,
        ...compareLoad(times[side], times.sdk),
        firstResponseMs: round(median(firstResponseMs), 1),
        firstResponseRatio: round(median(pairRatios(firstResponseMs, sdkFirstResponseMs)), 2),
      };
    };
    const rows = [
      toRow('empty handler', 'empty'),
      toRow('plain SDK call, esbuild --minify', 'sdk'),
      toRow('plain SDK call, esbuild --minify --main-fields=module,main', 'sdkModules'),
      toRow('encrypt function', 'encrypt'),
    ];
    for (const { name, file, bundleBytes, zipBytes } of functions) {
      const ours: Times[] = [];
      const theirs: Times[] = [];
      for (let index = 0; index < effort.choose(functionRounds); index += 1) {
        theirs.push(await load(baselines.sdk));
        ours.push(await load(file));
      }
      rows.push({ what: name, bytes: bundleBytes, zipBytes, ...compareLoad(ours, theirs) });
    }
    return {
      rows,
      notes: [
        'Each ratio compares a row with the plain SDK call bundled with esbuild --minify, and is the median over all pairs.',
        'CPU times count only the threads of the process, so load from other programs hardly affects them.',
        'In all rows except the empty handler, the load time includes creating the KMS client.',
      ],
    };
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Times = readonly [loadMs: number, cpuMs: number, firstResponseMs: number];

function compareLoad(ours: readonly Times[], sdk: readonly Times[]): Row {
  const [loadMs, sdkLoadMs] = [ours, sdk].map((times) => times.map((time) => time[0])) as [number[], number[]];
  const [cpuMs, sdkCpuMs] = [ours, sdk].map((times) => times.map((time) => time[1])) as [number[], number[]];
  return {
    loadMs: round(median(loadMs), 1),
    rangeMs: formatRange(loadMs, 1),
    ratio: round(median(pairRatios(loadMs, sdkLoadMs)), 2),
    cpuMs: round(median(cpuMs), 1),
    cpuRatio: round(median(pairRatios(cpuMs, sdkCpuMs)), 2),
  };
}

const event = { KeyId: 'alias/example', Plaintext: 'SGVsbG8sIEtNUyE=' };

function measureLoad(file: string, endpoint: string, event?: object): Promise<Times> {
  const args = [file, ...(event ? [JSON.stringify(event)] : [])];
  return runScript('measure-load.cjs', args, buildFunctionEnvironment(endpoint));
}
