/**
 * Maps the items of a stream with at most `limit` calls at the same time, and yields the results in the order of the items.
 * Reads no more items than it maps. Ends with the first error in this order.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item>,
  limit: number,
  map: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const pending: Promise<Result>[] = [];
  for await (const item of items) {
    const result = map(item);
    // The loop reports the error when it reaches the result.
    result.catch(() => {});
    pending.push(result);
    if (pending.length >= limit) yield await (pending.shift() as Promise<Result>);
  }
  for (const result of pending) yield await result;
}
