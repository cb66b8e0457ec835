import type { Answer, Bench, Effort, Row } from './bench.ts';
import { rounded } from './median.ts';
import { blockNotes, sideBySide } from './side-by-side.ts';
import type { Block } from './warm-calls.ts';
import { withEncrypt } from './warm-process.ts';

export const warmBench: Bench = {
  name: 'warm',
  question:
    'What does the whole handler add to a call of KMS, beside the bare KMSClient.send to the same emulator in the same process, and does its memory grow?',
  run: measure,
};

const rounds = 3;
const calls = 4_000;
const memoryCalls = 100_000;
/** What warm-calls.ts makes of its own before it first looks at the heap. */
const warmUpCalls = 1_000;

function measure(effort: Effort): Promise<Answer> {
  return withEncrypt(async (callsOf) => {
    const rows: Row[] = [];
    for (const trigger of ['direct', 'http'] as const) {
      const handler: Block[] = [];
      const bare: Block[] = [];
      for (let round = 0; round < effort.of(rounds); round += 1) {
        const told = await callsOf({ trigger, calls: effort.of(calls, 200), payloadBytes: 64, contextBytes: 0 });
        handler.push(...told.handler);
        bare.push(...told.bare);
      }
      rows.push({ what: `Encrypt, ${trigger} event`, ...sideBySide(handler, bare) });
    }
    const memory = { groups: 10, atOnce: 8 };
    const callsForMemory = effort.of(memoryCalls, 1_000);
    const { heapBytes, logBytes } = await callsOf({
      trigger: 'http',
      calls: callsForMemory,
      payloadBytes: 64,
      contextBytes: 0,
      memory,
    });
    for (const [group, bytes] of heapBytes.entries()) {
      rows.push({
        what: `heap after ${(callsForMemory / memory.groups) * group} calls`,
        heapMB: rounded(bytes / 1e6, 2),
      });
    }
    rows.push({ what: 'log of a call', logBytes: Math.round(logBytes / (callsForMemory + warmUpCalls)) });
    return { rows, notes: [...blockNotes, 'each round in a process of its own; the log goes to a file'] };
  });
}
