import type { LogFormat } from './print-requests.ts';
import type { RequestLog } from './request-log.ts';

/**
 * Prints each request to standard output. Loads the modules that format requests only if they are needed, so that the
 * emulator starts faster. Returns the function that prints the last requests and stops.
 */
export async function startPrinting(log: RequestLog, format: LogFormat = 'off'): Promise<() => void> {
  if (format === 'off') return () => {};
  const { printRequests } = await import('./print-requests.ts');
  return printRequests(log, format);
}
