import { Readable, Writable } from 'node:stream';
import { main } from '../../cli/main.ts';

export interface Invocation {
  readonly stdin?: string | Uint8Array | Readable;
  readonly env?: Readonly<Record<string, string>>;
  /** The streams that are a terminal. */
  readonly terminals?: readonly ('stdin' | 'stdout' | 'stderr')[];
  readonly signal?: AbortSignal;
}

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The bytes of standard output. */
  readonly bytes: Buffer;
}

/** Runs the command line in this process. */
export async function runCommandLine(args: readonly string[], invocation: Invocation = {}): Promise<Result> {
  const { stdin = '', env = {}, terminals = [], signal = new AbortController().signal } = invocation;
  const stdout = collect();
  const stderr = collect();
  const input = stdin instanceof Readable ? stdin : Readable.from([Buffer.from(stdin)]);
  const code = await main(args, {
    stdin: Object.assign(input, { isTTY: terminals.includes('stdin') }),
    stdout: Object.assign(stdout.stream, { isTTY: terminals.includes('stdout') }),
    stderr: Object.assign(stderr.stream, { isTTY: terminals.includes('stderr'), columns: 80 }),
    env,
    signal,
  });
  const bytes = stdout.read();
  return { code, bytes, stdout: bytes.toString('utf8'), stderr: stderr.read().toString('utf8') };
}

function collect(): { readonly stream: Writable; read(): Buffer } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, read: () => Buffer.concat(chunks) };
}
