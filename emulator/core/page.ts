import { createHmac, timingSafeEqual } from 'node:crypto';
import { KmsError } from './kms-error.ts';

/** Markers are opaque to callers. A digest identifies the emulator's markers and the list that each one belongs to. */
const markerKey = 'kms-functions/marker/v1';
const tagBytes = 8;

export interface Page<Item> {
  readonly items: Item[];
  readonly NextMarker: string | undefined;
  readonly Truncated: boolean;
}

/**
 * Returns one page of a list. `fetch(after, count)` returns up to `count` items after a position; `readPosition`
 * returns the position of an item. A marker contains the position of the last item, not a count, so items added or
 * removed between two calls do not repeat or hide others. Throws InvalidMarkerException.
 */
export function paginate<Item>(
  list: string,
  request: { Limit?: number | undefined; Marker?: string | undefined },
  limits: { readonly defaultLimit: number; readonly maxLimit: number },
  fetch: (after: string | undefined, count: number) => Item[],
  readPosition: (item: Item) => string,
): Page<Item> {
  const after = request.Marker === undefined ? undefined : readMarker(list, request.Marker);
  const count = Math.min(request.Limit ?? limits.defaultLimit, limits.maxLimit);
  const found = fetch(after, count + 1);
  const items = found.slice(0, count);
  const last = items.at(-1);
  const Truncated = found.length > count;
  return {
    items,
    Truncated,
    NextMarker: Truncated && last !== undefined ? createMarker(list, readPosition(last)) : undefined,
  };
}

function createMarker(list: string, position: string): string {
  return Buffer.concat([createTag(list, position), Buffer.from(position)]).toString('base64url');
}

function readMarker(list: string, marker: string): string {
  const bytes = Buffer.from(marker, 'base64url');
  const position = bytes.subarray(tagBytes).toString();
  const tag = bytes.subarray(0, tagBytes);
  // Node.js skips characters that are not base64url. Only the exact text of a marker is valid.
  const isOurs = bytes.toString('base64url') === marker && tag.length === tagBytes;
  if (!isOurs || !timingSafeEqual(tag, createTag(list, position))) {
    throw new KmsError('InvalidMarkerException', 'Could not deserialize marker');
  }
  return position;
}

function createTag(list: string, position: string): Buffer {
  return createHmac('sha256', markerKey).update(`${list} ${position}`).digest().subarray(0, tagBytes);
}
