import { logger } from '../../shared/observability/logger.ts';

/** A log line that a function wrote, and the time of the write. */
export interface CapturedLine {
  readonly text: string;
  readonly atMs: number;
  // biome-ignore lint/suspicious/noExplicitAny: the assertions check its content.
  readonly json: any;
}

/**
 * Runs `call` and returns the JSON lines that functions in this process wrote meanwhile. Functions in bundles write lines
 * only if the bundle was loaded with the level `INFO`.
 */
export async function captureLog(call: () => Promise<unknown>): Promise<CapturedLine[]> {
  const lines: CapturedLine[] = [];
  const level = logger.getLevelName();
  logger.setLogLevel('INFO');
  const streams = [process.stdout, process.stderr];
  const writes = streams.map(({ write }) => write);
  for (const stream of streams) {
    stream.write = ((chunk: string | Uint8Array) => {
      for (const text of String(chunk).split('\n')) {
        if (text.startsWith('{')) lines.push({ text, atMs: performance.now(), json: JSON.parse(text) });
      }
      return true;
    }) as typeof stream.write;
  }
  try {
    await call();
  } finally {
    logger.setLogLevel(level);
    for (const [index, stream] of streams.entries()) stream.write = writes[index] as typeof stream.write;
  }
  return lines;
}
