import type { CloudWatchLogsEvent } from 'aws-lambda';
import { archiveRecords } from './archive-records.ts';
import { readForwarderConfig } from './forwarder-config.ts';
import { toLifecycleEvents } from './lifecycle.ts';
import { publishEvents } from './publish-events.ts';
import { readRecords } from './read-records.ts';

const { logGroupName, eventBusName, lifecycleEvents } = readForwarderConfig();

/**
 * Copies call records from the functions' log group to the audit trail, and publishes key lifecycle events to
 * EventBridge. CloudWatch Logs invokes the handler after the calls, so callers do not wait for it. Lambda retries the
 * handler after any error, so the audit trail may contain a record twice, with the same `requestId`.
 */
export async function handler(event: CloudWatchLogsEvent): Promise<void> {
  const records = readRecords(event);
  if (records.length === 0) return;
  await archiveRecords(records, logGroupName);
  if (eventBusName !== undefined) await publishEvents(toLifecycleEvents(records, lifecycleEvents), eventBusName);
}
