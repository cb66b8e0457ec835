import { setTimeout as wait } from 'node:timers/promises';
import { isTemporaryAwsError } from '../../../shared/aws/send-aws-request.ts';
import {
  type BulkItem,
  type BulkItemError,
  type BulkItemJson,
  InvalidItemError,
  readBulkItem,
  toBulkItemJson,
} from '../bulk-item.ts';
import { sendItems } from '../send-items.ts';
import type { WorkerConfig } from '../worker-config.ts';
import { putObject } from './objects.ts';
import { type RunKeys, reEncryptBatch } from './re-encrypt-batch.ts';

/** A batch of items, as the state machine passes it. */
export interface BatchEvent {
  /** The name of the execution for the batch. It stays the same when the batch is repeated. */
  readonly batch: string;
  readonly input: RunKeys & { readonly run: string; readonly dryRun: boolean };
  readonly items: readonly unknown[];
}

/** The counts of a batch, which the state machine writes to the results of the run. */
export interface BatchCounts {
  readonly batch: string;
  readonly items: number;
  readonly succeeded: number;
  readonly failed: number;
  /** The number of failed items by error code. */
  readonly codes: Readonly<Record<string, number>>;
}

interface InvalidRecord {
  readonly error: BulkItemError;
}

/**
 * Re-encrypts a batch, and writes its results and failures to one object each. A repeated batch replaces its objects, so
 * that each item has exactly one record.
 */
export async function processBatch(event: BatchEvent, config: WorkerConfig): Promise<BatchCounts> {
  const startedMs = performance.now();
  const { batch, input, items } = event;
  const valid: BulkItem[] = [];
  const failures: object[] = [];
  const codes: Record<string, number> = {};
  const fail = (failure: object, code: string) => {
    failures.push(failure);
    codes[code] = (codes[code] ?? 0) + 1;
  };
  for (const [index, item] of items.entries()) {
    const read = readItem(item);
    if (!('error' in read)) valid.push(read);
    else fail(toFailure(item, index, read.error), read.error.code);
  }
  if (input.dryRun) return count(batch, items, valid.length, codes);
  const signal = AbortSignal.timeout(config.limitMs);
  const outcomes = await sendItems(valid, {
    send: (open) => reEncryptBatch(config.reEncryptFunction, input, open, signal),
    isTemporary: isTemporaryAwsError,
    signal,
  });
  const results: BulkItemJson[] = [];
  for (const [index, outcome] of outcomes.entries()) {
    const item = valid[index] as BulkItem;
    if ('ciphertext' in outcome) results.push(toBulkItemJson({ ...item, ...outcome }));
    else fail(toBulkItemJson(item, outcome.error), outcome.error.code);
  }
  await Promise.all([
    writeList(config.bucket, `runs/${input.run}/results/${batch}.jsonl`, results),
    writeList(config.bucket, `runs/${input.run}/failures/${batch}.jsonl`, failures),
  ]);
  // The batch takes a minimum time, so that all workers together stay below their share of the quota.
  await wait(Math.max(0, config.minBatchMs - (performance.now() - startedMs)));
  return count(batch, items, results.length, codes);
}

function readItem(item: unknown): BulkItem | InvalidRecord {
  try {
    return readBulkItem(item);
  } catch (error) {
    if (!(error instanceof InvalidItemError)) throw error;
    return { error: { code: error.name, detail: error.message } };
  }
}

/**
 * Returns the record of an invalid item. Step Functions has parsed the list, so that a large number is no longer the one in
 * the list. Such an item has its position instead of a reference.
 */
function toFailure(item: unknown, index: number, { code, detail }: BulkItemError): object {
  const error = { code, detail: `Item ${index + 1} of the batch: ${detail}` };
  if (typeof item !== 'object' || item === null) return { reference: '', ciphertext: String(item), error };
  const { reference } = item as { reference?: unknown };
  const isChanged = typeof reference === 'number' && !Number.isSafeInteger(reference);
  return { ...item, ...(isChanged && { reference: '' }), error };
}

function count(batch: string, items: readonly unknown[], succeeded: number, codes: BatchCounts['codes']): BatchCounts {
  return { batch, items: items.length, succeeded, failed: items.length - succeeded, codes };
}

/** Writes a list, also an empty one, because an earlier attempt may have written another. */
async function writeList(bucket: string, key: string, list: readonly object[]): Promise<void> {
  const body = list.map((item) => `${JSON.stringify(item)}\n`).join('');
  await putObject(bucket, key, body);
}
