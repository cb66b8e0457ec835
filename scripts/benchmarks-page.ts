import type { Row } from '../bench/benchmark.ts';
import { type Result, type Results, readResults } from '../bench/results.ts';
import { costsPage } from './costs/page.ts';

interface Chart {
  readonly title: string;
  readonly column: string;
  /** The target, which the chart shows as a line. */
  readonly limit?: number;
}

/** The bar charts for each benchmark. A chart omits rows that have no number in its column. */
const charts: Readonly<Record<string, readonly Chart[]>> = {
  'cold-start': [{ title: 'Load time in a fresh process, ms', column: 'loadMs' }],
  warm: [
    { title: 'Encrypt p50, handler relative to plain SDK client (line: target 1.15)', column: 'p50Ratio', limit: 1.15 },
    { title: 'Heap size after a number of calls, MB', column: 'heapMB' },
  ],
  'handler-growth': [{ title: 'Encrypt p50 through the handler, ms', column: 'handlerP50Ms' }],
  tooling: [
    { title: 'serverless package, seconds (line: target 10)', column: 'packageSeconds', limit: 10 },
    { title: 'npm start until ready, seconds (line: target 5)', column: 'readySeconds', limit: 5 },
  ],
  'load-quota': [
    { title: 'Requests to KMS per call (line: target 2.2)', column: 'kmsAttempts', limit: 2.2 },
    { title: 'Billed time per call, ms (line: target 300)', column: 'billedMs', limit: 300 },
  ],
  'load-faults': [{ title: 'Requests to KMS per call (line: target 2)', column: 'kmsAttempts', limit: 2 }],
  'load-simulation': [
    { title: 'Maximum number of busy sandboxes (line: target 150)', column: 'maxSandboxes', limit: 150 },
    { title: 'Unrelated calls that succeed, percent', column: 'describeKeyOkPercent' },
  ],
};

/** The number of rows to show for a benchmark. A collapsed section contains the other rows. */
const shownRows: Readonly<Record<string, number>> = { 'cold-start': 4 };

/** Builds the benchmark and cost pages, by path. All measured figures come from bench/results.json. */
export function benchmarksPage(): Map<string, string> {
  const results = readResults();
  const sections = Object.entries(results).flatMap(([name, result]) => (result ? [writeSection(name, result)] : []));
  return new Map([
    ['docs/reference/benchmarks.md', [intro, ...sections].join('\n')],
    ['docs/reference/costs.md', costsPage(readMeasuredCall(results))],
  ]);
}

const intro = `# Benchmarks

This page compares the functions and the emulator with alternatives. \`npm run bench\` runs all benchmarks and saves the figures in
\`bench/results.json\`. \`npm run generate\` writes this page from that file. To run one benchmark, use
\`npm run bench -- --only cold-start\`. The benchmarks skip alternatives that are not installed, and send requests only to this machine.

Comparisons alternate between two implementations, so that a slow machine affects both. Each ratio is the median over all pairs of
measurements. Ratios are more reliable than times, because the machine was not always idle.

\`npm run load -- --before c69ec9f\` runs only the load benchmarks, in about eight minutes. They compare this version with
an earlier commit, which called KMS up to three times per request.

## What these benchmarks do not show

- **Lambda.** A cold start takes longer than a fresh process on this machine, because Lambda also starts the environment and downloads
  the code. Below 1769 MB of memory, Lambda provides less than one vCPU.
- **AWS KMS.** Calls go to the emulator on the same machine. On AWS, the network and KMS take longer, so the handler accounts for a
  smaller share of the total time.
- **Limits of AWS under load.** The load benchmarks run packaged functions, one instance per sandbox, on this machine.
  Only the simulation includes API Gateway's throttling and Lambda's concurrency limits.
- **Other machines.** Do not compare times from different machines or days. Compare ratios.
`;

function writeSection(name: string, { question, measuredOn, rows, notes }: Result): string {
  const shown = rows.slice(0, shownRows[name] ?? rows.length);
  const collapsed = rows.slice(shown.length);
  return [
    `## ${name}\n`,
    `${question}\n`,
    `Measured on ${describeMachine(measuredOn)}.\n`,
    ...(charts[name] ?? []).map((chart) => writeChart(chart, shown)),
    writeTable(shown),
    ...(collapsed.length === 0
      ? []
      : [
          writeTable(summarize(collapsed)),
          `<details><summary>All ${collapsed.length} functions</summary>\n`,
          writeTable(collapsed),
          '</details>\n',
        ]),
    ...(notes.length === 0 ? [] : [...notes.map((note) => `- ${note}`), '']),
  ].join('\n');
}

function describeMachine(machine: Row): string {
  const { date, cores, processor, memoryGB, system, node, openssl, sqlite, loadAverage } = machine;
  const hardware = `${cores} cores (${processor}), ${memoryGB} GB memory`;
  const software = `${system}, Node ${node}, OpenSSL ${openssl}, SQLite ${sqlite}`;
  return `${String(date).slice(0, 10)}: ${hardware}, ${software}, load average ${loadAverage}`;
}

/** The colors of bars and target lines. The default bars are hard to see on a white or dark page. */
const chartColors = '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#4c78a8, #e45756"}}}}%%';

/** Writes a horizontal bar chart for Mermaid (https://mermaid.js.org/syntax/xyChart.html). */
function writeChart({ title, column, limit }: Chart, rows: readonly Row[]): string {
  const bars = rows.filter((row) => typeof row[column] === 'number');
  const highest = Math.max(limit ?? 0, ...bars.map((row) => Number(row[column])));
  return [
    '```mermaid',
    chartColors,
    'xychart-beta horizontal',
    `  title "${title}"`,
    `  x-axis [${bars.map(({ what }) => `"${what}"`).join(', ')}]`,
    // Without an explicit range, the axis starts at the smallest value.
    // With three digits, the range rarely ends at a tick, whose label would be cut off.
    `  y-axis 0 --> ${Number((highest * 1.12).toPrecision(3))}`,
    `  bar [${bars.map((row) => row[column]).join(', ')}]`,
    ...(limit === undefined ? [] : [`  line [${bars.map(() => limit).join(', ')}]`]),
    '```\n',
  ].join('\n');
}

/** Returns rows with the minimum, median and maximum of each numeric column. */
function summarize(rows: readonly Row[]): Row[] {
  const columns = Object.keys(rows[0] ?? {}).filter((column) => typeof rows[0]?.[column] === 'number');
  const pick = (column: string, share: number) => {
    const sorted = rows.map((row) => Number(row[column])).toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  };
  return [['minimum', 0] as const, ['median', 0.5] as const, ['maximum', 1] as const].map(([what, share]) => ({
    what: `${what} of all ${rows.length} functions`,
    ...Object.fromEntries(columns.map((column) => [column, pick(column, share)])),
  }));
}

function writeTable(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const writeLine = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const format = (value: string | number | undefined) =>
    typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 3 }) : (value ?? '');
  return [
    writeLine(columns.map(toHeading)),
    writeLine(columns.map((column) => (rows.some((row) => typeof row[column] === 'number') ? '--:' : '---'))),
    ...rows.map((row) => writeLine(columns.map((column) => format(row[column])))),
    '',
  ].join('\n');
}

/** Converts a column name to a heading: `firstResponseMs` to `first response ms`, and `memoryGB` to `memory GB`. */
function toHeading(column: string): string {
  if (column === 'what') return '';
  return column.replaceAll(/(?<=[a-z0-9])[A-Z]+/g, (part) => (part.length > 1 ? ` ${part}` : ` ${part.toLowerCase()}`));
}

/** Returns a call's measured time, which the cost model uses. */
function readMeasuredCall(results: Results) {
  const row = results.warm?.rows.find(({ what }) => what === 'Encrypt, http event');
  return { cpuMs: Number(row?.handlerP50Ms ?? Number.NaN) };
}
