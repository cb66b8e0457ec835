import type { WorkerConfig } from '../worker-config.ts';
import { getObject, putObject } from './objects.ts';
import type { BatchCounts } from './process-batch.ts';
import type { RunKeys } from './re-encrypt-batch.ts';

/** A finished run, as the state machine passes it. */
export interface SummaryEvent {
  readonly summarize: RunKeys & {
    readonly run: string;
    readonly list: string;
    readonly dryRun: boolean;
    readonly startedAt: string;
    /** The object that lists the files with the results of the batches. */
    readonly manifest: string;
  };
}

/** The summary of a run, which is also the output of the execution. */
export interface RunSummary {
  readonly run: string;
  readonly list: string;
  readonly from: string;
  readonly key: string;
  readonly dryRun: boolean;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly batches: number;
  readonly items: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly codes: Readonly<Record<string, number>>;
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html */
interface Manifest {
  readonly ResultFiles: { readonly SUCCEEDED: readonly { readonly Key: string }[] };
}

/** Adds up the counts of a run's batches, and writes the summary next to its results. */
export async function summarizeRun({ summarize }: SummaryEvent, { bucket }: WorkerConfig): Promise<RunSummary> {
  const { manifest, ...run } = summarize;
  const { ResultFiles } = (await (await getObject(bucket, manifest)).json()) as Manifest;
  const sum = { batches: 0, items: 0, succeeded: 0, failed: 0 };
  const codes: Record<string, number> = {};
  for (const { Key } of ResultFiles.SUCCEEDED) {
    for await (const line of readLines(await getObject(bucket, Key))) {
      const counts = JSON.parse(line) as BatchCounts;
      sum.batches += 1;
      for (const name of ['items', 'succeeded', 'failed'] as const) sum[name] += counts[name];
      for (const [code, number] of Object.entries(counts.codes)) codes[code] = (codes[code] ?? 0) + number;
    }
  }
  const summary = { ...run, endedAt: new Date().toISOString(), ...sum, codes };
  await putObject(bucket, `runs/${run.run}/summary.json`, `${JSON.stringify(summary, null, 2)}\n`);
  return summary;
}

/** Reads a body line by line, because the results of a long run can exceed the memory. */
async function* readLines({ body }: Response): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body ?? []) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}
