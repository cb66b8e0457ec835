import { createHmac, timingSafeEqual } from 'node:crypto';
import { KmsError } from './kms-error.ts';

/** Markers are opaque to callers: a digest tells ours from anything else, and one list's from another's. */
const markerKey = 'kms-functions/marker/v1';
const tagBytes = 8;

export interface Page<Item> {
  readonly items: Item[];
  readonly NextMarker: string | undefined;
  readonly Truncated: boolean;
}

/**
 * One page of a list: `fetch(after, count)` gives up to `count` items that come after a position, `positionOf` an item's.
 * A marker holds the position of the last item given, not a count, so that items which come or go in between neither
 * repeat nor hide others.
 */
export function page<Item>(
  list: string,
  request: { Limit?: number | undefined; Marker?: string | undefined },
  limits: { readonly byDefault: number; readonly most: number },
  fetch: (after: string | undefined, count: number) => Item[],
  positionOf: (item: Item) => string,
): Page<Item> {
  const after = request.Marker === undefined ? undefined : positionIn(list, request.Marker);
  const count = Math.min(request.Limit ?? limits.byDefault, limits.most);
  const found = fetch(after, count + 1);
  const items = found.slice(0, count);
  const last = items.at(-1);
  const Truncated = found.length > count;
  return {
    items,
    Truncated,
    NextMarker: Truncated && last !== undefined ? markerAt(list, positionOf(last)) : undefined,
  };
}

function markerAt(list: string, position: string): string {
  return Buffer.concat([tagOf(list, position), Buffer.from(position)]).toString('base64url');
}

function positionIn(list: string, marker: string): string {
  const bytes = Buffer.from(marker, 'base64url');
  const position = bytes.subarray(tagBytes).toString();
  const tag = bytes.subarray(0, tagBytes);
  // Node.js reads past what is no base64url: only the text that was given out counts.
  const isOurs = bytes.toString('base64url') === marker && tag.length === tagBytes;
  if (!isOurs || !timingSafeEqual(tag, tagOf(list, position))) {
    throw new KmsError('InvalidMarkerException', 'Could not deserialize marker');
  }
  return position;
}

function tagOf(list: string, position: string): Buffer {
  return createHmac('sha256', markerKey).update(`${list} ${position}`).digest().subarray(0, tagBytes);
}
