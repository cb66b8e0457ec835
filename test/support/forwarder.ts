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
import { FakeCloudWatchLogs } from './fakes/cloudwatch-logs.ts';
import { FakeEventBridge } from './fakes/eventbridge.ts';
import { FakeError } from './fakes/rule.ts';
import { FakeSns } from './fakes/sns.ts';
import { operations } from './operations.ts';
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
  /** Responses that replace the response to a target. The fakes still check the requests. */
  responses: Readonly<Record<string, object>>;
  sent(target: string): Received['body'][];
  listArchived(): CallRecord[];
}

/**
 * Builds and loads the audit forwarder for the tests in a file. It calls simulated services, or the services at the
 * endpoint that `startOthers` returns.
 */
export function useForwarder(startOthers?: () => Promise<string>): Forwarder {
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
  const respond = startServices();
  const server = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target'] ?? 'SNS');
    const text = await readText(request);
    const body = target === 'SNS' ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text);
    used.received.push({ target, body });
    const answer = merge(respond(target, body), used.responses[target]);
    // Node.js caches the date, so it does not follow a test's clock. The SDK then repeats a failed request.
    const date = new Date().toUTCString();
    response.writeHead('__type' in answer ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1', date });
    response.end(JSON.stringify(answer));
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    setEnvironment((await startOthers?.()) ?? `http://127.0.0.1:${port}`);
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

/** Starts the services of a file's tests. The forwarder creates its log stream once, so the services keep their state. */
function startServices(): (target: string, body: object) => object {
  const logs = new FakeCloudWatchLogs();
  logs.addGroup('/kms-functions/dev/audit');
  logs.addGroup(
    '/kms-functions/dev',
    operations.map(({ name }) => streamOf(name)),
  );
  const events = new FakeEventBridge();
  const sns = new FakeSns(alarmTopicArn);
  return (target, body) => {
    const [service, operation = ''] = target.split('.');
    try {
      if (service === 'Logs_20140328') return logs.handle(operation, body);
      if (service === 'AWSEvents') return events.handle(operation, body);
      sns.handle(body as Record<string, string>);
      return {};
    } catch (error) {
      if (error instanceof FakeError) return { __type: error.code, message: error.message };
      throw error;
    }
  };
}

/** Returns a test's response, unless the service rejects the request. */
function merge(answer: object, given: object | undefined): object {
  return '__type' in answer ? answer : (given ?? answer);
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
    ALARM_TOPIC_ARN: alarmTopicArn,
    DESTRUCTIVE_OPERATIONS: destructiveOperations.join(','),
    EVENT_BUS: 'default',
    LIFECYCLE_EVENTS: JSON.stringify(lifecycleEvents),
  });
}

export const alarmTopicArn = 'arn:aws:sns:us-east-1:000000000000:on-call';
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
