import { setTimeout } from 'node:timers/promises';

/** How long each answer is held back, in milliseconds: a number, or a range out of which each answer takes its own. */
export type LatencyMs = number | readonly [least: number, most: number];

export function wait(latencyMs: LatencyMs): Promise<void> {
  const [least, most] = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs;
  return setTimeout(least + Math.random() * (most - least));
}
