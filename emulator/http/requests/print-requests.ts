import type { Writable } from 'node:stream';
import { followRequests } from './follow-requests.ts';
import { formatAsJson, formatAsText } from './format-request.ts';
import type { RequestLog } from './request-log.ts';
import type { RequestRecord } from './request-record.ts';

/** The format of the lines that the emulator prints, one for each request. */
export type LogFormat = 'json' | 'text' | 'off';

/** Prints each request. Returns the function that prints the last requests and stops. */
export function printRequests(
  log: RequestLog,
  format: Exclude<LogFormat, 'off'>,
  stream: Writable = process.stdout,
): () => void {
  const formatSkipped = (count: number) => `${count} requests are not shown, because the output was too slow.`;
  const formats = {
    json: { format: formatAsJson, formatSkipped: (count: number) => formatAsJson({ message: formatSkipped(count) }) },
    text: {
      format: (record: RequestRecord) => formatAsText(record, stream),
      formatSkipped: (count: number) => `${formatSkipped(count)}\n`,
    },
  };
  return followRequests(log, stream, { after: log.lastSequence, ...formats[format] });
}
