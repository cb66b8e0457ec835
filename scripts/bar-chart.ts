export interface Bar {
  readonly label: string;
  readonly value: number;
}

const width = 720;
const labelWidth = 250;
const rowHeight = 24;
const valueWidth = 90;

/** Horizontal bars, one below the other, as an SVG document. A `limit` is drawn as a line across them. */
export function barChart(title: string, unit: string, bars: readonly Bar[], limit?: number): string {
  const most = Math.max(limit ?? 0, ...bars.map(({ value }) => value));
  const scale = (value: number) => ((width - labelWidth - valueWidth) * value) / most;
  const height = rowHeight * (bars.length + 2);
  const rows = bars.map(({ label, value }, index) => {
    const y = rowHeight * (index + 1.5);
    return [
      `<text x="${labelWidth - 8}" y="${y + 15}" text-anchor="end">${escaped(label)}</text>`,
      `<rect x="${labelWidth}" y="${y + 3}" width="${scale(value).toFixed(1)}" height="${rowHeight - 8}" fill="#3b6ea5"/>`,
      `<text x="${(labelWidth + scale(value) + 6).toFixed(1)}" y="${y + 15}">${value} ${escaped(unit)}</text>`,
    ].join('');
  });
  const x = (labelWidth + scale(limit ?? 0)).toFixed(1);
  const line = `<line x1="${x}" x2="${x}" y1="${rowHeight * 1.4}" y2="${height - 6}" stroke="#b03a2e" stroke-dasharray="4 3"/>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="8" y="18" font-weight="bold">${escaped(title)}</text>`,
    ...rows,
    ...(limit === undefined ? [] : [line]),
    '</svg>\n',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
