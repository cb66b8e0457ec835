export function median(values: readonly number[]): number {
  return sort(values)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Returns the value below which a fraction of all values lies. A `share` of 0.99 returns the 99th percentile. */
export function quantile(values: readonly number[], share: number): number {
  return sort(values)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}

/** Returns the ratio of each pair of values. Within a pair, a slow machine affects both values. */
export function pairRatios(ours: readonly number[], theirs: readonly number[]): number[] {
  return ours.map((value, index) => value / (theirs[index] ?? Number.NaN));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Formats the minimum and maximum, such as `1.2 to 3.4`. */
export function formatRange(values: readonly number[], digits = 0): string {
  const sorted = sort(values);
  return `${sorted[0]?.toFixed(digits)} to ${sorted.at(-1)?.toFixed(digits)}`;
}

export function round(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}

function sort(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}
