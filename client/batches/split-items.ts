import { countItemResult, maxResponseBytes, measureInBody } from '../../functions/batch/response-size.ts';
import { isObject } from '../../shared/declaration/json-object.ts';
import type { Batch, JsonObject } from '../../shared/declaration/operation.ts';

/** Limits of the items in one call. */
export interface SplitLimits {
  readonly batch: Batch;
  /** The members that the items share, in the form that the caller sends. */
  readonly request: JsonObject;
  readonly maxItems: number;
}

/** An item and its position in the list of all items. */
export interface IndexedItem {
  readonly index: number;
  readonly item: unknown;
}

/**
 * The bytes for the items of a request. A Lambda event has at most 6 MB, and contains the body as a JSON string. The rest
 * is for the request's other members and for the event's headers, claims and context.
 */
const maxRequestBytes = 5_000_000;

/** Splits items into groups, each of which fits into a request, and whose results fit into a response. */
export async function* splitItems(
  items: Iterable<unknown> | AsyncIterable<unknown>,
  { batch, request, maxItems }: SplitLimits,
): AsyncGenerator<readonly IndexedItem[], void> {
  const most = Math.min(maxItems, batch.maxItems);
  let group: IndexedItem[] = [];
  let requestBytes = 0;
  let resultBytes = 0;
  let index = 0;
  for await (const item of items) {
    const itemBytes = countRequest(item);
    const itemResult = countItemResult(batch, request, isObject(item) ? item : {});
    const isFull =
      group.length >= most || requestBytes + itemBytes > maxRequestBytes || resultBytes + itemResult > maxResponseBytes;
    if (isFull && group.length > 0) {
      yield group;
      [group, requestBytes, resultBytes] = [[], 0, 0];
    }
    group.push({ index, item });
    requestBytes += itemBytes;
    resultBytes += itemResult;
    index += 1;
  }
  if (group.length > 0) yield group;
}

/** The bytes of a member's punctuation in JSON, with escapes. */
const punctuationBytes = 12;

/** Returns an upper limit for the bytes of a value in an event. A character has at most seven: a backslash and `\u0000`. */
function countRequest(value: unknown): number {
  if (value instanceof Uint8Array) return Math.ceil(value.length / 3) * 4 + punctuationBytes;
  if (typeof value === 'string') return measureInBody(value);
  if (typeof value !== 'object' || value === null) return punctuationBytes;
  let bytes = punctuationBytes;
  for (const [name, inner] of Object.entries(value)) bytes += countRequest(name) + countRequest(inner);
  return bytes;
}
