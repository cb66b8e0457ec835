import type { Row } from '../benchmark.ts';
import { quantile, round, sum } from '../statistics.ts';
import type { CallResult } from './arrivals.ts';
import type { HostReport, ServiceFigures } from './host.ts';

const throttled = ['ThrottlingException', 'GatewayError', '429'];
const timedOut = ['TimeoutError', 'CallTimeoutError'];

/** Summarizes calls. `ok`, `throttled`, `timedOut` and `otherErrors` add up to `calls`. */
export function summarizeCalls(calls: readonly CallResult[], report: HostReport): Row {
  const service = findFigures(calls, report);
  const count = (outcomes: readonly string[]) => calls.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const okMs = calls.filter(({ outcome }) => outcome === 'ok').map(({ durationMs }) => durationMs);
  const failures = { throttled: count(throttled), timedOut: count(timedOut) };
  const perCall = (values: readonly number[], digits: number) => round(sum(values) / calls.length, digits);
  const attempts = service.map(({ kmsAttempts }) => kmsAttempts);
  return {
    calls: calls.length,
    ok: okMs.length,
    ...failures,
    otherErrors: calls.length - okMs.length - failures.throttled - failures.timedOut,
    okPercent: round((okMs.length / calls.length) * 100, 1),
    kmsAttempts: perCall(attempts, 2),
    maxKmsAttempts: Math.max(...attempts),
    p50Ms: okMs.length === 0 ? '–' : round(quantile(okMs, 0.5)),
    p99Ms: okMs.length === 0 ? '–' : round(quantile(okMs, 0.99)),
    billedMs: perCall(
      service.map(({ billedMs }) => billedMs),
      0,
    ),
    maxSandboxes: report.maxBusy,
  };
}

/** Returns the number of invocations without exactly one record. */
export function countMissingRecords(calls: readonly CallResult[], report: HostReport): number {
  return sum(
    findFigures(calls, report).map(({ invocations, recordedRequestIds }) =>
      Math.abs(invocations - recordedRequestIds.length),
    ),
  );
}

/**
 * Returns the time from the end of the overload until the last call that failed or needed another attempt, or the length
 * of the period if calls still fail at its end.
 */
export function measureRecovery(calls: readonly CallResult[], report: HostReport, endMs: number): number {
  const later = calls.filter(({ startMs }) => startMs >= endMs);
  const service = new Map(report.calls.map((figures) => [figures.id, figures]));
  const isAffected = ({ id, outcome }: CallResult) => outcome !== 'ok' || service.get(id)?.kmsAttempts !== 1;
  const affected = later.filter(isAffected).map(({ startMs }) => startMs - endMs);
  return round(Math.max(0, ...affected) / 1000, 1);
}

function findFigures(calls: readonly CallResult[], { calls: service }: HostReport): ServiceFigures[] {
  const ids = new Set(calls.map(({ id }) => id));
  return service.filter(({ id }) => ids.has(id));
}
