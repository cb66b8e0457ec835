import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { destructiveOperations, lifecycleEvents } from '../../infra/audit/forwarder.ts';
import { bundle } from '../../infra/packaging/bundle.ts';
import type { CallRecord } from '../../shared/observability/call-record.ts';
import { streamOf } from './deliveries.ts';
import { FakeCloudWatchLogs } from './fakes/cloudwatch-logs.ts';
import { FakeEventBridge } from './fakes/eventbridge.ts';
import { FakeError } from './fakes/rule.ts';
import { FakeSns } from './fakes/sns.ts';
import { operations } from './operations.ts';
import { useDirectory } from './project-copy.ts';

export { deliveredMs, delivery, record, report, streamOf } from './deliveries.ts';

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
  /** Loads the bundle again, with the current environment variables. */
  loadAgain(): Forwarder['handler'];
  readonly received: Received[];
  /** Responses that replace the response to a target: always the same, or a list in order. The fakes still check the requests. */
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
    loadAgain: () => {
      const require = createRequire(import.meta.url);
      delete require.cache[used.bundlePath];
      return require(used.bundlePath).handler;
    },
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
    const given = used.responses[target];
    const answer = merge(respond(target, body), Array.isArray(given) ? given.shift() : given);
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
    used.handler = used.loadAgain();
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
