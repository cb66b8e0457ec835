import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Effort, Row } from './benchmark.ts';
import type { FileFigures, FileTask } from './envelope-file-worker.ts';
import { runInProcess } from './run-in-process.ts';
import { median, pairRatios, round } from './statistics.ts';

const megabyte = 1_000_000;
const worker = 'envelope-file-worker.ts';

/** Seals and opens a file with streams, in turns with raw AES-256-GCM over the same file. Each run has its own process. */
export async function compareFiles(effort: Effort): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'envelope-bench-'));
  const megabytes = effort.choose(1_000, 64);
  const [plain, sealed, rawSealed] = ['plain', 'sealed', 'raw-sealed'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const output = join(folder, 'output');
  try {
    await writeRandomFile(plain, megabytes);
    const runs = {
      seal: [
        { kind: 'seal', input: plain, output: sealed },
        { kind: 'rawSeal', input: plain, output: rawSealed },
      ],
      open: [
        { kind: 'open', input: sealed, output },
        { kind: 'rawOpen', input: rawSealed, output },
      ],
    } as const satisfies Record<string, readonly FileTask[]>;
    const rows: Row[] = [];
    for (const [name, [ours, theirs]] of Object.entries(runs)) {
      const figures: { ours: FileFigures[]; theirs: FileFigures[] } = { ours: [], theirs: [] };
      for (let pair = 0; pair < effort.choose(3); pair += 1) {
        figures.ours.push(await runInProcess<FileFigures>(worker, ours));
        figures.theirs.push(await runInProcess<FileFigures>(worker, theirs));
      }
      const times = (list: readonly FileFigures[]) => list.map(({ ms }) => ms);
      const cpuTimes = (list: readonly FileFigures[]) => list.map(({ cpuMs }) => cpuMs);
      rows.push({
        what: `${name} a file of ${megabytes} MB; raw`,
        ms: round(median(times(figures.ours))),
        otherMs: round(median(times(figures.theirs))),
        ratio: round(median(pairRatios(times(figures.ours), times(figures.theirs))), 2),
        cpuRatio: round(median(pairRatios(cpuTimes(figures.ours), cpuTimes(figures.theirs))), 2),
        memoryMB: round(Math.max(...figures.ours.map(({ growthBytes }) => growthBytes)) / megabyte),
      });
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeRandomFile(path: string, megabytes: number): Promise<void> {
  const file = await open(path, 'w');
  for (let index = 0; index < megabytes; index += 1) await file.write(randomBytes(megabyte));
  await file.close();
}
