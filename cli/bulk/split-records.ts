import { FileError } from '../exit-codes.ts';

/** The bytes of a record in a file, without its line break. */
export interface FileRecord {
  readonly bytes: Buffer;
  /** The number of its first line, counted from 1. */
  readonly line: number;
  /** The number of the line after the record and its line break. */
  readonly nextLine: number;
  /** The position in the file after the record and its line break. */
  readonly end: number;
}

export interface SplitOptions {
  /** The position and the line of the first record. */
  readonly offset: number;
  readonly line: number;
  /** `true` if a line break in quotation marks belongs to the record, as in CSV. */
  readonly hasQuotes: boolean;
}

/** The longest record. A longer one is probably a file in another format. */
const maxRecordBytes = 1_048_576;
const lineFeed = 0x0a;
const quote = 0x22;
const comma = 0x2c;

/**
 * Splits the chunks of a file into records that end with a line break. Needs memory for one record and one chunk. In UTF-8,
 * the bytes of a line break and of a quotation mark occur only as these characters.
 */
export async function* splitRecords(
  chunks: AsyncIterable<Buffer>,
  { offset, line: firstLine, hasQuotes }: SplitOptions,
): AsyncGenerator<FileRecord, void> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let end = offset;
  let line = firstLine;
  let lines = 0;
  let isQuoted = false;
  // A quotation mark inside a field without quotation marks is a mistake of this record, and must not affect the next.
  let mayOpen = true;
  const take = (): FileRecord => {
    const record = { bytes: trimLineBreak(Buffer.concat(parts)), line, nextLine: line + lines, end };
    line += lines;
    [parts, bytes, lines, mayOpen] = [[], 0, 0, true];
    return record;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let index = 0; index < chunk.length; index += 1) {
      const byte = chunk[index];
      const isEffective: boolean = hasQuotes && byte === quote && (isQuoted || mayOpen);
      if (isEffective) isQuoted = !isQuoted;
      // Two quotation marks in a quoted field are one character.
      mayOpen = isEffective || byte === comma;
      if (byte !== lineFeed) continue;
      lines += 1;
      if (isQuoted) continue;
      parts.push(chunk.subarray(start, index + 1));
      end += index + 1 - start;
      start = index + 1;
      yield take();
    }
    const rest = chunk.subarray(start);
    parts.push(rest);
    bytes += rest.length;
    end += rest.length;
    if (bytes > maxRecordBytes)
      throw new FileError(`The record on line ${line} has more than ${maxRecordBytes} bytes.`);
  }
  if (bytes > 0) yield take();
}

function trimLineBreak(record: Buffer): Buffer {
  let end = record.length;
  if (record[end - 1] === lineFeed) end -= 1;
  if (record[end - 1] === 0x0d) end -= 1;
  return record.subarray(0, end);
}
