import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';

/**
 * Adds the standard Powertools members to a record. Replaces the Powertools formatter, which also adds members that the
 * record already contains (the request id) or that never change (memory, ARN), and whose deep merge takes longer than
 * everything else that the logger does.
 */
class LineFormatter extends LogFormatter {
  formatAttributes(attributes: UnformattedAttributes, record: LogAttributes): LogItem {
    const { logLevel, message, timestamp, serviceName, lambdaContext, xRayTraceId } = attributes;
    return new LogItem({
      attributes: {
        level: logLevel,
        message,
        timestamp: this.formatTimestamp(timestamp),
        service: serviceName,
        cold_start: lambdaContext?.coldStart,
        function_name: lambdaContext?.functionName,
        xray_trace_id: xRayTraceId,
        ...record,
      },
    });
  }
}

/**
 * The only logger of a function. Only `recordCall` writes to it, and it selects each member. `injectLambdaContext` is not
 * used, because an environment variable can make it log complete events.
 */
export const logger = new Logger({ logFormatter: new LineFormatter() });
