import { allOperations } from '../../functions/all-operations.ts';
import { findBatch, functionName, type JsonObject } from '../../shared/declaration/operation.ts';
import type { CallOptions } from '../calls/call-operation.ts';
import { delay } from '../calls/deadline.ts';
import type { Client } from '../client.ts';
import { KmsFunctionsClientError } from '../errors.ts';
import type { BatchItemFor, BatchName, BatchRequestFor, BatchResultFor } from './batch-types.ts';
import { type IndexedItem, splitItems } from './split-items.ts';

export interface BatchesOptions extends Pick<CallOptions, 'signal' | 'timeoutMs'> {
  /** The largest number of items in a call. Default: 1,000. Calls contain fewer items if these are large. */
  readonly itemsPerCall?: number | undefined;
  /** The number of calls that are sent at the same time. Default: 4. */
  readonly callsInFlight?: number | undefined;
  /**
   * The number of calls in a row that may fail for all their items before the items' errors are returned. Calls in which
   * at least one item succeeds do not count. Default: 8.
   */
  readonly attempts?: number | undefined;
  /** Receives the number of items that have a result, after each call. */
  readonly onProgress?: ((progress: BatchesProgress) => void) | undefined;
}

export interface BatchesProgress {
  readonly succeeded: number;
  readonly failed: number;
}

/** The result of an item. */
export interface IndexedResult<Result> {
  /** The item's position in the items. */
  readonly index: number;
  readonly result: Result;
}

const defaults = { itemsPerCall: 1_000, callsInFlight: 4, attempts: 8 } as const;
/** The upper limits for the random delay before the first repetition, and before any. */
const baseDelayMs = 200;
const maxDelayMs = 5_000;

/**
 * Processes any number of items with a batch operation. Splits the items over calls, and repeats items whose errors are
 * retryable. Returns the results in the order of the items, as they become available. Items are read only when they are
 * needed, so that they can come from a stream.
 *
 * The iteration throws if a call fails for a reason that applies to all items, such as a missing permission. An item's own
 * error is `Error` in its result.
 *
 * @example
 * ```ts
 * for await (const { index, result } of sendInBatches(client, 'encryptBatch', { KeyId: 'alias/app' }, items)) {
 *   if (result.Error) console.error(index, result.Error.detail);
 *   else await save(index, result.CiphertextBlob);
 * }
 * ```
 */
export async function* sendInBatches<Name extends BatchName>(
  client: Client,
  name: Name,
  request: BatchRequestFor<Name>,
  items: Iterable<BatchItemFor<Name>> | AsyncIterable<BatchItemFor<Name>>,
  options: BatchesOptions = {},
): AsyncGenerator<IndexedResult<BatchResultFor<Name>>, void> {
  const { itemsPerCall, callsInFlight, attempts } = readOptions(options);
  const operation = allOperations.find((each) => functionName(each) === name);
  const batch = operation && findBatch(operation);
  if (batch === undefined) throw new TypeError(`${name} is not a batch.`);
  const groups = splitItems(items, { batch, request: request as JsonObject, maxItems: itemsPerCall });
  const progress = { succeeded: 0, failed: 0 };
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const send = (sent: readonly IndexedItem[]) =>
    callBatch(client, name, { ...request, Items: sent.map(({ item }) => item) }, { ...options, signal });
  const process = (group: readonly IndexedItem[]) =>
    processGroup(group, send, { attempts, signal }, (succeeded, failed) => {
      progress.succeeded += succeeded;
      progress.failed += failed;
      options.onProgress?.({ ...progress });
    });

  const pending: Promise<IndexedResult<unknown>[]>[] = [];
  try {
    let isAtEnd = false;
    for (;;) {
      while (!isAtEnd && pending.length < callsInFlight) {
        const { value, done } = await groups.next();
        if (done || value === undefined) isAtEnd = true;
        else {
          const results = process(value);
          // The error is thrown when its results are due.
          results.catch(() => {});
          pending.push(results);
        }
      }
      const first = pending.shift();
      if (first === undefined) return;
      yield* (await first) as IndexedResult<BatchResultFor<Name>>[];
    }
  } finally {
    // The caller has stopped the iteration, or a call has failed.
    stop.abort();
    await Promise.allSettled(pending);
    // Closes the source of the items, such as a file.
    await groups.return();
  }
}

/** Rejects numbers below 1 and NaN, with which no item would be sent, or items would be sent again without an end. */
function readOptions(options: BatchesOptions) {
  const numbers = {
    itemsPerCall: options.itemsPerCall ?? defaults.itemsPerCall,
    callsInFlight: options.callsInFlight ?? defaults.callsInFlight,
    attempts: options.attempts ?? defaults.attempts,
  };
  for (const [name, value] of Object.entries(numbers))
    if (!(value >= 1)) throw new TypeError(`\`${name}\` must be a number from 1.`);
  return numbers;
}

/** The members of any batch's result that decide about its repetition. */
interface AnyResult {
  readonly Error?: { readonly code: string; readonly retryable: boolean } | undefined;
}

type AnyMethod = (input: object, options: CallOptions) => Promise<{ readonly Results: readonly AnyResult[] }>;

async function callBatch(
  client: Client,
  name: BatchName,
  input: object,
  { signal, timeoutMs }: BatchesOptions,
): Promise<readonly AnyResult[]> {
  const method = client[name] as unknown as AnyMethod;
  return (await method(input, { signal, timeoutMs })).Results;
}

/** Sends a group's items until each has succeeded or has an error that a repetition cannot change. */
async function processGroup(
  group: readonly IndexedItem[],
  send: (items: readonly IndexedItem[]) => Promise<readonly AnyResult[]>,
  { attempts, signal }: { readonly attempts: number; readonly signal: AbortSignal },
  report: (succeeded: number, failed: number) => void,
): Promise<IndexedResult<AnyResult>[]> {
  const results = new Map<number, AnyResult>();
  let left = group;
  for (let failures = 0; left.length > 0; ) {
    const sent = left;
    let received: readonly AnyResult[] = [];
    try {
      received = await send(sent);
    } catch (error) {
      if (!(error instanceof KmsFunctionsClientError) || !error.retryable) throw error;
      failures += 1;
      if (failures >= attempts) throw error;
      await delay(chooseDelayMs(failures), signal);
      continue;
    }
    const succeeded = received.filter(({ Error: error }) => error === undefined).length;
    failures = succeeded > 0 ? 0 : failures + 1;
    const isLast = failures >= attempts;
    left = sent.filter((_, position) => !isLast && received[position]?.Error?.retryable === true);
    const again = new Set(left);
    for (const [position, item] of sent.entries())
      if (!again.has(item)) results.set(item.index, received[position] as AnyResult);
    report(succeeded, sent.length - succeeded - left.length);
    if (left.length > 0 && failures > 0) await delay(chooseDelayMs(failures), signal);
  }
  return group.map(({ index }) => ({ index, result: results.get(index) as AnyResult }));
}

function chooseDelayMs(failures: number): number {
  return Math.random() * Math.min(maxDelayMs, baseDelayMs * 2 ** failures);
}
