import type { Scope } from '../../authorization/scope.ts';
import type { Operation } from '../../declaration/operation.ts';
import { listedContextKeys, recordOf } from '../../observability/build-call-record.ts';
import { callMessage } from '../../observability/call-message.ts';
import { logger } from '../../observability/logger.ts';
import { metricsOf } from '../../observability/metrics.ts';
import type { Call, ChainMiddleware, ChainRequest } from '../call.ts';

/** Begins the call's own record and, at its end, writes one log line, the metrics in it. Outermost: it sees every outcome. */
export function recordCall(operation: Operation, scope: Scope): ChainMiddleware {
  const valuesOf = listedContextKeys();
  return {
    before: (request) => {
      request.internal.call = beginCall(operation, scope, request);
      logger.addContext(request.context);
    },
    after: ({ internal: { call } }) => writeRecord(call, valuesOf),
    onError: ({ internal: { call } }) => writeRecord(call, valuesOf),
  };
}

function beginCall(operation: Operation, scope: Scope, { context }: ChainRequest): Call {
  return {
    operation,
    scope,
    requestId: context.awsRequestId ?? crypto.randomUUID(),
    startedAtMs: performance.now(),
    trigger: 'direct',
    caller: { kind: 'unknown', isVerified: false },
    usedKeys: [],
    json: {},
    input: {},
    errors: [],
  };
}

function writeRecord(call: Call, valuesOf: ReadonlySet<string>): void {
  const latencyMs = Math.round(performance.now() - call.startedAtMs);
  const { failure } = call;
  const line = { ...recordOf(call, latencyMs, valuesOf), ...metricsOf(call, latencyMs) };
  const isFault = failure !== undefined && failure.entry.status >= 500;
  if (isFault) logger.error(callMessage, { ...line, cause: causeOf(failure.cause) });
  else if (failure) logger.warn(callMessage, line);
  else logger.info(callMessage, line);
}

/** What a fault came from: its name and frames. Its message may hold a caller's value and stays out. */
function causeOf(cause: unknown): Record<string, unknown> | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { code } = cause as { code?: unknown };
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return { name: cause.name, ...(typeof code === 'string' ? { code } : {}), frames: frames.map((line) => line.trim()) };
}
