import type { Answer, Bench, Row } from './bench.ts';
import { median, rounded } from './median.ts';
import { withEncrypt } from './warm-process.ts';

export const handlerGrowthBench: Bench = {
  name: 'handler-growth',
  question: 'How does the time of a call grow with its payload and its encryption context?',
  run: measure,
};

const calls = 1_500;
const sizes = [
  { payloadBytes: 1, contextBytes: 0 },
  { payloadBytes: 64, contextBytes: 0 },
  { payloadBytes: 1024, contextBytes: 0 },
  { payloadBytes: 4096, contextBytes: 0 },
  { payloadBytes: 64, contextBytes: 256 },
  { payloadBytes: 64, contextBytes: 1024 },
  { payloadBytes: 64, contextBytes: 4096 },
  { payloadBytes: 64, contextBytes: 8192 },
];

function measure(): Promise<Answer> {
  return withEncrypt(async (callsOf) => {
    const rows: Row[] = [];
    for (const size of sizes) {
      const { handlerMs, bareMs } = await callsOf({ door: 'http', calls, ...size });
      const [ours, theirs] = [median(handlerMs), median(bareMs)];
      rows.push({
        what: `${size.payloadBytes} bytes, context of ${size.contextBytes}`,
        ...size,
        handlerP50Ms: rounded(ours, 3),
        bareP50Ms: rounded(theirs, 3),
        p50Ratio: rounded(ours / theirs, 2),
      });
    }
    return { rows };
  });
}
