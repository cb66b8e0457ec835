import type { Answer, Bench, Effort, Row } from './bench.ts';
import { blockNotes, sideBySide } from './side-by-side.ts';
import { withEncrypt } from './warm-process.ts';

export const handlerGrowthBench: Bench = {
  name: 'handler-growth',
  question: 'How does the time of a call grow with its payload and its encryption context?',
  run: measure,
};

const calls = 2_000;
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

function measure(effort: Effort): Promise<Answer> {
  return withEncrypt(async (callsOf) => {
    const rows: Row[] = [];
    for (const size of sizes.slice(0, effort.of(sizes.length))) {
      const { handler, bare } = await callsOf({ trigger: 'http', calls: effort.of(calls, 200), ...size });
      const what = `${size.payloadBytes} bytes, context of ${size.contextBytes}`;
      rows.push({ what, ...size, ...sideBySide(handler, bare) });
    }
    return { rows, notes: blockNotes };
  });
}
