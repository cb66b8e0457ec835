import type { Result } from './run-checks.ts';

const titleColumns = 82;
const outcomeColumns = 9;
const msColumns = 8;

/** Returns the first line of the table. */
export function formatHeading(): string {
  return formatLine('Check', 'Result', 'ms', 'Detail');
}

export function formatResult({ title, outcome, ms, detail }: Result): string {
  return formatLine(title, outcome, outcome === 'skipped' ? '' : String(ms), detail);
}

/** Returns the last line: the number of results of each kind. */
export function formatSummary(results: readonly Result[]): string {
  const count = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome).length;
  return `${count('ok')} passed, ${count('FAILED')} failed, ${count('skipped')} skipped`;
}

function formatLine(title: string, outcome: string, ms: string, detail: string): string {
  return `${title.padEnd(titleColumns)}  ${outcome.padEnd(outcomeColumns)}${ms.padStart(msColumns)}  ${detail}`.trimEnd();
}
