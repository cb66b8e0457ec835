import type { TransformCallback } from 'node:stream';

/** Runs a synchronous step of a stream, and reports its error to the stream. */
export function runStep(step: () => void, callback: TransformCallback): void {
  try {
    step();
  } catch (error) {
    callback(error as Error);
    return;
  }
  callback();
}
