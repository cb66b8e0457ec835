import { InvalidArgumentError } from 'commander';
import type { LatencyMs } from '../http/latency.ts';

export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError('It must be a number from 0 to 65535.');
  return port;
}

export function parseFactor(text: string): number {
  const factor = Number(text);
  if (!(factor > 0)) throw new InvalidArgumentError('It must be a number greater than 0.');
  return factor;
}

export function parseLatency(text: string): LatencyMs {
  const [, min, max] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  if (min === undefined)
    throw new InvalidArgumentError('It must be a number of milliseconds, or a range such as 5-20.');
  if (max === undefined) return Number(min);
  if (Number(max) < Number(min)) {
    throw new InvalidArgumentError(`The range must start with the smaller number, as in ${max}-${min}.`);
  }
  return [Number(min), Number(max)];
}
