import { type Call, createCall } from '../../call/call.ts';
import type { ChainMiddleware } from '../../call/chain.ts';
import type { FunctionConfig } from '../../config/function-config.ts';
import { compact } from '../../declaration/json-object.ts';
import type { Operation } from '../../declaration/operation.ts';
import { getTimeoutSeconds, timeoutEarlyMs } from '../../kms/timeout.ts';
import { boundText } from '../../observability/bound-text.ts';
import { buildCallRecord } from '../../observability/build-call-record.ts';
import { callMessage } from '../../observability/call-message.ts';
import { logger } from '../../observability/logger.ts';
import { buildMetrics } from '../../observability/metrics.ts';

/**
 * Creates the call, and writes its record when the call ends. The record is one log line, which also contains the
 * metrics. As the outermost middleware, `recordCall` records every outcome.
 */
export function recordCall(operation: Operation, config: FunctionConfig): ChainMiddleware {
  return {
    before: (request) => {
      const { context } = request;
      const leftMs = context.getRemainingTimeInMillis?.() ?? getTimeoutSeconds(operation) * 1_000;
      const requestId = context.awsRequestId ?? crypto.randomUUID();
      request.internal.call = createCall(operation, config, requestId, leftMs - timeoutEarlyMs);
      logger.addContext(context);
    },
    after: ({ internal: { call } }) => writeRecord(call),
    onError: ({ internal: { call } }) => writeRecord(call),
  };
}

const maxFrames = 10;

function writeRecord(call: Call): void {
  const latencyMs = Math.round(performance.now() - call.startedAtMs);
  const { failure } = call;
  const line = { ...buildCallRecord(call, latencyMs), ...buildMetrics(call, latencyMs) };
  if (failure === undefined) logger.info(callMessage, line);
  else if (failure.entry.status < 500) logger.warn(callMessage, line);
  else logger.error(callMessage, { ...line, cause: describeCause(failure.cause) });
}

/** Returns the name, code and stack frames of an error's cause, but not its message, which may contain request values. */
function describeCause(cause: unknown): Record<string, unknown> | undefined {
  if (!(cause instanceof Error)) return undefined;
  const { code } = cause as { code?: unknown };
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return compact({
    name: boundText(cause.name),
    code: typeof code === 'string' ? boundText(code) : undefined,
    frames: frames.slice(0, maxFrames).map((line) => boundText(line.trim())),
  });
}
