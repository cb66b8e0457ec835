export interface BatchLimits {
  readonly items: number;
  readonly bytes: number;
  /** Bytes that the service counts for each item in addition to the text. */
  readonly overheadBytes: number;
}

/** Splits a list into batches that respect an AWS service's limits. Keeps the items in order. */
export function splitIntoBatches<T>(
  list: readonly T[],
  { items, bytes, overheadBytes }: BatchLimits,
  readText: (item: T) => string,
): T[][] {
  const batches: T[][] = [];
  let bytesInLast = 0;
  for (const item of list) {
    const itemBytes = Buffer.byteLength(readText(item)) + overheadBytes;
    const last = batches.at(-1);
    if (last === undefined || last.length === items || bytesInLast + itemBytes > bytes) {
      batches.push([item]);
      bytesInLast = itemBytes;
    } else {
      last.push(item);
      bytesInLast += itemBytes;
    }
  }
  return batches;
}
