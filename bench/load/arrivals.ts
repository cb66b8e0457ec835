import { setTimeout } from 'node:timers/promises';
import type { CallId } from './call-id.ts';
import { chooseGapMs, createRandom } from './random.ts';

/** A period with a constant rate of calls. */
export interface Phase {
  readonly perSecond: number;
  readonly durationMs: number;
}

export interface CallResult {
  readonly id: CallId;
  /** The time from the start of the first phase until the call. */
  readonly startMs: number;
  readonly durationMs: number;
  /** `ok`, or the error code. */
  readonly outcome: string;
}

const seed = 14;

/**
 * Calls `call` at random times (open loop): callers do not wait for earlier calls. The times are the same in every run.
 * Resolves when all calls have ended.
 */
export async function runPhases(
  phases: readonly Phase[],
  call: (id: CallId) => Promise<string>,
): Promise<CallResult[]> {
  const random = createRandom(seed);
  const beganMs = performance.now();
  const calls: Promise<CallResult>[] = [];
  let phaseMs = 0;
  let id = 0;
  for (const { perSecond, durationMs } of phases) {
    for (let atMs = chooseGapMs(perSecond, random); atMs < durationMs; atMs += chooseGapMs(perSecond, random)) {
      const startMs = phaseMs + atMs;
      await setTimeout(Math.max(0, beganMs + startMs - performance.now()));
      id += 1;
      calls.push(measure(id, startMs, call));
    }
    phaseMs += durationMs;
  }
  return await Promise.all(calls);
}

async function measure(id: CallId, startMs: number, call: (id: CallId) => Promise<string>): Promise<CallResult> {
  const sentMs = performance.now();
  const outcome = await call(id);
  return { id, startMs, durationMs: performance.now() - sentMs, outcome };
}
