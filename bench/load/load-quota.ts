import type { Benchmark, Effort, Measurement, Row } from '../benchmark.ts';
import { runPhases } from './arrivals.ts';
import { createClientCaller, createRawCaller } from './callers.ts';
import { measureRecovery, summarizeCalls } from './figures.ts';
import { startService } from './service.ts';
import type { Version } from './version.ts';
import { labelVersion, withKms, withVersions } from './versions.ts';

export const loadQuota: Benchmark = {
  name: 'load-quota',
  question: 'What happens if callers send more Encrypt requests than the KMS quota allows? The quota is 25 per second.',
  run: measure,
};

/** Multiplies the default quota of 10,000 symmetric requests per second. */
const quotas = 0.0025;
const warmSandboxes = { encrypt: 20 };
const warmUp = { perSecond: 15, durationMs: 2_000 };
const recoveryPerSecond = 15;

interface Scenario {
  readonly perSecond: number;
  readonly caller: 'raw' | 'client';
}

const scenarios: readonly Scenario[] = [
  { perSecond: 20, caller: 'client' },
  { perSecond: 28, caller: 'client' },
  { perSecond: 38, caller: 'client' },
  { perSecond: 50, caller: 'client' },
  { perSecond: 38, caller: 'raw' },
];

function measure(effort: Effort): Promise<Measurement> {
  return withVersions(effort, async (versions) => {
    const rows: Row[] = [];
    for (const scenario of effort.isQuick ? scenarios.slice(3, 4) : scenarios) {
      const { perSecond, caller } = scenario;
      const what = `${perSecond}/s, ${caller === 'client' ? 'typed client' : 'no retries by callers'}`;
      // The versions run one after the other, because an overloaded version would slow down the other one.
      for (const version of versions) {
        rows.push({
          what: labelVersion(what, version, versions),
          ...(await measureScenario(version, scenario, effort)),
        });
      }
    }
    const recoveryMs = getRecoveryMs(effort);
    return {
      rows,
      notes: [
        `After a warm-up, callers arrive at random times for ${getOverloadMs(effort) / 1000} s, and then at ${recoveryPerSecond}/s for ${recoveryMs / 1000} s. All columns except the recovery describe the calls of the first period.`,
        'KMS attempts, billed time: per call. `recoverySeconds` is the time from the end of the first period until the last call that failed or needed another attempt.',
        'Latencies, billed times and recovery depend on the load of the machine. Shares and numbers of attempts do too if the machine is so busy that attempts reach their time limit.',
      ],
    };
  });
}

const getOverloadMs = (effort: Effort) => effort.choose(20_000, 600);
const getRecoveryMs = (effort: Effort) => effort.choose(12_000, 400);

function measureScenario(version: Version, { perSecond, caller }: Scenario, effort: Effort): Promise<Row> {
  return withKms(quotas, async (kms) => {
    const service = await startService(version, { kms, fault: { kind: 'none' }, warmSandboxes });
    try {
      const { endpoint } = service;
      const call = caller === 'raw' ? createRawCaller(endpoint) : createClientCaller(version, endpoint);
      const durationMs = getOverloadMs(effort);
      const recovery = { perSecond: recoveryPerSecond, durationMs: getRecoveryMs(effort) };
      const calls = await runPhases([warmUp, { perSecond, durationMs }, recovery], call);
      const endMs = warmUp.durationMs + durationMs;
      const report = await service.readReport();
      return {
        ...summarizeCalls(
          calls.filter(({ startMs }) => startMs >= warmUp.durationMs && startMs < endMs),
          report,
        ),
        recoverySeconds: measureRecovery(calls, report, endMs),
      };
    } finally {
      service.stop();
    }
  });
}
