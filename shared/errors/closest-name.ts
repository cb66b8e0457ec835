/**
 * Returns the known name that a caller probably meant, or `undefined`. Ignores case, hyphens and underscores, and accepts
 * up to two typing mistakes, or one in a name of up to four characters. Called only for errors.
 */
export function findClosestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > 60) return undefined;
  const plain = simplify(name);
  let closest: string | undefined;
  let fewest = plain.length < 5 ? 2 : 3;
  for (const candidate of known) {
    const mistakes = countMistakes(plain, simplify(candidate), fewest);
    if (mistakes < fewest && mistakes < plain.length) [closest, fewest] = [candidate, mistakes];
  }
  return closest;
}

/** Returns the sentence that proposes the closest known name, or an empty string. */
export function suggestName(name: string, known: readonly string[]): string {
  const closest = findClosestName(name, known);
  return closest === undefined ? '' : ` Did you mean \`${closest}\`?`;
}

function simplify(name: string): string {
  return name.replaceAll(/[-_\s]/g, '').toLowerCase();
}

/** Counts inserted, removed and replaced characters (the Levenshtein distance). Stops at `limit`. */
export function countMistakes(from: string, to: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] as number) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
