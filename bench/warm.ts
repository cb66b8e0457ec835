import type { Benchmark, Effort, Measurement, Row } from './benchmark.ts';
import { compareWithSdk, comparisonNotes, withEncrypt } from './encrypt-runs.ts';
import type { Block } from './encrypt-worker.ts';
import { round } from './statistics.ts';

export const warm: Benchmark = {
  name: 'warm',
  question:
    'How much time does the handler add to a KMS call, compared with KMSClient.send in the same process? Does its memory use grow?',
  run: measure,
};

const rounds = 3;
const calls = 4_000;
const memoryCalls = 100_000;
const smallInput = { payloadBytes: 64, contextBytes: 0 };

function measure(effort: Effort): Promise<Measurement> {
  return withEncrypt(async (runEncrypt) => {
    const rows: Row[] = [];
    for (const trigger of ['direct', 'http'] as const) {
      const handler: Block[] = [];
      const sdk: Block[] = [];
      for (let index = 0; index < effort.choose(rounds); index += 1) {
        const figures = await runEncrypt({ trigger, calls: effort.choose(calls, 200), ...smallInput });
        handler.push(...figures.handler);
        sdk.push(...figures.sdk);
      }
      rows.push({ what: `Encrypt, ${trigger} event`, ...compareWithSdk(handler, sdk) });
    }
    const memory = { warmUpCalls: 1_000, groups: 10, concurrency: 8 };
    const heapCalls = effort.choose(memoryCalls, 1_000);
    const { heapBytes, logBytes } = await runEncrypt({ trigger: 'http', calls: heapCalls, ...smallInput, memory });
    for (const [group, bytes] of heapBytes.entries()) {
      rows.push({ what: `heap after ${(heapCalls / memory.groups) * group} calls`, heapMB: round(bytes / 1e6, 2) });
    }
    rows.push({ what: 'log per call', logBytes: Math.round(logBytes / (heapCalls + memory.warmUpCalls)) });
    return {
      rows,
      notes: [...comparisonNotes, 'Each round runs in a separate process, and writes its log to a file.'],
    };
  });
}
