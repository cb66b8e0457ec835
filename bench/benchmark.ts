/** Answers one question about speed or size. Each file named after a benchmark exports one. */
export interface Benchmark {
  /** The value of `npm run bench -- --only NAME`. */
  readonly name: string;
  readonly question: string;
  run(effort: Effort): Promise<Measurement>;
}

/** How much to measure: everything, or with `--quick` only enough to show that the benchmark runs. */
export interface Effort {
  readonly isQuick: boolean;
  /** Returns `full`, or `quick` in a quick run. */
  choose(full: number, quick?: number): number;
}

export function effort(isQuick: boolean): Effort {
  return { isQuick, choose: (full, quick = 1) => (isQuick ? quick : full) };
}

export interface Measurement {
  readonly rows: readonly Row[];
  /** Explains columns, and what was not measured and why. */
  readonly notes?: readonly string[];
}

/** A row of the table, by column. The name of a column contains its unit. */
export type Row = Readonly<Record<string, string | number>>;
