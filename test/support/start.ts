import { Running } from './process.ts';

/** The timeout for the start, which takes 4 s on an idle machine. */
const startTimeoutMs = 55_000;

/** Runs `npm start` in a copy of the project, with the arguments. Resolves when the service is ready. */
export async function startService(
  directory: string,
  args: readonly string[] = [],
): Promise<{ process: Running; readyMs: number }> {
  const startedMs = performance.now();
  const process = new Running(['npm', 'start', '--', ...args], { cwd: directory });
  // Waits for the line break after the last line, so that the line is complete.
  await process.waitFor(/^Try: .*\n/m, startTimeoutMs);
  return { process, readyMs: Math.round(performance.now() - startedMs) };
}
