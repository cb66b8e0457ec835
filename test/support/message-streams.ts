import { Readable, type Transform } from 'node:stream';
import type { EnvelopeError } from '../../envelope/index.ts';

/** What a stream emitted until it ended or failed. */
export interface StreamOutcome {
  readonly output: Buffer;
  /** Undefined if the stream ended. */
  readonly error?: unknown;
}

/** Sends bytes through a stream in chunks of the given lengths, the last of which repeats. Captures all output. */
export function runStream(
  stream: Transform,
  input: Uint8Array,
  chunkBytes: readonly number[] = [16_384],
): Promise<StreamOutcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const outcome = (error?: unknown) => ({ output: Buffer.concat(chunks), ...(error !== undefined && { error }) });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => resolve(outcome()));
    stream.on('error', (error) => resolve(outcome(error)));
    Readable.from(divide(input, chunkBytes)).pipe(stream);
  });
}

function* divide(input: Uint8Array, chunkBytes: readonly number[]): Generator<Uint8Array> {
  let offset = 0;
  for (let index = 0; offset < input.length; index += 1) {
    const length = Math.max(1, chunkBytes[Math.min(index, chunkBytes.length - 1)] ?? 1);
    yield input.subarray(offset, offset + length);
    offset += length;
  }
}

/** Returns the code of the error that a promise rejects with. */
export async function captureCode(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'no error';
  } catch (error) {
    return (error as EnvelopeError).code ?? String(error);
  }
}
