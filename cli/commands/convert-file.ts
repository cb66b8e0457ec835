import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isatty } from 'node:tty';
import type { FileOptions, FileSource } from '../../client/sealer/index.ts';
import { openInput } from '../files/read-input.ts';
import { explainFileErrors, isCharacterDevice, isDevice } from '../files/write-file.ts';
import { createProgressBar, type ProgressBar } from '../output/progress-bar.ts';
import type { Invocation } from '../table/command.ts';
import { type Output, write } from '../terminal.ts';

/** A conversion of a file or stream, into a file or stream. */
export interface Conversion<Facts> {
  /** The file to read, or `-`. */
  readonly source: string;
  /** The file to write, or `-`. */
  readonly target: string;
  /** Converts into a file, which appears only after everything succeeded. */
  readonly convert: (source: FileSource, target: string, options: FileOptions) => Promise<Facts>;
  /** Creates the stream for another target. The length of the input is unknown for a pipe. */
  readonly createStream: (inputBytes: number | undefined) => Transform;
  /** Called before each write to standard output or a device. */
  readonly onOutput?: (() => void) | undefined;
}

/** Runs a conversion, and shows its progress. Returns the facts about a conversion into a file. */
export async function convertFile<Facts>(
  { source, target, convert, createStream, onOutput }: Conversion<Facts>,
  { flags, terminal }: Invocation,
): Promise<Facts | undefined> {
  const { signal } = terminal;
  const input = await openInput(source, terminal);
  // On one terminal, the bar would overwrite the data.
  const isMixed = terminal.stderr.isTTY && (await isTerminal(target, terminal));
  const name = source === '-' ? input.name : basename(source);
  const bar = createProgressBar(name, terminal, isMixed ? false : flags.progress);
  try {
    if (target !== '-' && !(await isDevice(target))) {
      const options: FileOptions = {
        signal,
        overwrite: flags.force ?? false,
        onProgress: ({ doneBytes }) => bar.update(doneBytes, input.bytes),
      };
      return await explainFileErrors(target, () => convert(input.stream, target, options));
    }
    const output = target === '-' ? terminal.stdout : openDevice(target);
    const outputName = target === '-' ? 'standard output' : target;
    await explainFileErrors(outputName, () =>
      convertStream(input, createStream(input.bytes), output, { bar, signal, onOutput }),
    );
    return undefined;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    bar.end();
    input.stream.destroy();
  }
}

interface StreamOptions extends Pick<Conversion<unknown>, 'onOutput'> {
  readonly bar: ProgressBar;
  readonly signal: AbortSignal;
}

async function convertStream(
  input: { readonly stream: Readable; readonly bytes: number | undefined },
  stream: Transform,
  output: Writable,
  { bar, signal, onOutput }: StreamOptions,
): Promise<void> {
  async function* report(chunks: AsyncIterable<Uint8Array>) {
    let doneBytes = 0;
    for await (const chunk of chunks) {
      yield chunk;
      doneBytes += chunk.length;
      bar.update(doneBytes, input.bytes);
    }
  }
  await pipeline(
    input.stream,
    report,
    stream,
    (chunks: AsyncIterable<Uint8Array>) => writeAll(output, chunks, onOutput),
    {
      signal,
    },
  );
}

/** Returns whether the target is a terminal: as standard output, or as a device such as /dev/tty. */
async function isTerminal(target: string, { stdout }: Invocation['terminal']): Promise<boolean> {
  if (target === '-') return stdout.isTTY ?? false;
  if (!(await isCharacterDevice(target))) return false;
  const handle = await open(target, 'w').catch(() => undefined);
  try {
    return handle !== undefined && isatty(handle.fd);
  } finally {
    await handle?.close();
  }
}

/** The write that failed reports the error. Without a listener, the event would end the process with a stack trace. */
function openDevice(target: string): Writable {
  return createWriteStream(target).on('error', () => {});
}

/** Writes chunks to standard output, which stays open, or to a device. */
async function writeAll(output: Output, chunks: AsyncIterable<Uint8Array>, onOutput = () => {}): Promise<void> {
  for await (const chunk of chunks) {
    onOutput();
    await write(output, chunk);
  }
}
