/**
 * When every exported function throws: in the second of three runs of each test, or in the only run. Three runs show that
 * a test fails because of the throw, and not because it ran before.
 */
export type ThrowMode = 'second run' | 'only run';

/** What a test worker does. */
export interface WorkerTask {
  /** The file to which the worker appends its messages, one JSON value per line. */
  readonly log: string;
  /** The mutant that is active from the start of the worker. */
  readonly active?: string;
  /** The mutants to try in each test that reaches them. */
  readonly untried?: readonly string[];
  readonly throws?: ThrowMode;
  /** The mutants that an earlier worker has tried, per test. */
  readonly tried?: Readonly<Record<string, readonly string[]>>;
}

export type WorkerMessage =
  | { readonly kind: 'started'; readonly pid: number }
  /** The mutants that a test reached, or that the file reached outside of tests if `test` is absent. */
  | { readonly kind: 'reached'; readonly test?: string; readonly mutants: readonly string[] }
  | { readonly kind: 'trying' | 'survived'; readonly test: string; readonly mutant: string }
  | { readonly kind: 'killed'; readonly test: string; readonly mutant: string; readonly title: string }
  /** The result of a test while every exported function throws. */
  | { readonly kind: 'passed' | 'failed'; readonly title: string }
  /** The test cannot judge the mutant in this worker, because it ran out of time or changed what later runs see. */
  | { readonly kind: 'undecided'; readonly test: string; readonly mutant: string }
  /** The test fails when it runs again in one worker, so it cannot try several mutants. */
  | { readonly kind: 'unrepeatable'; readonly test: string; readonly title: string }
  /** The test fails in the instrumented tree without a mutant, for example because it checks the size of a file. */
  | { readonly kind: 'unusable'; readonly test: string; readonly title: string };

declare module 'vitest' {
  interface ProvidedContext {
    mutation: WorkerTask;
  }
}
