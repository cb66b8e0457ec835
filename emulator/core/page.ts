import { createHmac, timingSafeEqual } from 'node:crypto';
import { KmsError } from './kms-error.ts';

/**
 * The HMAC key for markers, which are opaque to callers. The HMAC detects markers that are malformed or belong to
 * another list.
 */
const markerKey = 'kms-functions/marker/v1';
const tagBytes = 8;

export interface Page<Item> {
  readonly items: Item[];
  readonly NextMarker: string | undefined;
  readonly Truncated: boolean;
}

/**
 * Returns one page of a list. `fetch(after, count)` returns up to `count` items after a position. `readPosition`
 * returns an item's position. A marker contains the last item's position instead of a count. Adding or removing items
 * between two calls therefore does not repeat or skip other items. Throws InvalidMarkerException if the marker is
 * invalid or belongs to another list.
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
  // Node.js ignores characters that are not base64url, but only the exact marker is valid.
  const isOurs = bytes.toString('base64url') === marker && tag.length === tagBytes;
  if (!isOurs || !timingSafeEqual(tag, createTag(list, position))) {
    throw new KmsError('InvalidMarkerException');
  }
  return position;
}

function createTag(list: string, position: string): Buffer {
  return createHmac('sha256', markerKey).update(`${list} ${position}`).digest().subarray(0, tagBytes);
}
