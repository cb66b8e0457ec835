import type { Writable } from 'node:stream';
import type { RequestLog } from './request-log.ts';
import type { RequestRecord } from './request-record.ts';

/** How long new requests wait, so that one write contains several of them. */
const delayMs = 20;

interface FollowOptions {
  /** Starts after the request with this number. */
  readonly after: number;
  readonly format: (record: RequestRecord) => string;
  /** Formats a note about requests that the stream was too slow for. Default: no note. */
  readonly formatSkipped?: (count: number) => string;
}

/**
 * Writes each request to a stream. If the stream is slower than the requests, waits for the stream and skips the
 * requests that the log no longer contains, so that memory use does not grow. Returns the function that writes the
 * last requests and stops.
 */
export function followRequests(log: RequestLog, stream: Writable, options: FollowOptions): () => void {
  const { format, formatSkipped = () => '' } = options;
  let { after } = options;
  let timer: NodeJS.Timeout | undefined;

  const write = () => {
    timer = undefined;
    if (stream.writableNeedDrain || stream.destroyed) return;
    const records = log.list(after);
    const [first] = records;
    if (first === undefined) return;
    const skipped = first.sequence - after - 1;
    after = log.lastSequence;
    stream.write(`${skipped > 0 ? formatSkipped(skipped) : ''}${records.map(format).join('')}`);
  };
  const schedule = () => {
    timer ??= setTimeout(write, delayMs).unref();
  };

  const unsubscribe = log.subscribe(schedule);
  stream.on('drain', schedule);
  // The reader of the stream can end before the emulator does. Without a listener, the error would end the process.
  if (stream.listenerCount('error') === 0) stream.on('error', () => {});
  if (log.lastSequence > after) write();
  return () => {
    unsubscribe();
    stream.off('drain', schedule);
    clearTimeout(timer);
    write();
  };
}
