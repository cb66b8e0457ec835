/** A measurement that answers one question about speed or size. The file with the benchmark's name exports it. */
export interface Benchmark {
  /** The name that `npm run bench -- --only NAME` accepts. */
  readonly name: string;
  readonly question: string;
  run(effort: Effort): Promise<Measurement>;
}

/** The extent of a run. A quick run (`--quick`) only checks that the benchmark works. */
export interface Effort {
  readonly isQuick: boolean;
  /** A Git commit with an earlier version, which the load benchmarks compare with this version (`--before`). */
  readonly before: string | undefined;
  /** Returns `quick` in a quick run, and `full` in all other runs. */
  choose(full: number, quick?: number): number;
}

export function effort(isQuick: boolean, before?: string): Effort {
  return { isQuick, before, choose: (full, quick = 1) => (isQuick ? quick : full) };
}

export interface Measurement {
  readonly rows: readonly Row[];
  /** Explanations of columns, and reasons for missing figures. */
  readonly notes?: readonly string[];
}

/** A table row, by column. A column's name contains its unit. */
export type Row = Readonly<Record<string, string | number>>;
