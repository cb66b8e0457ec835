/** One line of a result: what was measured, and its figures, by column. */
export type Row = Readonly<Record<string, string | number>>;

/** What each file of this folder that answers a question exports. */
export interface Bench {
  /** As in `npm run bench -- --only NAME`. */
  readonly name: string;
  readonly question: string;
  readonly measure: () => Promise<Row[]>;
}
