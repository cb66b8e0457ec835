import { Running } from './process.ts';

/** It takes 4 s on an idle machine. */
const startTimeoutMs = 55_000;

/** Runs `npm start` in a copy of the project and resolves once it is ready. */
export async function npmStart(directory: string): Promise<{ process: Running; readyMs: number }> {
  const startedMs = performance.now();
  const process = new Running(['npm', 'start'], { cwd: directory });
  // The last line that it prints, up to its end.
  await process.waitFor(/^Try: .*\n/m, startTimeoutMs);
  return { process, readyMs: Math.round(performance.now() - startedMs) };
}
