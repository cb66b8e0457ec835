/** One question about speed or size, and how it is answered: a file of this folder exports one. */
export interface Bench {
  /** What `npm run bench -- --only NAME` takes. */
  readonly name: string;
  readonly question: string;
  run(effort: Effort): Promise<Answer>;
}

/** How much is measured: in full, or of each thing a little, which shows that it still runs, and nothing else. */
export interface Effort {
  readonly isQuick: boolean;
  /** So many in full, and one, or `little`, of them otherwise. */
  of(full: number, little?: number): number;
}

export function effortOf(isQuick: boolean): Effort {
  return { isQuick, of: (full, little = 1) => (isQuick ? little : full) };
}

export interface Answer {
  readonly rows: readonly Row[];
  /** What was not measured and why, and what a reader of the rows should know. */
  readonly notes?: readonly string[];
}

/** A line of the table, by column. The unit stands in the column's name. */
export type Row = Readonly<Record<string, string | number>>;
