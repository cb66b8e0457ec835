import type { FileHandle } from 'node:fs/promises';
import { type BulkItem, InvalidItemError, toBulkItemJson } from '../../functions/bulk/bulk-item.ts';
import type { ItemOutcome } from '../../functions/bulk/send-items.ts';
import { GrowingFile, hashBefore, nothingWritten, readChunks } from './list-files.ts';
import { type FailedRecord, formatFailure, type ListFormat } from './list-format.ts';
import { mapInOrder } from './map-in-order.ts';
import { Pace } from './pace.ts';
import type { Progress, ProgressFile } from './progress-file.ts';
import { type FileRecord, splitRecords } from './split-records.ts';

/** A record of the list: an item, or the reason why it is not an item. */
export type ListRecord =
  | { readonly item: BulkItem; readonly error?: undefined }
  | { readonly item?: undefined; readonly error: Extract<FailedRecord, { readonly item?: undefined }> };

/** Records that are sent together. */
export interface RecordBatch {
  readonly records: readonly ListRecord[];
  /** The position in the list after the records, and the number of the next line. */
  readonly offset: number;
  readonly line: number;
}

/** The limits of a request: far below the limits of Lambda (6 MB) and of API Gateway (30 seconds). */
const maxBatchItems = 500;
const maxBatchBytes = 1_500_000;
/** The bytes that an item needs besides its ciphertext and its encryption context. */
const itemBytes = 100;
/** The number of requests at the same time. The items of each request are processed concurrently, too. */
const requestsInFlight = 4;
/** The number of requests per second with a rate limit, so that the rate is even. */
const requestsPerSecond = 10;
/** The time between two moments at which the progress is made durable. */
const flushMs = 200;

export interface Reading {
  readonly format: ListFormat;
  readonly columns: readonly string[];
  readonly offset: number;
  readonly line: number;
  readonly maxItems?: number;
}

/** Reads the records of a list from a position, in batches. */
export async function* readBatches(list: FileHandle, reading: Reading): AsyncGenerator<RecordBatch, void> {
  const { format, columns, offset, line, maxItems = maxBatchItems } = reading;
  const limit = Math.min(maxItems, maxBatchItems);
  const chunks = readChunks(list, offset);
  let records: ListRecord[] = [];
  let bytes = 0;
  let next = { offset, line };
  const take = (): RecordBatch => {
    const batch = { records, ...next };
    [records, bytes] = [[], 0];
    return batch;
  };
  for await (const record of splitRecords(chunks, { offset, line, hasQuotes: format.hasQuotes })) {
    next = { offset: record.end, line: record.nextLine };
    if (record.bytes.length === 0) continue;
    records.push(readRecord(format, columns, record));
    bytes += record.bytes.length + itemBytes;
    if (records.length >= limit || bytes >= maxBatchBytes) yield take();
  }
  if (records.length > 0) yield take();
}

function readRecord(format: ListFormat, columns: readonly string[], record: FileRecord): ListRecord {
  try {
    return { item: format.readItem(record, columns) };
  } catch (error) {
    if (!(error instanceof InvalidItemError)) throw error;
    const { line, bytes } = record;
    return { error: { line, text: bytes.toString('utf8'), error: { code: error.name, detail: error.message } } };
  }
}

export interface ListRun {
  readonly list: FileHandle;
  readonly format: ListFormat;
  readonly out: string;
  readonly failures: string;
  readonly progressFile: ProgressFile;
  readonly start: Progress;
  readonly perSecond: number | undefined;
  readonly signal: AbortSignal;
  /** Re-encrypts items. Returns their outcomes in the same order. */
  readonly reEncrypt: (items: readonly BulkItem[]) => Promise<readonly ItemOutcome[]>;
  readonly onProgress: (progress: Progress) => void;
}

/** The progress of a new run, which begins after the header of the list. */
export function createStart(reading: Pick<Reading, 'columns' | 'offset' | 'line'>): Progress {
  const { offset, line, columns } = reading;
  return {
    offset,
    line,
    columns,
    succeeded: 0,
    failed: 0,
    invalid: 0,
    listSha256: '',
    out: nothingWritten,
    failures: nothingWritten,
  };
}

/**
 * Re-encrypts the rest of a list. Each item has exactly one record in the output or in the failures, in the order of the
 * list: everything that was written after the last durable progress is removed when the run continues.
 */
export async function reEncryptList(run: ListRun): Promise<Progress> {
  const { list, format, progressFile, start, perSecond, signal, onProgress } = run;
  const out = await GrowingFile.open(run.out, start.out);
  const failures = await GrowingFile.open(run.failures, start.failures).catch(async (error: unknown) => {
    await out.close(false);
    throw error;
  });
  const pace = new Pace(perSecond);
  let progress = start;
  let flushedMs = performance.now();
  const flush = async () => {
    await out.flush();
    await failures.flush();
    const listSha256 = await hashBefore(list, progress.offset);
    progress = { ...progress, listSha256, out: out.written, failures: failures.written };
    await progressFile.write(progress);
    flushedMs = performance.now();
  };
  try {
    if (start.out.bytes === 0) out.add(format.formatHeader(false));
    await flush();
    const reading = { format, columns: start.columns, offset: start.offset, line: start.line };
    const batches = readBatches(
      list,
      perSecond === undefined ? reading : { ...reading, maxItems: Math.ceil(perSecond / requestsPerSecond) },
    );
    const processed = mapInOrder(batches, requestsInFlight, async (batch) => {
      const items = batch.records.flatMap(({ item }) => (item === undefined ? [] : [item]));
      await pace.take(items.length, signal);
      return { batch, outcomes: items.length === 0 ? [] : await run.reEncrypt(items) };
    });
    try {
      for await (const { batch, outcomes } of processed) {
        const counts = addRecords(batch, outcomes);
        progress = {
          ...progress,
          ...counts,
          offset: batch.offset,
          line: batch.line,
        };
        onProgress(progress);
        if (performance.now() - flushedMs >= flushMs) await flush();
      }
    } finally {
      // Also keeps what was done before an error or a signal.
      await flush();
    }
    return progress;
  } finally {
    await out.close(false);
    await failures.close(true);
  }

  function addRecords({ records }: RecordBatch, outcomes: readonly ItemOutcome[]) {
    let { succeeded, failed, invalid } = progress;
    let next = 0;
    for (const record of records) {
      const outcome = record.item === undefined ? record.error : (outcomes[next++] as ItemOutcome);
      if ('ciphertext' in outcome) {
        out.add(format.formatItem(toBulkItemJson({ ...(record.item as BulkItem), ...outcome }), false));
        succeeded += 1;
        continue;
      }
      if (failed === 0) failures.add(format.formatHeader(true));
      const failure = record.item === undefined ? record.error : { item: record.item, error: outcome.error };
      failures.add(formatFailure(format, failure));
      failed += 1;
      if (record.item === undefined) invalid += 1;
    }
    return { succeeded, failed, invalid };
  }
}
