import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';

/**
 * Adds the standard Powertools members to a record. The Powertools formatter also adds members that the record already
 * contains (the request id) or that never change (memory, ARN). The formatter's deep merge takes longer than the rest
 * of the logger's work.
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
 * Serializes records without the Powertools replacer, which is called for every member and takes longer than the
 * serialization. The replacer converts errors, big integers and cycles, but records contain only JSON values.
 */
class RecordLogger extends Logger {
  protected override getJsonReplacer(): never {
    return undefined as never;
  }
}

/**
 * The function's only logger. Only `recordCall` writes to the logger, and it selects every member that is logged. Do
 * not use `injectLambdaContext`, because an environment variable can make it log complete events.
 */
export const logger = new RecordLogger({ logFormatter: new LineFormatter() });
