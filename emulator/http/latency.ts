import { setTimeout } from 'node:timers/promises';

/** A delay in milliseconds, or a range for the random delay of each response. */
export type LatencyMs = number | readonly [min: number, max: number];

export function wait(latencyMs: LatencyMs): Promise<void> {
  const [min, max] = typeof latencyMs === 'number' ? [latencyMs, latencyMs] : latencyMs;
  return setTimeout(min + Math.random() * (max - min));
}
