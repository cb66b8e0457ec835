import type { Readable, Writable } from 'node:stream';

/** The streams, variables and signals with which a command runs. Tests replace those of the process. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted with an `Interrupted` when the user or the system ends the program. */
  readonly signal: AbortSignal;
}

export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Writes to a stream. Resolves when the stream has accepted the data. Rejects if its reader ended. */
export function write(output: Output, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(data, (error) => (error ? reject(error) : resolve()));
  });
}

/** Writes text and a line break. */
export function writeLine(output: Output, text: string): Promise<void> {
  return write(output, `${text}\n`);
}
