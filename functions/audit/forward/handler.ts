import type { CloudWatchLogsEvent } from 'aws-lambda';
import { archiveRecords } from './archive-records.ts';
import { findUnrecorded, rememberArchived } from './find-unrecorded.ts';
import { readForwarderConfig } from './forwarder-config.ts';
import { toLifecycleEvents } from './lifecycle.ts';
import { notifyTopic } from './notify-topic.ts';
import { deriveRecord } from './platform-report.ts';
import { publishEvents } from './publish-events.ts';
import { readDelivery } from './read-delivery.ts';
import { reportRejections } from './report-rejections.ts';

const { logGroupName, source, eventBusName, lifecycleEvents, alarmTopic } = readForwarderConfig();

/**
 * Copies call records from the functions' log group to the audit trail, publishes key lifecycle events to EventBridge,
 * and reports destroyed keys to the alarm topic. CloudWatch Logs invokes the handler after the calls, so callers do not
 * wait for it. Lambda retries the handler after any error, so the audit trail may contain a record twice, with the same
 * `requestId`.
 */
export async function handler(event: CloudWatchLogsEvent): Promise<void> {
  const { records, reports, rejections } = readDelivery(event, source);
  reportRejections(rejections, source.service);
  const unrecorded = await findUnrecorded(reports, records, source.logGroupName);
  const derived = unrecorded.map((report) => ({ timestampMs: report.timestampMs, record: deriveRecord(report) }));
  const all = [...records, ...derived].sort((a, b) => a.timestampMs - b.timestampMs);
  if (all.length === 0) return;
  await archiveRecords(all, logGroupName);
  rememberArchived(all);
  if (eventBusName !== undefined) await publishEvents(toLifecycleEvents(all, lifecycleEvents), eventBusName);
  if (alarmTopic !== undefined) await notifyTopic(all, alarmTopic, source.service);
}
