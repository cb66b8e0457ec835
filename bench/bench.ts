/** One question about speed or size, and how it is answered: a file of this folder exports one. */
export interface Bench {
  /** What `npm run bench -- --only NAME` takes. */
  readonly name: string;
  readonly question: string;
  run(): Promise<Answer>;
}

export interface Answer {
  readonly rows: readonly Row[];
  /** What was not measured and why, and what a reader of the rows should know. */
  readonly notes?: readonly string[];
}

/** A line of the table, by column. The unit stands in the column's name. */
export type Row = Readonly<Record<string, string | number>>;
