import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { callMessage } from '../../../shared/observability/call-message.ts';
import { getLogsClient } from './logs-client.ts';
import type { PlatformReport } from './platform-report.ts';
import type { TimedRecord } from './read-delivery.ts';

/** The maximum duration of an invocation in Lambda, which is 15 minutes. */
const longestCallMs = 15 * 60_000;
const maxRemembered = 10_000;

/** The request ids of the calls whose records this instance archived last. */
const archived = new Set<string>();

/** Remembers the calls whose records are in the audit trail. */
export function rememberArchived(records: readonly TimedRecord[]): void {
  for (const requestId of listCalls(records)) archived.add(requestId);
  for (const requestId of archived) {
    if (archived.size <= maxRemembered) return;
    archived.delete(requestId);
  }
}

/** Returns the request ids of the records of calls. A batch that Lambda stopped can have records of items only. */
function listCalls(records: readonly TimedRecord[]): string[] {
  return records.filter(({ record }) => record.batchId === undefined).map(({ record }) => record.requestId);
}

/**
 * Returns the reports of calls without a record. A function has written its record if it threw an error, or if Lambda
 * stopped it after its response. The record is in this delivery, in an earlier delivery, or in the log.
 */
export async function findUnrecorded(
  reports: readonly PlatformReport[],
  records: readonly TimedRecord[],
  logGroupName: string,
): Promise<PlatformReport[]> {
  const delivered = new Set(listCalls(records));
  const unrecorded: PlatformReport[] = [];
  for (const report of reports) {
    if (delivered.has(report.requestId) || archived.has(report.requestId)) continue;
    delivered.add(report.requestId);
    if (!(await isInLog(report, logGroupName))) unrecorded.push(report);
  }
  return unrecorded;
}

async function isInLog({ requestId, logStream, timestampMs }: PlatformReport, logGroupName: string): Promise<boolean> {
  let nextToken: string | undefined;
  do {
    const page = await getLogsClient().send(
      new FilterLogEventsCommand({
        logGroupName,
        logStreamNames: [logStream],
        startTime: timestampMs - longestCallMs,
        filterPattern: `{ ($.message = "${callMessage}") && ($.requestId = "${requestId}") }`,
        nextToken,
      }),
    );
    if ((page.events ?? []).length > 0) return true;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return false;
}
