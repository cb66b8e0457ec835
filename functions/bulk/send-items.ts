import { setTimeout as wait } from 'node:timers/promises';
import type { BulkItemError } from './bulk-item.ts';

/** What happened to an item: its new ciphertext, or the error. */
export type ItemOutcome = { readonly ciphertext: Uint8Array } | { readonly error: BulkItemError };

/** The result of an item in the response to one request. */
export type ItemResult =
  | { readonly ciphertext: Uint8Array }
  | { readonly error: BulkItemError & { readonly retryable: boolean } };

export interface SendOptions<Item> {
  /** Sends one request, and returns the results in the order of the items. */
  readonly send: (items: readonly Item[]) => Promise<readonly ItemResult[]>;
  /** Returns whether an error of a whole request may be temporary. */
  readonly isTemporary: (error: unknown) => boolean;
  readonly signal: AbortSignal;
  /** The pause before the first repetition. It doubles with each repetition without progress. */
  readonly firstPauseMs?: number;
}

/** The number of requests without a completed item, after which the errors are final. */
const maxRepetitions = 8;
const maxPauseMs = 30_000;

/**
 * Sends items until each has a final outcome. Repeats the items that failed temporarily or were not attempted, as long as
 * other items complete. If no item completes any more, the last errors are the outcomes, and the error of a whole request
 * is thrown.
 */
export async function sendItems<Item>(
  items: readonly Item[],
  { send, isTemporary, signal, firstPauseMs = 500 }: SendOptions<Item>,
): Promise<readonly ItemOutcome[]> {
  const outcomes = new Array<ItemOutcome>(items.length);
  let open = items.map((_, index) => index);
  let repetitions = 0;
  while (open.length > 0) {
    const isLast = repetitions === maxRepetitions;
    const completed = await sendOnce(open.map((index) => items[index] as Item));
    const before = open.length;
    open = open.filter((index, position) => {
      const result = completed?.[position];
      if (result === undefined) return true;
      if (!('error' in result)) outcomes[index] = result;
      else if (result.error.retryable && !isLast) return true;
      else outcomes[index] = { error: { code: result.error.code, detail: result.error.detail } };
      return false;
    });
    if (open.length === 0) break;
    repetitions = open.length < before ? 0 : repetitions + 1;
    const pauseMs = Math.min(maxPauseMs, firstPauseMs * 2 ** Math.max(0, repetitions - 1));
    await wait(pauseMs * (0.5 + Math.random() / 2), undefined, { signal });
  }
  return outcomes;

  async function sendOnce(batch: readonly Item[]): Promise<readonly ItemResult[] | undefined> {
    signal.throwIfAborted();
    try {
      return await send(batch);
    } catch (error) {
      if (signal.aborted || repetitions === maxRepetitions || !isTemporary(error)) throw error;
      return undefined;
    }
  }
}
