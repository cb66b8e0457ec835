import { gzipSync } from 'node:zlib';
import { functionName } from '../../shared/declaration/operation.ts';
import type { CallRecord } from '../../shared/observability/call-record.ts';

/** The time of the first line in a delivery. CloudWatch Logs rejects events from the future. */
export const deliveredMs = Math.floor(Date.now() / 1_000) * 1_000;

export const record: CallRecord = {
  schema: 'kms-functions.call/2',
  operation: 'Encrypt',
  trigger: 'http',
  caller: { kind: 'iam', isVerified: true, principal: 'arn:aws:iam::000000000000:role/app' },
  keys: ['alias/app'],
  usedKeys: ['arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001'],
  contextKeys: ['purpose'],
  outcome: 'OK',
  status: 200,
  latencyMs: 12,
  requestId: 'request',
};

const environmentId = '0123456789abcdef0123456789abcdef';

/** Returns the log stream of an operation's function, in Lambda's format for shared log groups. */
export function streamOf(operation: string): string {
  return `2026/11/26/kms-functions-dev-${functionName({ name: operation })}[$LATEST]${environmentId}`;
}

/** Returns a delivery of log lines by CloudWatch Logs. An object becomes the line that a function writes for a record. */
export function delivery(lines: readonly (object | string)[], overrides: object = {}) {
  const logEvents = lines.map((line, index) => ({
    id: String(index),
    timestamp: deliveredMs - index,
    message:
      typeof line === 'string' ? line : JSON.stringify({ level: 'INFO', message: 'call', cold_start: true, ...line }),
  }));
  const { operation = 'Encrypt' } = (lines.find((line) => typeof line === 'object') ?? {}) as Partial<CallRecord>;
  const data = {
    messageType: 'DATA_MESSAGE',
    owner: '000000000000',
    logGroup: '/kms-functions/dev',
    logStream: streamOf(operation),
    logEvents,
    ...overrides,
  };
  return { awslogs: { data: gzipSync(JSON.stringify(data)).toString('base64') } };
}

/** Returns Lambda's report of an invocation, in the JSON log format. */
export function report(status: string, id: string): string {
  const metrics = { durationMs: 10_000.4, billedDurationMs: 10_000, memorySizeMB: 512, maxMemoryUsedMB: 94 };
  return JSON.stringify({
    time: '2026-11-26T08:00:00.000Z',
    type: 'platform.report',
    record: { requestId: id, metrics, status },
  });
}
