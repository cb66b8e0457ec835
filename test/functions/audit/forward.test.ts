import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { splitIntoBatches } from '../../../functions/audit/forward/split-into-batches.ts';
import { lifecycleEvents } from '../../../infra/audit/audit.ts';
import { bundle } from '../../../infra/packaging/bundle.ts';
import { type CallRecord, callRecord } from '../../../shared/observability/call-record.ts';
import { operations } from '../../support/operations.ts';
import { useDirectory } from '../../support/project-copy.ts';

/** A request to CloudWatch Logs or EventBridge, which this test simulates. */
interface Received {
  readonly target: string;
  // biome-ignore lint/suspicious/noExplicitAny: the assertions check its content.
  readonly body: any;
}
const received: Received[] = [];
let responses: Record<string, object> = {};
const server = createServer(async (request, response) => {
  const target = String(request.headers['x-amz-target']);
  received.push({ target, body: JSON.parse(await readText(request)) });
  const body = responses[target] ?? {};
  response.writeHead('__type' in body ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
});

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The path of the forwarder. The tests run its deployed bundle. */
const path = 'functions/audit/forward/handler';
const built = useDirectory();
const bundled = () => join(built.directory, `${path}.cjs`);
let handler: (event: { awslogs: { data: string } }) => Promise<void>;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AUDIT_LOG_GROUP: '/kms-functions/dev/audit',
    EVENT_BUS: 'default',
    LIFECYCLE_EVENTS: JSON.stringify(lifecycleEvents),
  });
  await bundle([path], built.directory);
  ({ handler } = createRequire(import.meta.url)(bundled()));
});
beforeEach(() => {
  received.length = 0;
  responses = {};
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const record: CallRecord = {
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

function delivery(...lines: (object | string)[]) {
  const logEvents = lines.map((line, index) => ({
    id: String(index),
    timestamp: 1_800_000_000_000 - index,
    message:
      typeof line === 'string' ? line : JSON.stringify({ level: 'INFO', message: 'call', cold_start: true, ...line }),
  }));
  return { awslogs: { data: gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents })).toString('base64') } };
}

function sent(target: string) {
  return received.filter((request) => request.target === target).map(({ body }) => body);
}

describe('the forwarder', () => {
  test("writes call records to the audit trail's log group, sorted by time, without the logger's members", async () => {
    const later = { ...record, requestId: 'later' };
    await handler(delivery(later, record));
    const [put] = sent('Logs_20140328.PutLogEvents');
    expect(put).toMatchObject({ logGroupName: '/kms-functions/dev/audit' });
    expect(put.logStreamName).toMatch(/^\d{4}-\d{2}-\d{2}\/[0-9a-f-]{36}$/);
    expect(put.logEvents.map(({ message }: { message: string }) => JSON.parse(message))).toEqual([record, later]);
    expect(sent('AWSEvents.PutEvents')).toEqual([]);
  });

  test('ignores log lines that are not call records', async () => {
    await handler(delivery('START RequestId: x', '{"message":"call"}', { ...record, message: 'other' }, '[1]', '{'));
    expect(received).toEqual([]);
  });

  test('publishes the lifecycle events of successful calls to EventBridge', async () => {
    const created = { ...record, operation: 'CreateKey', status: 201 };
    await handler(delivery(created, { ...created, outcome: 'LimitExceededException' }, record));
    const [{ Entries }] = sent('AWSEvents.PutEvents');
    expect(Entries).toEqual([
      {
        EventBusName: 'default',
        Source: 'kms-functions',
        DetailType: 'Key Created',
        Time: 1_800_000_000,
        Resources: record.usedKeys,
        Detail: JSON.stringify(created),
      },
    ]);
  });

  test.each([
    ['Logs_20140328.PutLogEvents', { __type: 'ServiceUnavailableException', message: '' }],
    ['Logs_20140328.PutLogEvents', { rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } }],
    ['AWSEvents.PutEvents', { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }],
  ])('fails if %s does not accept every item', async (target, response) => {
    responses = { [target]: response };
    await expect(handler(delivery({ ...record, operation: 'CreateKey' }))).rejects.toThrow();
  });

  test('splits many records into batches within the service limits', () => {
    const limits = { items: 3, bytes: 100, overheadBytes: 10 };
    const list = ['a', 'b', 'c', 'd', 'e'.repeat(60), 'f'.repeat(60), 'ü'.repeat(30)];
    expect(
      splitIntoBatches(list, limits, (text) => text).map((chunk) => chunk.map((text) => text.slice(0, 1))),
    ).toEqual([['a', 'b', 'c'], ['d', 'e'], ['f'], ['ü']]);
  });
});

test("the forwarder's bundle has at most 250,000 bytes", () => {
  expect(statSync(bundled()).size).toBeLessThanOrEqual(250_000);
});

test('every operation that changes keys publishes an event, except for descriptions, aliases, tags and key stores', () => {
  const changes = operations.filter(({ group, routes }) => group !== 'crypto' && routes[0].method !== 'GET');
  const silent = changes.filter(({ name }) => !(name in lifecycleEvents)).map(({ group, name }) => `${group} ${name}`);
  expect(silent.filter((row) => !/^(aliases|tags|key-stores) /.test(row))).toEqual([
    'import GetParametersForImport',
    'keys UpdateKeyDescription',
  ]);
});

test('a call record does not contain sensitive members', () => {
  const members = new Set(operations.flatMap(({ sensitive }) => sensitive));
  expect(Object.keys(callRecord.shape).filter((name) => members.has(name))).toEqual([]);
});

test('the record in docs/guides/audit.md matches its JSON Schema', () => {
  const page = readFileSync('docs/guides/audit.md', 'utf8');
  const shown = JSON.parse(/```json\n(\{\n[\s\S]*?\n\})\n```/.exec(page)?.[1] ?? '');
  expect(callRecord.parse(shown)).toEqual(shown);
  const validate = new Ajv2020({ strict: true }).compile(
    JSON.parse(readFileSync('docs/reference/audit-record.schema.json', 'utf8')),
  );
  expect(validate(shown), JSON.stringify(validate.errors)).toBe(true);
  for (const type of Object.values(lifecycleEvents)) expect(page).toContain(`\`${type}\``);
});
