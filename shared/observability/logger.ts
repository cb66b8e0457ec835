import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';

/**
 * What stands around a record, under the names that Powertools gives it. Its own formatter adds what the record has already
 * (the request id) or the deployment says (memory, ARN), and merges the two deeply, which takes longer than all else here.
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
 * One logger for all of a function. Events are never logged: `injectLambdaContext`, which the environment could tell to
 * do so, is not used. Only `record-call` writes to it, and only what it names itself.
 */
export const logger = new Logger({ logFormatter: new LineFormatter() });
