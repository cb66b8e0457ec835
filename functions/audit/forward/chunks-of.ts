export interface BatchLimits {
  readonly items: number;
  readonly bytes: number;
  /** What each item counts beside its text. */
  readonly overheadBytes: number;
}

/** Cuts a list into batches that a service takes, in their order. */
export function chunksOf<T>(
  list: readonly T[],
  { items, bytes, overheadBytes }: BatchLimits,
  textOf: (item: T) => string,
): T[][] {
  const chunks: T[][] = [];
  let bytesInLast = 0;
  for (const item of list) {
    const itemBytes = Buffer.byteLength(textOf(item)) + overheadBytes;
    const last = chunks.at(-1);
    if (last === undefined || last.length === items || bytesInLast + itemBytes > bytes) {
      chunks.push([item]);
      bytesInLast = itemBytes;
    } else {
      last.push(item);
      bytesInLast += itemBytes;
    }
  }
  return chunks;
}
