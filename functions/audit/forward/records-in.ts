import { gunzipSync } from 'node:zlib';
import type { CloudWatchLogsDecodedData, CloudWatchLogsEvent } from 'aws-lambda';
import { callMessage } from '../../../shared/observability/call-message.ts';
import { type CallRecord, callRecord } from '../../../shared/observability/call-record.ts';

export interface TimedRecord {
  readonly timestampMs: number;
  readonly record: CallRecord;
}

/**
 * The records in what CloudWatch Logs delivers, without what the logger puts around them
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html). In order of time, as PutLogEvents asks.
 */
export function recordsIn({ awslogs }: CloudWatchLogsEvent): TimedRecord[] {
  const text = gunzipSync(Buffer.from(awslogs.data, 'base64')).toString('utf8');
  const { logEvents } = JSON.parse(text) as CloudWatchLogsDecodedData;
  return logEvents
    .flatMap(({ timestamp, message }) => {
      const record = recordOf(message);
      return record === undefined ? [] : [{ timestampMs: timestamp, record }];
    })
    .sort((a, b) => a.timestampMs - b.timestampMs);
}

/** `undefined` for a line that is none of ours, whatever the filter let through. */
function recordOf(line: string): CallRecord | undefined {
  try {
    const fields = JSON.parse(line) as { message?: unknown };
    return fields.message === callMessage ? callRecord.parse(fields) : undefined;
  } catch {
    return undefined;
  }
}
