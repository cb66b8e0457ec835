export function median(values: readonly number[]): number {
  return sorted(values)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The least and the most of what was measured, as text. */
export function spread(values: readonly number[], digits = 0): string {
  const all = sorted(values);
  return `${all[0]?.toFixed(digits)} to ${all.at(-1)?.toFixed(digits)}`;
}

export function rounded(value: number, digits = 0): number {
  return Number(value.toFixed(digits));
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}
