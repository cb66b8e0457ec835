import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bar, barChart } from './bar-chart.ts';
import { costsPage } from './cost-model.ts';

type Row = Readonly<Record<string, string | number>>;

interface Result {
  readonly question: string;
  readonly measuredOn: Readonly<Record<string, string | number>>;
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

type Results = Readonly<Record<string, Result | undefined>>;

interface Plot {
  readonly file: string;
  readonly title: string;
  readonly column: string;
  readonly unit: string;
  readonly limit?: number;
}

/** The columns to plot, by result. A row without a number in the column is left out. */
const plots: Readonly<Record<string, readonly Plot[]>> = {
  'cold-start': [{ file: 'cold-start', title: 'Load in a fresh process', column: 'loadMs', unit: 'ms' }],
  warm: [
    {
      file: 'warm',
      title: 'Encrypt compared with the bare client, p50 (line: 1.15)',
      column: 'p50Ratio',
      unit: '×',
      limit: 1.15,
    },
    { file: 'memory', title: 'Heap in use by number of calls', column: 'heapMB', unit: 'MB' },
  ],
  'handler-growth': [
    { file: 'handler-growth', title: 'Encrypt through the handler, p50', column: 'handlerP50Ms', unit: 'ms' },
  ],
  tooling: [
    { file: 'packaging', title: 'serverless package (line: 10 s)', column: 'packageSeconds', unit: 's', limit: 10 },
    { file: 'start', title: 'npm start, ready (line: 5 s)', column: 'readySeconds', unit: 's', limit: 5 },
  ],
};

/** How many rows of a result are plotted. Further rows are in a collapsed section. */
const firstRows: Readonly<Record<string, number>> = { 'cold-start': 4 };

const folder = 'docs/reference/benchmarks';

/** The pages of benchmarks and costs, and the plots, from bench/results.json: no figure there is written by hand. */
export function benchmarksPage(): Map<string, string> {
  const file = join(import.meta.dirname, '../bench/results.json');
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  const files = new Map<string, string>();
  const sections = Object.entries(results).flatMap(([name, result]) =>
    result === undefined ? [] : [section(name, result, files)],
  );
  files.set('docs/reference/benchmarks.md', [intro, ...sections].join('\n'));
  files.set('docs/reference/costs.md', costsPage(callOf(results)));
  return files;
}

const intro = `# Benchmarks

\`npm run generate\` writes this page from \`bench/results.json\`, which \`npm run bench\` writes. Repeat all benchmarks with
\`npm ci && npm run bench\`, or one with \`npm run bench -- --only cold-start\`. Alternatives that are not installed are skipped.
Load goes to this machine only.

Two sides that are compared run in turn in one run, so that anything that slows the machine slows both. A ratio is the median of the
ratios of the pairs. Trust ratios more than milliseconds: each result names its machine, which was not always idle.

## What these benchmarks do not show

- **Lambda.** A fresh process on this machine is not a cold start on Lambda. Lambda first starts the environment and loads the code,
  and less than ${1_769} MB of memory is less than one CPU.
- **AWS KMS.** Calls go to the emulator on the same machine. On AWS, the network and KMS take longer, so the handler is a smaller part
  of the total.
- **Other machines.** Figures of different machines or days cannot be compared. Ratios can.
`;

function section(name: string, { question, measuredOn, rows, notes }: Result, files: Map<string, string>): string {
  const first = rows.slice(0, firstRows[name] ?? rows.length);
  const rest = rows.slice(first.length);
  const images = (plots[name] ?? []).flatMap(({ file, title, column, unit, limit }) => {
    const bars = first.flatMap((row): Bar[] =>
      typeof row[column] === 'number' ? [{ label: String(row.what), value: row[column] }] : [],
    );
    if (bars.length === 0) return [];
    files.set(`${folder}/${file}.svg`, barChart(title, unit, bars, limit));
    return [`![${title}](benchmarks/${file}.svg)`];
  });
  return [
    `## ${name}\n`,
    `${question}\n`,
    `Measured on ${on(measuredOn)}.\n`,
    ...images.map((image) => `${image}\n`),
    table(first),
    ...(rest.length === 0
      ? []
      : [summary(rest), `<details><summary>All ${rest.length}</summary>\n`, table(rest), '</details>\n']),
    ...(notes.length === 0 ? [] : [...notes.map((note) => `- ${note}`), '']),
  ].join('\n');
}

function on({ date, ...machine }: Result['measuredOn']): string {
  const facts = Object.entries(machine).map(([name, value]) => `${headingOf(name)} ${value}`);
  return `${String(date).slice(0, 10)}: ${facts.join(', ')}`;
}

/** Minimum, median and maximum of each column of numbers. */
function summary(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => typeof rows[0]?.[column] === 'number');
  const at = (column: string, share: number) => {
    const sorted = rows.map((row) => Number(row[column])).toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  };
  const lines = [['minimum', 0] as const, ['median', 0.5] as const, ['maximum', 1] as const].map(([what, share]) => ({
    what: `${what} of all ${rows.length} functions`,
    ...Object.fromEntries(columns.map((column) => [column, at(column, share)])),
  }));
  return table(lines);
}

function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const cell = (value: string | number | undefined) =>
    typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 3 }) : (value ?? '');
  return [
    line(columns.map(headingOf)),
    line(columns.map((column) => (rows.some((row) => typeof row[column] === 'number') ? '--:' : '---'))),
    ...rows.map((row) => line(columns.map((column) => cell(row[column])))),
    '',
  ].join('\n');
}

/** `firstAnswerMs` → `first answer ms`. */
function headingOf(column: string): string {
  return column === 'what' ? '' : column.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, ' ').toLowerCase();
}

function callOf(results: Results) {
  const rows = results.warm?.rows ?? [];
  const figure = (column: string, what: string) =>
    Number(rows.find((row) => row.what === what)?.[column] ?? Number.NaN);
  return { cpuMs: figure('handlerP50Ms', 'Encrypt, http event'), logBytes: figure('logBytes', 'log of a call') };
}
