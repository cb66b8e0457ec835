import { gunzipSync } from 'node:zlib';
import type { CloudWatchLogsDecodedData, CloudWatchLogsEvent } from 'aws-lambda';
import { callMessage, itemMessage } from '../../../shared/observability/call-message.ts';
import { type CallRecord, callRecord } from '../../../shared/observability/call-record.ts';
import type { LogSource } from './forwarder-config.ts';
import { type PlatformReport, readPlatformReport } from './platform-report.ts';

export interface TimedRecord {
  readonly timestampMs: number;
  readonly record: CallRecord;
}

/** The accepted content of one delivery from CloudWatch Logs. */
export interface Delivery {
  readonly records: readonly TimedRecord[];
  /** Lambda's reports of invocations that failed. */
  readonly reports: readonly PlatformReport[];
  /** The reason for each line, or for the delivery, that was rejected. */
  readonly rejections: readonly string[];
}

const nothing: Delivery = { records: [], reports: [], rejections: [] };

/**
 * Reads a delivery (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html). Anyone who may
 * invoke the forwarder can send any event, and each function can write any line to its own log stream. This function
 * therefore accepts only deliveries from the functions' log group, and only a function's records of its own operation.
 */
export function readDelivery({ awslogs }: CloudWatchLogsEvent, source: LogSource): Delivery {
  const text = gunzipSync(Buffer.from(awslogs.data, 'base64')).toString('utf8');
  const delivery = JSON.parse(text) as CloudWatchLogsDecodedData;
  // CloudWatch Logs sends control messages to test whether the function can be invoked.
  if (delivery.messageType === 'CONTROL_MESSAGE') return nothing;
  if (delivery.messageType !== 'DATA_MESSAGE') return reject('the message type is not DATA_MESSAGE');
  if (delivery.owner !== source.accountId) return reject('the log data belongs to another account');
  if (delivery.logGroup !== source.logGroupName) return reject("the log group is not the functions' log group");
  const operation = findOperation(delivery.logStream, source.service);
  if (operation === undefined) return reject('the log stream does not belong to a function of this service');
  return readLines(delivery, operation);
}

function reject(reason: string): Delivery {
  return { ...nothing, rejections: [reason] };
}

/**
 * Returns the operation whose function writes to a log stream, or `undefined` for other streams. Lambda names the streams
 * of a shared log group after the date, the function, its version and the execution environment
 * (https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html).
 */
export function findOperation(logStream: string, service: string): string | undefined {
  const [, functionName = ''] = /^\d{4}\/\d\d\/\d\d\/([\w-]+)\[\$LATEST\][0-9a-f]{32}$/.exec(logStream) ?? [];
  const prefix = `${service}-`;
  const name = functionName.startsWith(prefix) ? functionName.slice(prefix.length) : '';
  return /^[a-z][A-Za-z]*$/.test(name) ? `${name.charAt(0).toUpperCase()}${name.slice(1)}` : undefined;
}

/** Reads a delivery's lines. Sorts the records by time, as PutLogEvents requires. */
function readLines({ logEvents, logStream }: CloudWatchLogsDecodedData, operation: string): Delivery {
  const records: TimedRecord[] = [];
  const reports: PlatformReport[] = [];
  const rejections: string[] = [];
  for (const { timestamp: timestampMs, message } of logEvents) {
    const line = parseLine(message);
    const report = readPlatformReport(line);
    if (report !== undefined) reports.push({ ...report, timestampMs, operation, logStream });
    if (line.message !== callMessage && line.message !== itemMessage) continue;
    const parsed = callRecord.safeParse(line);
    if (!parsed.success) rejections.push('the line is not a call record');
    else if (parsed.data.operation !== operation) rejections.push("the record belongs to another function's operation");
    else records.push({ timestampMs, record: parsed.data });
  }
  return { records: records.sort((a, b) => a.timestampMs - b.timestampMs), reports, rejections };
}

/** Parses a log line. Returns an empty object if the line is not a JSON object. */
function parseLine(line: string): { readonly [name: string]: unknown } {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}
