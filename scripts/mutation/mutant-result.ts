export interface MutantResult {
  readonly file: string;
  readonly line: number;
  readonly mutator: string;
  readonly original: string;
  readonly replacement: string;
  readonly status: 'killed' | 'survived' | 'timeout';
  /** The reason why the mutant is equivalent: it changes no behavior that a test could notice. */
  readonly reason?: string | undefined;
  /** `false` if no test runs the code. */
  readonly isReached?: boolean;
  /** The first test that failed. */
  readonly killedBy?: string | undefined;
}

export interface Score {
  readonly mutants: number;
  readonly killed: number;
  readonly timeouts: number;
  readonly equivalent: number;
  readonly survivors: number;
  /** The percentage of mutants, without equivalents, that a test noticed. An endless loop counts as noticed. */
  readonly percent: number;
}

export function scoreResults(results: readonly MutantResult[]): Score {
  const equivalent = results.filter(({ reason }) => reason !== undefined).length;
  const counted = results.filter(({ reason }) => reason === undefined);
  const count = (status: MutantResult['status']) => counted.filter((result) => result.status === status).length;
  const survivors = count('survived');
  const noticed = counted.length - survivors;
  return {
    mutants: results.length,
    killed: count('killed'),
    timeouts: count('timeout'),
    equivalent,
    survivors,
    percent: counted.length === 0 ? 100 : (noticed / counted.length) * 100,
  };
}

/** Prints a mutant that no test noticed, or that ended by timeout. */
export function printResult(result: MutantResult): void {
  if (result.status === 'killed' && result.reason === undefined) return;
  console.log(`${describeStatus(result)} ${result.file}:${result.line} ${result.mutator}\n${describeChange(result)}`);
}

function describeStatus({ status, reason, isReached }: MutantResult): string {
  if (reason === undefined) return isReached === false ? 'NOT REACHED' : status.toUpperCase();
  return status === 'survived' ? 'equivalent' : 'NOT EQUIVALENT';
}

function describeChange({ original, replacement, killedBy, reason }: MutantResult): string {
  const lines = [
    ...original.split('\n').map((line) => `  - ${line}`),
    ...replacement.split('\n').map((line) => `  + ${line}`),
  ];
  if (reason !== undefined) lines.push(`  reason: ${reason}`);
  if (killedBy !== undefined) lines.push(`  killed by: ${killedBy}`);
  return lines.join('\n');
}

export function formatScore(name: string, score: Score): string {
  const { mutants, killed, timeouts, equivalent, survivors, percent } = score;
  return `${name}: ${mutants} mutants, ${killed} killed, ${timeouts} timeouts, ${equivalent} equivalent, ${survivors} survivors, score ${percent.toFixed(1)} %`;
}
