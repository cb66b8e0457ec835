import type { Benchmark, Effort, Measurement, Row } from './benchmark.ts';
import { compareWithSdk, comparisonNotes, withEncrypt } from './encrypt-runs.ts';

export const handlerGrowth: Benchmark = {
  name: 'handler-growth',
  question: 'How does the duration of a call grow with the size of its payload and encryption context?',
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

function measure(effort: Effort): Promise<Measurement> {
  return withEncrypt(async (runEncrypt) => {
    const rows: Row[] = [];
    for (const size of sizes.slice(0, effort.choose(sizes.length))) {
      const { handler, sdk } = await runEncrypt({ trigger: 'http', calls: effort.choose(calls, 200), ...size });
      const what = `${size.payloadBytes}-byte payload, ${size.contextBytes}-byte context`;
      rows.push({ what, ...size, ...compareWithSdk(handler, sdk) });
    }
    return { rows, notes: comparisonNotes };
  });
}
