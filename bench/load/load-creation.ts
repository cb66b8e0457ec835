import { requestTagKey } from '../../shared/config/resource-names.ts';
import type { Benchmark, Effort, Measurement, Row } from '../benchmark.ts';
import { callKms } from '../kms-load.ts';
import { sum } from '../statistics.ts';
import { runPhases } from './arrivals.ts';
import { type Caller, createKeyCaller, createRawKeyCaller } from './callers.ts';
import type { Fault } from './faults.ts';
import { countMissingRecords } from './figures.ts';
import { startService } from './service.ts';
import type { Version } from './version.ts';
import { measureVersions, withKms, withVersions } from './versions.ts';

export const loadCreation: Benchmark = {
  name: 'load-creation',
  question: 'Which keys does CreateKey leave that no caller knows of, if the responses of KMS are 3 seconds late?',
  run: measure,
};

const perSecond = 2;
const latencyMs = 3_000;

interface Scenario {
  readonly share: number;
  readonly createCaller: (version: Version, endpoint: string) => Caller;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  '30 % of responses late, client waits 30 s': { share: 0.3, createCaller: createKeyCaller },
  'all responses late, client waits 2 s': { share: 1, createCaller: (...args) => createKeyCaller(...args, 2_000) },
  'all responses late, client waits 0.5 s': { share: 1, createCaller: (...args) => createKeyCaller(...args, 500) },
  'all responses late, callers abort after 0.5 s': {
    share: 1,
    createCaller: (_version, endpoint) => createRawKeyCaller(endpoint, 500),
  },
};

function measure(effort: Effort): Promise<Measurement> {
  return withVersions(effort, (versions) =>
    withKms(undefined, async (kms) => {
      const selected = Object.entries(scenarios).slice(0, effort.choose(Object.keys(scenarios).length));
      const rows = selected.map(([what, scenario]) =>
        measureVersions(versions, what, (version) => measureScenario(kms, version, scenario, effort)),
      );
      return {
        rows: (await Promise.all(rows)).flat(),
        notes: [
          `Each row describes ${perSecond} calls per second for ${getDurationMs(effort) / 1000} s. All rows run at the same time.`,
          '`unreported` counts keys that KMS created although the call did not succeed, and `duplicates` the further keys of a call. `found` counts the unreported keys that `npm run find-key` finds by the request id in the call record.',
        ],
      };
    }),
  );
}

const getDurationMs = (effort: Effort) => effort.choose(20_000, 1_500);

async function measureScenario(
  kms: string,
  version: Version,
  { share, createCaller }: Scenario,
  effort: Effort,
): Promise<Row> {
  const fault: Fault = { kind: 'latency', latencyMs, share };
  const service = await startService(version, { kms, fault, warmSandboxes: { createKey: 3 } });
  try {
    const call = createCaller(version, service.endpoint);
    const calls = await runPhases([{ perSecond, durationMs: getDurationMs(effort) }], call);
    // Functions of abandoned calls still run.
    await new Promise((resolve) => setTimeout(resolve, latencyMs + 500));
    const report = await service.readReport();
    const succeeded = new Set(calls.filter(({ outcome }) => outcome === 'ok').map(({ id }) => id));
    const isTimeout = ({ outcome }: { readonly outcome: string }) =>
      outcome === 'TimeoutError' || outcome === 'CallTimeoutError';
    const timedOut = calls.filter(isTimeout).length;
    const created = report.calls.filter(({ executions }) => executions > 0);
    const unreported = created.filter(({ id }) => !succeeded.has(id));
    const requestTags = await readRequestTags(kms);
    return {
      calls: calls.length,
      ok: succeeded.size,
      timedOut,
      otherErrors: calls.length - succeeded.size - timedOut,
      keysCreated: sum(created.map(({ executions }) => executions)),
      unreported: unreported.length,
      found: unreported.filter(({ recordedRequestIds: ids }) => ids.some((id) => requestTags.has(id))).length,
      duplicates: sum(created.map(({ executions }) => executions - 1)),
      responses504: calls.filter(({ outcome }) => outcome === 'TimeoutError').length,
      missingRecords: countMissingRecords(calls, report),
    };
  } finally {
    service.stop();
  }
}

/** Reads the request ids in the tags of all keys, as `npm run find-key` does. */
async function readRequestTags(kms: string): Promise<Set<unknown>> {
  const requestIds = new Set<unknown>();
  let Marker: string | undefined;
  do {
    const page = await callKmsForJson<Page>(kms, 'ListKeys', { Limit: 1_000, Marker });
    for (const { KeyId } of page.Keys) {
      const { Tags } = await callKmsForJson<KeyTags>(kms, 'ListResourceTags', { KeyId });
      for (const { TagKey, TagValue } of Tags) if (TagKey === requestTagKey) requestIds.add(TagValue);
    }
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return requestIds;
}

interface Page {
  readonly Keys: readonly { readonly KeyId: string }[];
  readonly NextMarker?: string;
}

interface KeyTags {
  readonly Tags: readonly { readonly TagKey: string; readonly TagValue: string }[];
}

async function callKmsForJson<Response>(kms: string, operation: string, body: object): Promise<Response> {
  return JSON.parse(await callKms(kms, { operation, body })) as Response;
}
