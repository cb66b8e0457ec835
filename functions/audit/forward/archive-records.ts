import {
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import { getLogsClient } from './logs-client.ts';
import type { TimedRecord } from './read-delivery.ts';
import { splitIntoBatches } from './split-into-batches.ts';

/** The limits of PutLogEvents (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html). */
const batchLimits = { items: 10_000, bytes: 1_048_576, overheadBytes: 26 };

const instanceId = crypto.randomUUID();
const streams = new Set<string>();

/** Writes records to the audit trail's log group. Each instance of this function writes one log stream per day. */
export async function archiveRecords(records: readonly TimedRecord[], logGroupName: string): Promise<void> {
  const logStreamName = `${new Date().toISOString().slice(0, 10)}/${instanceId}`;
  if (!streams.has(logStreamName)) await createStream(logGroupName, logStreamName);
  const events = records.map(({ timestampMs, record }) => ({
    timestamp: timestampMs,
    message: JSON.stringify(record),
  }));
  for (const logEvents of splitIntoBatches(events, batchLimits, ({ message }) => message)) {
    const response = await getLogsClient().send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    if (response.rejectedLogEventsInfo !== undefined) {
      throw new Error(`CloudWatch Logs rejected records: ${JSON.stringify(response.rejectedLogEventsInfo)}`);
    }
  }
}

async function createStream(logGroupName: string, logStreamName: string): Promise<void> {
  try {
    await getLogsClient().send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
  streams.add(logStreamName);
}
