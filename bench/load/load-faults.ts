import { setTimeout } from 'node:timers/promises';
import type { Benchmark, Effort, Measurement, Row } from '../benchmark.ts';
import { runPhases } from './arrivals.ts';
import { createClientCaller } from './callers.ts';
import type { Fault } from './faults.ts';
import { countMissingRecords, summarizeCalls } from './figures.ts';
import { type Service, startService } from './service.ts';
import type { Version } from './version.ts';
import { labelVersion, withKms, withVersions } from './versions.ts';

export const loadFaults: Benchmark = {
  name: 'load-faults',
  question:
    'What happens to Encrypt calls of the typed client, with a time limit of 10 seconds, while KMS is slow or fails?',
  run: measure,
};

const timeoutMs = 10_000;
const perSecond = 3;
const warmSandboxes = { encrypt: 5 };

const faults: Readonly<Record<string, Fault>> = {
  'KMS responds after 2,000 ms': { kind: 'latency', latencyMs: 2_000 },
  'KMS responds after 2,600 ms': { kind: 'latency', latencyMs: 2_600 },
  'the body stalls': { kind: 'stalled body' },
  'half-open connections': { kind: 'half-open' },
  'KMS hangs': { kind: 'hang' },
  '30 % of connections reset': { kind: 'reset', share: 0.3 },
  'KMS responds with 500': { kind: 'internal error' },
};
const quickFaults = ['30 % of connections reset'];

function measure(effort: Effort): Promise<Measurement> {
  return withVersions(effort, (versions) =>
    withKms(undefined, async (kms) => {
      const selected = Object.entries(faults).filter(([what]) => !effort.isQuick || quickFaults.includes(what));
      const rowsByVersion: Row[][] = [];
      for (const version of versions) {
        // The load starts after all processes have started.
        const services = await Promise.all(
          selected.map(([, fault]) => startService(version, { kms, fault, warmSandboxes })),
        );
        const rows = selected.map(async ([what], index) => ({
          what: labelVersion(what, version, versions),
          ...(await measureService(services[index] as Service, version, effort)),
        }));
        rowsByVersion.push(await Promise.all(rows));
      }
      return {
        rows: selected.flatMap((_, index) => rowsByVersion.map((rows) => rows[index] as Row)),
        notes: [
          `Each row describes ${perSecond} calls per second for ${getDurationMs(effort) / 1000} s. The rows of a version run at the same time, each with its own client and functions.`,
          '`missingRecords` counts invocations without exactly one call record.',
        ],
      };
    }),
  );
}

const getDurationMs = (effort: Effort) => effort.choose(10_000, 1_000);
const longestInvocationMs = 11_000;

async function measureService(service: Service, version: Version, effort: Effort): Promise<Row> {
  try {
    const call = createClientCaller(version, service.endpoint, timeoutMs);
    const calls = await runPhases([{ perSecond, durationMs: getDurationMs(effort) }], call);
    // Functions of abandoned calls still run, and write their records.
    await setTimeout(effort.choose(longestInvocationMs, 100));
    const report = await service.readReport();
    return {
      ...summarizeCalls(calls, report),
      longestCallMs: Math.round(Math.max(...calls.map(({ durationMs }) => durationMs))),
      missingRecords: countMissingRecords(calls, report),
    };
  } finally {
    service.stop();
  }
}
