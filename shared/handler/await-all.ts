/**
 * Waits for all promises. If one fails, throws its error after all have ended, because a function must not leave requests
 * behind when it returns its response.
 */
export async function awaitAll<const Promises extends readonly Promise<unknown>[]>(
  promises: Promises,
): Promise<{ -readonly [Index in keyof Promises]: Awaited<Promises[Index]> }> {
  await Promise.allSettled(promises);
  return Promise.all(promises) as Promise<{ -readonly [Index in keyof Promises]: Awaited<Promises[Index]> }>;
}
