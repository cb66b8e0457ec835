import { Running } from './process.ts';

/** `npm start` in a copy of the project, ready. */
export async function npmStart(directory: string): Promise<{ process: Running; readyMs: number }> {
  const startedMs = performance.now();
  const process = new Running(['npm', 'start'], { cwd: directory });
  // The last line that it prints, and its end: the command is there in full.
  await process.waitFor(/^Try: .*\n/m);
  return { process, readyMs: Math.round(performance.now() - startedMs) };
}
