import type { Row } from './bench.ts';
import { median, rounded } from './median.ts';
import { medianRatio } from './pairs.ts';
import type { Block } from './warm-calls.ts';

export const blockNotes = [
  'in blocks of 100 calls that take turns at being first; a ratio is the median of the ratios of the blocks, pair by pair',
  'cpu: of all threads of the process, so it hardly depends on what else the machine does',
];

export function sideBySide(handler: readonly Block[], bare: readonly Block[]): Row {
  const of = (blocks: readonly Block[], figure: keyof Block) => blocks.map((block) => block[figure]);
  return {
    handlerP50Ms: rounded(median(of(handler, 'p50Ms')), 3),
    bareP50Ms: rounded(median(of(bare, 'p50Ms')), 3),
    p50Ratio: rounded(medianRatio(of(handler, 'p50Ms'), of(bare, 'p50Ms')), 2),
    cpuRatio: rounded(medianRatio(of(handler, 'cpuMs'), of(bare, 'cpuMs')), 2),
    handlerP99Ms: rounded(median(of(handler, 'p99Ms')), 2),
    bareP99Ms: rounded(median(of(bare, 'p99Ms')), 2),
  };
}
