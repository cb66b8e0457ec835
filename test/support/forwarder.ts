import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { destructiveOperations, lifecycleEvents } from '../../infra/audit/forwarder.ts';
import { bundle } from '../../infra/packaging/bundle.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import type { CallRecord } from '../../shared/observability/call-record.ts';
import { useDirectory } from './project-copy.ts';

/** A request to CloudWatch Logs, EventBridge or SNS, which the tests simulate. */
interface Received {
  readonly target: string;
  // biome-ignore lint/suspicious/noExplicitAny: the assertions check its content.
  readonly body: any;
}

/** The deployed bundle of the audit forwarder, and the services that it calls. */
interface Forwarder {
  bundlePath: string;
  handler: (event: { awslogs: { data: string } }) => Promise<void>;
  readonly received: Received[];
  /** The response to each target. */
  responses: Readonly<Record<string, object>>;
  sent(target: string): Received['body'][];
  listArchived(): CallRecord[];
}

/** Builds and loads the audit forwarder for the tests in a file. */
export function useForwarder(): Forwarder {
  const path = 'functions/audit/forward/handler';
  const built = useDirectory();
  const used: Forwarder = {
    bundlePath: '',
    handler: () => Promise.reject(new Error('not loaded')),
    received: [],
    responses: {},
    sent: (target) => used.received.filter((request) => request.target === target).map(({ body }) => body),
    listArchived: () =>
      used
        .sent('Logs_20140328.PutLogEvents')
        .flatMap(({ logEvents }) => logEvents.map(({ message }: { message: string }) => JSON.parse(message))),
  };
  const server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target'] ?? 'SNS');
    const text = await readText(request);
    const body = target === 'SNS' ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
    used.received.push({ target, body });
    const answer = used.responses[target] ?? {};
    response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(answer));
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    setEnvironment(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    await bundle([path], built.directory);
    used.bundlePath = join(built.directory, `${path}.cjs`);
    ({ handler: used.handler } = createRequire(import.meta.url)(used.bundlePath));
  });
  beforeEach(() => {
    used.received.length = 0;
    used.responses = {};
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  return used;
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function setEnvironment(endpoint: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint,
    AWS_ENDPOINT_URL_SNS: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AUDIT_LOG_GROUP: '/kms-functions/dev/audit',
    FUNCTION_LOG_GROUP: '/kms-functions/dev',
    ALLOWED_ACCOUNT_IDS: '000000000000',
    POWERTOOLS_SERVICE_NAME: 'kms-functions-dev',
    ALARM_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:on-call',
    DESTRUCTIVE_OPERATIONS: destructiveOperations.join(','),
    EVENT_BUS: 'default',
    LIFECYCLE_EVENTS: JSON.stringify(lifecycleEvents),
  });
}

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
    timestamp: 1_800_000_000_000 - index,
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
