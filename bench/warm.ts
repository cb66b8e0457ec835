import type { Answer, Bench, Row } from './bench.ts';
import { median, rounded } from './median.ts';
import { medianRatio, quantile } from './pairs.ts';
import type { Told } from './warm-calls.ts';
import { withEncrypt } from './warm-process.ts';

export const warmBench: Bench = {
  name: 'warm',
  question:
    'What does the whole handler add to a call of KMS, beside the bare KMSClient.send to the same emulator in the same process, and does its memory grow?',
  run: measure,
};

const rounds = 3;
const calls = 1_500;
const memoryCalls = 100_000;
/** What warm-calls.ts makes of its own before it first looks at the heap. */
const warmUpCalls = 1_000;

function measure(): Promise<Answer> {
  return withEncrypt(async (callsOf) => {
    const rows: Row[] = [];
    for (const door of ['direct', 'http'] as const) {
      const told: Told[] = [];
      for (let round = 0; round < rounds; round += 1) {
        told.push(await callsOf({ door, calls, payloadBytes: 64, contextBytes: 0 }));
      }
      const p50 = (side: 'handlerMs' | 'bareMs') => told.map((figures) => median(figures[side]));
      const p99 = (side: 'handlerMs' | 'bareMs') => median(told.map((figures) => quantile(figures[side], 0.99)));
      const medians = { handlerP50Ms: median(p50('handlerMs')), bareP50Ms: median(p50('bareMs')) };
      rows.push({
        what: `Encrypt, ${door} event`,
        handlerP50Ms: rounded(medians.handlerP50Ms, 3),
        bareP50Ms: rounded(medians.bareP50Ms, 3),
        p50Ratio: rounded(medianRatio(p50('handlerMs'), p50('bareMs')), 2),
        handlerP99Ms: rounded(p99('handlerMs'), 2),
        bareP99Ms: rounded(p99('bareMs'), 2),
      });
    }
    const memory = { groups: 10, atOnce: 8 };
    const { heapBytes, logBytes } = await callsOf({
      door: 'http',
      calls: memoryCalls,
      payloadBytes: 64,
      contextBytes: 0,
      memory,
    });
    for (const [group, bytes] of heapBytes.entries()) {
      rows.push({ what: `heap after ${(memoryCalls / memory.groups) * group} calls`, heapMB: rounded(bytes / 1e6, 2) });
    }
    rows.push({ what: 'log of a call', logBytes: Math.round(logBytes / (memoryCalls + warmUpCalls)) });
    return { rows, notes: ['each round in a process of its own; the log goes to a pipe, as in Lambda'] };
  });
}
