import { readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { splitIntoBatches } from '../../../functions/audit/forward/split-into-batches.ts';
import { destructiveOperations, lifecycleEvents } from '../../../infra/audit/forwarder.ts';
import { bundle } from '../../../infra/packaging/bundle.ts';
import { functionName } from '../../../shared/declaration/operation.ts';
import { type CallRecord, callRecord } from '../../../shared/observability/call-record.ts';
import { captureLog } from '../../support/captured-log.ts';
import { operations } from '../../support/operations.ts';
import { useDirectory } from '../../support/project-copy.ts';

/** A request to CloudWatch Logs, EventBridge or SNS, which this test simulates. */
interface Received {
  readonly target: string;
  // biome-ignore lint/suspicious/noExplicitAny: the assertions check its content.
  readonly body: any;
}
const received: Received[] = [];
let responses: Record<string, object> = {};
const server = createServer(async (request, response) => {
  const target = String(request.headers['x-amz-target'] ?? 'SNS');
  const text = await readText(request);
  received.push({ target, body: target === 'SNS' ? Object.fromEntries(new URLSearchParams(text)) : JSON.parse(text) });
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

const environmentId = '0123456789abcdef0123456789abcdef';

/** Returns the log stream of an operation's function, in Lambda's format for shared log groups. */
function streamOf(operation: string): string {
  return `2026/11/26/kms-functions-dev-${functionName({ name: operation })}[$LATEST]${environmentId}`;
}

/** Returns a delivery of log lines by CloudWatch Logs. An object becomes the line that a function writes for a record. */
function delivery(lines: readonly (object | string)[], overrides: object = {}) {
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

function sent(target: string) {
  return received.filter((request) => request.target === target).map(({ body }) => body);
}

describe('the forwarder', () => {
  test("writes call records to the audit trail's log group, sorted by time, without the logger's members", async () => {
    const later = { ...record, requestId: 'later' };
    await handler(delivery([later, record]));
    const [put] = sent('Logs_20140328.PutLogEvents');
    expect(put).toMatchObject({ logGroupName: '/kms-functions/dev/audit' });
    expect(put.logStreamName).toMatch(/^\d{4}-\d{2}-\d{2}\/[0-9a-f-]{36}$/);
    expect(put.logEvents.map(({ message }: { message: string }) => JSON.parse(message))).toEqual([record, later]);
    expect(sent('AWSEvents.PutEvents')).toEqual([]);
  });

  test('ignores log lines that are not call records', async () => {
    await handler(delivery(['START RequestId: x', { ...record, message: 'other' }, '[1]', '{', 'null']));
    expect(received).toEqual([]);
  });

  test('publishes the lifecycle events of successful calls to EventBridge', async () => {
    const created = { ...record, operation: 'CreateKey', status: 201 };
    await handler(delivery([created, { ...created, outcome: 'LimitExceededException' }]));
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
    ['SNS', { __type: 'AuthorizationError' }],
  ])('fails if %s does not accept every item', async (target, response) => {
    responses = { [target]: response };
    await expect(handler(delivery([{ ...record, operation: 'ScheduleKeyDeletion' }]))).rejects.toThrow();
  });

  test('splits many records into batches within the service limits', () => {
    const limits = { items: 3, bytes: 100, overheadBytes: 10 };
    const list = ['a', 'b', 'c', 'd', 'e'.repeat(60), 'f'.repeat(60), 'ü'.repeat(30)];
    expect(
      splitIntoBatches(list, limits, (text) => text).map((chunk) => chunk.map((text) => text.slice(0, 1))),
    ).toEqual([['a', 'b', 'c'], ['d', 'e'], ['f'], ['ü']]);
  });
});

const requestId = '8f0e1f6e-0000-4000-8000-00000000000';

/** Returns Lambda's report of an invocation, in the JSON log format. */
function report(status: string, id: string): string {
  const metrics = { durationMs: 10_000.4, billedDurationMs: 10_000, memorySizeMB: 512, maxMemoryUsedMB: 94 };
  return JSON.stringify({
    time: '2026-11-26T08:00:00.000Z',
    type: 'platform.report',
    record: { requestId: id, metrics, status },
  });
}

function listArchived(): CallRecord[] {
  return sent('Logs_20140328.PutLogEvents').flatMap(({ logEvents }) =>
    logEvents.map(({ message }: { message: string }) => JSON.parse(message)),
  );
}

describe("Lambda's report of a failed invocation", () => {
  test.each(['timeout', 'error', 'failure'])('becomes a record with an unknown outcome: %s', async (status) => {
    const id = `${requestId}${['timeout', 'error', 'failure'].indexOf(status)}`;
    await handler(delivery([report(status, id)], { logStream: streamOf('GenerateDataKeyPair') }));
    expect(listArchived()).toEqual([
      {
        schema: 'kms-functions.call/2',
        operation: 'GenerateDataKeyPair',
        trigger: 'unknown',
        caller: { kind: 'unknown', isVerified: false },
        keys: [],
        usedKeys: [],
        contextKeys: [],
        outcome: 'unknown',
        status: 500,
        latencyMs: 10_000,
        requestId: id,
      },
    ]);
    expect(callRecord.safeParse(listArchived()[0]).success).toBe(true);
  });

  test('becomes no record if the invocation succeeded', async () => {
    await handler(delivery([report('success', `${requestId}4`)]));
    expect(received).toEqual([]);
  });

  test("becomes no record if the call's record is in the same delivery", async () => {
    await handler(delivery([{ ...record, requestId: `${requestId}5` }, report('error', `${requestId}5`)]));
    expect(listArchived()).toHaveLength(1);
  });

  test("becomes no record if the call's record was in an earlier delivery", async () => {
    await handler(delivery([{ ...record, requestId: `${requestId}6` }]));
    await handler(delivery([report('error', `${requestId}6`)]));
    expect(listArchived()).toHaveLength(1);
    expect(sent('Logs_20140328.FilterLogEvents')).toEqual([]);
  });

  test("becomes no record if the call's record is in the function's log stream", async () => {
    responses = { 'Logs_20140328.FilterLogEvents': { events: [{ message: '{}' }] } };
    await handler(delivery([report('error', `${requestId}7`)]));
    expect(listArchived()).toEqual([]);
    expect(sent('Logs_20140328.FilterLogEvents')).toMatchObject([
      {
        logGroupName: '/kms-functions/dev',
        logStreamNames: [streamOf('Encrypt')],
        filterPattern: `{ ($.message = "call") && ($.requestId = "${requestId}7") }`,
      },
    ]);
  });

  test('becomes only one record if Lambda delivers it twice', async () => {
    await handler(delivery([report('timeout', `${requestId}8`)]));
    await handler(delivery([report('timeout', `${requestId}8`)]));
    expect(listArchived()).toHaveLength(1);
  });

  test('is ignored if it belongs to the forwarder itself', async () => {
    const logStream = streamOf('ForwardAudit').replace('forwardAudit', 'forward-audit');
    await captureLog(() => handler(delivery([report('timeout', `${requestId}9`)], { logStream })));
    expect(received).toEqual([]);
  });
});

describe('a forged record does not reach the audit trail', () => {
  const forged = { ...record, operation: 'ScheduleKeyDeletion', requestId: 'forged' };

  test.for([
    ['from another log group', [forged], { logGroup: '/evil' }],
    ['from another account', [forged], { owner: '999999999999' }],
    ['in a message of another type', [forged], { messageType: 'OTHER' }],
    ['of another operation than that of the function', [forged], { logStream: streamOf('Encrypt') }],
    ['of a function with the same prefix', [forged], { logStream: streamOf('ScheduleKeyDeletionNow') }],
    [
      'in a stream of another version',
      [forged],
      { logStream: streamOf('ScheduleKeyDeletion').replace('$LATEST', '1') },
    ],
    ['in a stream whose name Lambda does not choose', [forged], { logStream: `${streamOf('ScheduleKeyDeletion')}0` }],
    [
      'in a stream of another service',
      [forged],
      { logStream: streamOf('ScheduleKeyDeletion').replace('-dev-', '-prod-') },
    ],
    ['without the members of a record', ['{"message":"call"}'], {}],
  ] as const)('%s', async ([, lines, overrides]) => {
    const log = await captureLog(() => handler(delivery(lines, overrides)));
    expect(received).toEqual([]);
    expect(log.map(({ json }) => json)).toEqual([
      {
        level: 'ERROR',
        message: 'rejected',
        service: 'kms-functions-dev',
        reasons: [expect.any(String)],
        RejectedRecords: 1,
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'KmsFunctions',
              Dimensions: [['service']],
              Metrics: [{ Name: 'RejectedRecords', Unit: 'Count' }],
            },
          ],
        },
      },
    ]);
    expect(log[0]?.text).not.toContain('forged');
  });

  test('but a control message of CloudWatch Logs is accepted', async () => {
    const log = await captureLog(() =>
      handler(delivery([''], { messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs' })),
    );
    expect({ received, log }).toEqual({ received: [], log: [] });
  });
});

describe('the alarm topic', () => {
  const subjects = () => sent('SNS').map(({ Subject }) => Subject);

  test.each(['ScheduleKeyDeletion', 'DeleteImportedKeyMaterial'])(
    'receives each successful call: %s',
    async (operation) => {
      const first = { ...record, operation };
      await handler(
        delivery([first, { ...first, requestId: 'second' }, { ...first, outcome: 'AccessDeniedException' }]),
      );
      expect(subjects()).toEqual([`kms-functions-dev: ${operation}`, `kms-functions-dev: ${operation}`]);
      const [message] = sent('SNS');
      expect(message).toMatchObject({ Action: 'Publish', TopicArn: 'arn:aws:sns:us-east-1:000000000000:on-call' });
      expect(JSON.parse(message.Message)).toMatchObject({ usedKeys: record.usedKeys, caller: record.caller });
    },
  );

  test('receives a call whose outcome is unknown', async () => {
    await handler(
      delivery([report('timeout', '8f0e1f6e-0000-4000-8000-0000000000aa')], {
        logStream: streamOf('ScheduleKeyDeletion'),
      }),
    );
    expect(subjects()).toEqual(['kms-functions-dev: ScheduleKeyDeletion']);
  });

  test('receives no other calls', async () => {
    await handler(delivery([{ ...record, operation: 'DisableKey' }]));
    expect(subjects()).toEqual([]);
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
