import { escapeControls } from '../escape-controls.ts';

/** Formats rows with aligned columns, under upper-case headings. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows.map((row) => row.map(escapeControls))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => countCharacters(line[column] ?? ''))));
  return lines.map((line) => formatLine(line, widths)).join('\n');
}

/** Formats names and values, one pair per line. */
export function formatPairs(pairs: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${escapeControls(value)}`).join('\n');
}

function formatLine(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - countCharacters(cell))))
    .join('  ')
    .trimEnd();
}

function countCharacters(text: string): number {
  return [...text].length;
}
