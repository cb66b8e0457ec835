/**
 * Parses one record of a CSV file into its fields (https://www.rfc-editor.org/rfc/rfc4180). Returns `undefined` for a record
 * with a quotation mark in a wrong place. This is not a library's parser, because the records come from `splitRecords`,
 * which knows the position of each record in bytes. A run continues at such a position.
 */
export function parseCsvRecord(record: string): string[] | undefined {
  const fields: string[] = [];
  let position = 0;
  for (;;) {
    const [field, end] = record[position] === '"' ? readQuoted(record, position) : readPlain(record, position);
    if (field === undefined) return undefined;
    fields.push(field);
    if (end === record.length) return fields;
    if (record[end] !== ',') return undefined;
    position = end + 1;
  }
}

type ReadField = readonly [field: string | undefined, end: number];

function readPlain(record: string, start: number): ReadField {
  const comma = record.indexOf(',', start);
  const end = comma === -1 ? record.length : comma;
  const field = record.slice(start, end);
  return [field.includes('"') ? undefined : field, end];
}

function readQuoted(record: string, start: number): ReadField {
  let end = start + 1;
  for (;;) {
    end = record.indexOf('"', end);
    if (end === -1) return [undefined, record.length];
    if (record[end + 1] !== '"') break;
    end += 2;
  }
  return [record.slice(start + 1, end).replaceAll('""', '"'), end + 1];
}

/** Formats a record with a line break. */
export function formatCsvRecord(fields: readonly string[]): string {
  return `${fields.map(formatField).join(',')}\r\n`;
}

function formatField(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
