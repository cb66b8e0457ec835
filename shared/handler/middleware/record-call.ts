import { type Call, createCall } from '../../call/call.ts';
import type { ChainMiddleware } from '../../call/chain.ts';
import type { FunctionConfig } from '../../config/function-config.ts';
import type { Operation } from '../../declaration/operation.ts';
import { getTimeoutSeconds, timeoutEarlyMs } from '../../kms/timeout.ts';
import { buildCallRecord } from '../../observability/build-call-record.ts';
import { callMessage } from '../../observability/call-message.ts';
import { describeCause } from '../../observability/describe-cause.ts';
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

function writeRecord(call: Call): void {
  const latencyMs = Math.round(performance.now() - call.startedAtMs);
  const { failure } = call;
  const line = { ...buildCallRecord(call, latencyMs), ...buildMetrics(call, latencyMs) };
  if (failure === undefined) logger.info(callMessage, line);
  else if (failure.entry.status < 500) logger.warn(callMessage, line);
  else logger.error(callMessage, { ...line, cause: describeCause(failure.cause) });
}
