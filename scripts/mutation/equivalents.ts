import type { Mutant } from './instrument.ts';

/** A mutant that no test can notice. The code identifies it, so that the entry remains valid when lines move. */
export interface Equivalent {
  readonly file: string;
  /** The line on which the mutant starts, without indentation. */
  readonly line: string;
  readonly original: string;
  readonly replacement: string;
  readonly reason: string;
}

export interface KnownEquivalents {
  readonly reasons: ReadonlyMap<Mutant, string>;
  /** The entries to which no mutant of these files corresponds. */
  readonly stale: readonly Equivalent[];
}

/** Finds the mutants in the list of equivalents. */
export function findEquivalents(
  mutants: readonly Mutant[],
  entries: readonly Equivalent[],
  files: readonly string[],
): KnownEquivalents {
  const reasons = new Map<Mutant, string>();
  const stale: Equivalent[] = [];
  for (const entry of entries.filter(({ file }) => files.includes(file))) {
    const found = mutants.filter(
      (mutant) =>
        mutant.file === entry.file &&
        mutant.lineText === entry.line &&
        mutant.original === entry.original &&
        mutant.replacement === entry.replacement,
    );
    if (found.length === 0) stale.push(entry);
    for (const mutant of found) reasons.set(mutant, entry.reason);
  }
  return { reasons, stale };
}
