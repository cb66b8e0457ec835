import {
  type BulkItem,
  type BulkItemError,
  type BulkItemJson,
  InvalidItemError,
  readBulkItem,
  toBulkItemJson,
} from '../../functions/bulk/bulk-item.ts';
import { UsageError } from '../exit-codes.ts';
import { formatCsvRecord, parseCsvRecord } from './csv.ts';
import type { FileRecord } from './split-records.ts';

/** The format of a list of items in a file. */
export interface ListFormat {
  readonly name: FormatName;
  /** `true` if a record can contain line breaks in quotation marks. */
  readonly hasQuotes: boolean;
  /** Reads the record of an item. `columns` are the fields of the header. Throws `InvalidItemError`. */
  readItem(record: FileRecord, columns: readonly string[]): BulkItem;
  /** Reads the header of the list, if the format has one. Throws `UsageError`. */
  readonly readHeader?: (record: FileRecord) => readonly string[];
  /** The first record of a list. */
  formatHeader(hasErrors: boolean): string;
  formatItem(item: BulkItemJson, hasErrors: boolean): string;
}

export type FormatName = 'jsonl' | 'csv';

const columns = ['reference', 'ciphertext', 'context'] as const;
const required = ['reference', 'ciphertext'] as const;
/** The columns that a list can have. The failures of an earlier run also have their errors. */
const known = new Set<string>([...columns, 'error']);

export const listFormats: Readonly<Record<FormatName, ListFormat>> = {
  jsonl: {
    name: 'jsonl',
    hasQuotes: false,
    readItem: ({ bytes }) => readBulkItem(parseJson(readText(bytes))),
    formatHeader: () => '',
    formatItem: (item) => `${JSON.stringify(item)}\n`,
  },
  csv: {
    name: 'csv',
    hasQuotes: true,
    readItem: ({ bytes }, names) => {
      const fields = parseCsvRecord(readText(bytes));
      if (fields?.length !== names.length)
        throw new InvalidItemError(`The record does not have ${names.length} fields, as the header has.`);
      return readBulkItem(Object.fromEntries(names.map((name, index) => [name, fields[index]])));
    },
    readHeader: ({ bytes }) => {
      const names = parseCsvRecord(bytes.toString('utf8').replace(/^\ufeff/, '')) ?? [];
      const isComplete = required.every((name) => names.includes(name));
      const isKnown = names.every((name) => known.has(name));
      if (isComplete && isKnown && new Set(names).size === names.length) return names;
      throw new UsageError(
        'The first line of the list must name the columns, each once: reference, ciphertext and, if used, context. A column error is ignored, and other columns are not possible.',
      );
    },
    formatHeader: (hasErrors) => formatCsvRecord(hasErrors ? [...columns, 'error'] : columns),
    formatItem: ({ reference, ciphertext, context, error }, hasErrors) => {
      const fields = [reference, ciphertext, context ? JSON.stringify(context) : ''];
      return formatCsvRecord(hasErrors ? [...fields, error ? JSON.stringify(error) : ''] : fields);
    },
  },
};

/** Finds the format of a list: by the flag, or by the ending of the file's name. */
export function findListFormat(file: string, flag: string | undefined): ListFormat {
  if (flag === 'jsonl' || flag === 'csv') return listFormats[flag];
  if (/\.csv$/i.test(file)) return listFormats.csv;
  if (/\.(jsonl|ndjson)$/i.test(file)) return listFormats.jsonl;
  throw new UsageError(`The name ${file} does not end with .jsonl or .csv. Add --format jsonl or --format csv.`);
}

/** The record of an item that failed, or of a record that is not an item. */
export function formatFailure(format: ListFormat, record: FailedRecord): string {
  const { item, error } = record;
  if (item !== undefined) return format.formatItem(toBulkItemJson(item, error), true);
  // Keeps the record, so that it can be corrected.
  const reference = `line ${record.line}`;
  return format.formatItem({ reference, ciphertext: record.text, error }, true);
}

export type FailedRecord = { readonly error: BulkItemError } & (
  | { readonly item: BulkItem }
  | { readonly item?: undefined; readonly line: number; readonly text: string }
);

/** Removes a byte order mark. Rejects other encodings, because a reference or a context with replaced characters is another. */
const decoder = new TextDecoder('utf-8', { fatal: true });

function readText(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new InvalidItemError('The record is not in UTF-8.');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidItemError('The line is not JSON.');
  }
}
