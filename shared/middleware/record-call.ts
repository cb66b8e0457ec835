import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { callMessage } from '../audit/call-message.ts';
import { recordOf } from '../audit/record-of.ts';
import type { Call, ChainMiddleware, ChainRequest } from '../call.ts';
import { logger } from '../logger.ts';
import { metricNames } from '../metric-names.ts';
import { metrics } from '../metrics.ts';
import type { Operation } from '../operation.ts';

/** Begins the call's own record and, at its end, writes one log line and the metrics. Outermost: it sees every outcome. */
export function recordCall(operation: Operation): ChainMiddleware {
  return {
    before: (request) => {
      request.internal.call = beginCall(operation, request);
      logger.addContext(request.context);
    },
    after: ({ internal: { call } }) => writeRecord(call),
    onError: ({ internal: { call } }) => writeRecord(call),
  };
}

function beginCall(operation: Operation, { context }: ChainRequest): Call {
  return {
    operation,
    requestId: context.awsRequestId ?? crypto.randomUUID(),
    startedAtMs: performance.now(),
    door: 'direct',
    caller: { kind: 'unknown', isVerified: false },
    usedKeys: [],
    json: {},
    input: {},
    errors: [],
  };
}

function writeRecord(call: Call): void {
  const latencyMs = Math.round(performance.now() - call.startedAtMs);
  const { failure } = call;
  const record = recordOf(call, latencyMs);
  const isFault = failure !== undefined && failure.entry.status >= 500;
  if (isFault) logger.error(callMessage, { ...record, cause: causeOf(failure.cause) });
  else if (failure) logger.warn(callMessage, record);
  else logger.info(callMessage, record);

  writeMetrics(call, latencyMs);
}

/** By operation, and once more for the service as a whole, which is what alarms watch. */
function writeMetrics({ operation, failure }: Call, latencyMs: number): void {
  const countIf = (name: string, condition: boolean) => metrics.addMetric(name, MetricUnit.Count, condition ? 1 : 0);
  metrics.addDimension('operation', operation.name);
  metrics.addDimensions({});
  metrics.addMetric(metricNames.calls, MetricUnit.Count, 1);
  metrics.addMetric(metricNames.latency, MetricUnit.Milliseconds, latencyMs);
  countIf(metricNames.faults, failure !== undefined && failure.entry.status >= 500);
  countIf(metricNames.throttles, failure?.entry.status === 429);
  countIf(metricNames.accessDenied, failure?.entry.status === 403);
  countIf(metricNames.deletionsScheduled, operation.name === 'ScheduleKeyDeletion' && failure === undefined);
  metrics.publishStoredMetrics();
}

/** What a fault came from: its name and frames. Its message may hold a caller's value and stays out. */
function causeOf(cause: unknown): Record<string, unknown> | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { code } = cause as { code?: unknown };
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: cause.name, ...(typeof code === 'string' ? { code } : {}), frames: frames.map((line) => line.trim()) };
}
