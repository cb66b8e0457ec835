import type { CloudWatchLogsEvent } from 'aws-lambda';
import { archive } from './archive.ts';
import { lifecycleEvents } from './lifecycle.ts';
import { publish } from './publish.ts';
import { recordsIn } from './records-in.ts';

/**
 * Carries the records of calls from the functions' log group to the audit trail's own, and what changed the life of a
 * key to EventBridge. CloudWatch Logs invokes it, after the calls: no caller waits for it. Whatever fails is thrown, so
 * that Lambda tries again; a record may then stand there twice, with the same `requestId`.
 */
export async function handler(event: CloudWatchLogsEvent): Promise<void> {
  const records = recordsIn(event);
  if (records.length === 0) return;
  await archive(records);
  await publish(lifecycleEvents(records));
}
