import { gunzipSync } from 'node:zlib';
import type { CloudWatchLogsDecodedData, CloudWatchLogsEvent } from 'aws-lambda';
import { callMessage } from '../../../shared/observability/call-message.ts';
import { type CallRecord, callRecord } from '../../../shared/observability/call-record.ts';

export interface TimedRecord {
  readonly timestampMs: number;
  readonly record: CallRecord;
}

/**
 * Reads the call records from a CloudWatch Logs event, without the members that the logger adds
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html). Sorts the records by time, as
 * PutLogEvents requires.
 */
export function readRecords({ awslogs }: CloudWatchLogsEvent): TimedRecord[] {
  const text = gunzipSync(Buffer.from(awslogs.data, 'base64')).toString('utf8');
  const { logEvents } = JSON.parse(text) as CloudWatchLogsDecodedData;
  return logEvents
    .flatMap(({ timestamp, message }) => {
      const record = parseRecord(message);
      return record === undefined ? [] : [{ timestampMs: timestamp, record }];
    })
    .sort((a, b) => a.timestampMs - b.timestampMs);
}

/**
 * Parses a log line. Returns `undefined` if the line is not a call record. Such a line may still pass the subscription
 * filter.
 */
function parseRecord(line: string): CallRecord | undefined {
  try {
    const fields = JSON.parse(line) as { message?: unknown };
    return fields.message === callMessage ? callRecord.parse(fields) : undefined;
  } catch {
    return undefined;
  }
}
