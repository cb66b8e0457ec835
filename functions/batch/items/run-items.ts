import { AdaptiveLimit } from './adaptive-limit.ts';

/** What happened to an item. An item that was not attempted had no effect. */
export type ItemOutcome<Result> =
  | { readonly kind: 'succeeded'; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'not-attempted' };

export interface ItemRun<Item, Result> {
  /** Processes an item. Must end by the deadline. An error is the item's outcome, and does not affect other items. */
  readonly perform: (item: Item, index: number) => Promise<Result>;
  /** Returns `true` if the item failed because of too many requests, and may be repeated. */
  readonly isThrottled: (error: unknown) => boolean;
  /** Returns the time in which items may start, in milliseconds. No item starts when it is 0. */
  readonly getLeftMs: () => number;
}

/**
 * The limit that all runs in this process share, and their number. A function instance has one run at a time, but a local
 * server has many, which would otherwise delay each other until requests time out.
 */
let sharedLimit = new AdaptiveLimit();
let runs = 0;

/**
 * Processes items concurrently, and returns their outcomes in the order of the items. Repeats throttled items until they
 * succeed or the time is over. Does not depend on HTTP or on a call, so that it can also process the items of a job.
 */
export async function runItems<Item, Result>(
  items: readonly Item[],
  { perform, isThrottled, getLeftMs }: ItemRun<Item, Result>,
): Promise<ItemOutcome<Result>[]> {
  const outcomes: ItemOutcome<Result>[] = items.map(() => ({ kind: 'not-attempted' }));
  if (runs === 0) sharedLimit = new AdaptiveLimit();
  runs += 1;
  const limit = sharedLimit;
  const throttled: number[] = [];
  let next = 0;
  let inFlight = 0;

  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;

    const attempt = async (index: number) => {
      const startedAtMs = performance.now();
      inFlight += 1;
      try {
        outcomes[index] = { kind: 'succeeded', result: await perform(items[index] as Item, index) };
        limit.addSuccess(performance.now() - startedAtMs);
      } catch (error) {
        // If no time is left to repeat the item, this is its outcome.
        outcomes[index] = { kind: 'failed', error };
        if (isThrottled(error)) {
          limit.addThrottle(startedAtMs, performance.now());
          throttled.push(index);
        }
      }
      inFlight -= 1;
      startItems();
    };

    const startItems = () => {
      clearTimeout(timer);
      while (
        inFlight < Math.max(1, Math.floor(limit.requests / runs)) &&
        (throttled.length > 0 || next < items.length)
      ) {
        const leftMs = getLeftMs();
        if (leftMs <= 0) break;
        const pauseMs = limit.getPauseMs(performance.now());
        if (pauseMs > 0) {
          timer = setTimeout(startItems, Math.min(pauseMs, leftMs));
          return;
        }
        // Throttled items are older than the others.
        const index = throttled.shift() ?? next++;
        void attempt(index);
      }
      if (inFlight > 0) return;
      runs -= 1;
      resolve(outcomes);
    };

    startItems();
  });
}
