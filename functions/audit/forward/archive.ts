import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import { fromEnv } from '@aws-sdk/credential-provider-env';
import { chunksOf } from './chunks-of.ts';
import type { TimedRecord } from './records-in.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const batchLimits = { items: 10_000, bytes: 1_048_576, overheadBytes: 26 };

const client = new CloudWatchLogsClient({ credentials: fromEnv() });
const instance = crypto.randomUUID();
const streams = new Set<string>();

/** Writes records to the audit trail's log group: a stream for each day and instance of this function. */
export async function archive(records: readonly TimedRecord[]): Promise<void> {
  const logGroupName = process.env.AUDIT_LOG_GROUP;
  if (logGroupName === undefined) throw new Error('AUDIT_LOG_GROUP must name the log group of the audit trail');
  const logStreamName = `${new Date().toISOString().slice(0, 10)}/${instance}`;
  if (!streams.has(logStreamName)) await createStream(logGroupName, logStreamName);
  const events = records.map(({ timestampMs, record }) => ({
    timestamp: timestampMs,
    message: JSON.stringify(record),
  }));
  for (const logEvents of chunksOf(events, batchLimits, ({ message }) => message)) {
    const answer = await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    if (answer.rejectedLogEventsInfo !== undefined) {
      throw new Error(`CloudWatch Logs rejected records: ${JSON.stringify(answer.rejectedLogEventsInfo)}`);
    }
  }
}

async function createStream(logGroupName: string, logStreamName: string): Promise<void> {
  try {
    await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
  streams.add(logStreamName);
}
