import { readFileSync, statSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { splitIntoBatches } from '../../../functions/audit/forward/split-into-batches.ts';
import { lifecycleEvents } from '../../../infra/audit/forwarder.ts';
import { callRecord } from '../../../shared/observability/call-record.ts';
import { deliveredMs, delivery, record, useForwarder } from '../../support/forwarder.ts';
import { operations } from '../../support/operations.ts';

const used = useForwarder();

describe('the forwarder', () => {
  test("the forwarder writes call records to the audit trail's log group, sorted by time, without the logger's members", async () => {
    const later = { ...record, requestId: 'later' };
    await used.handler(delivery([later, record]));
    const [put] = used.sent('Logs_20140328.PutLogEvents');
    expect(put).toMatchObject({ logGroupName: '/kms-functions/dev/audit' });
    expect(put.logStreamName).toMatch(/^\d{4}-\d{2}-\d{2}\/[0-9a-f-]{36}$/);
    expect(put.logEvents.map(({ message }: { message: string }) => JSON.parse(message))).toEqual([record, later]);
    expect(used.sent('AWSEvents.PutEvents')).toEqual([]);
  });

  test('the forwarder ignores log lines that are not call records', async () => {
    await used.handler(delivery(['START RequestId: x', { ...record, message: 'other' }, '[1]', '{', 'null']));
    expect(used.received).toEqual([]);
  });

  test('the forwarder publishes the lifecycle events of successful calls to EventBridge', async () => {
    const created = { ...record, operation: 'CreateKey', status: 201 };
    await used.handler(delivery([created, { ...created, outcome: 'LimitExceededException' }]));
    const [{ Entries }] = used.sent('AWSEvents.PutEvents');
    expect(Entries).toEqual([
      {
        EventBusName: 'default',
        Source: 'kms-functions',
        DetailType: 'Key Created',
        Time: deliveredMs / 1_000,
        Resources: record.usedKeys,
        Detail: JSON.stringify(created),
      },
    ]);
  });

  test.each([
    ['Logs_20140328.PutLogEvents', { __type: 'ServiceUnavailableException', message: 'Try later.' }, 'Try later.'],
    [
      'Logs_20140328.PutLogEvents',
      { rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 } },
      'CloudWatch Logs rejected records: {"tooOldLogEventEndIndex":1}',
    ],
    [
      'AWSEvents.PutEvents',
      { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] },
      'EventBridge rejected 1 of 1 events.',
    ],
    ['SNS', { __type: 'AuthorizationError' }, 'sns returned 400 for POST.'],
  ])('the forwarder fails if %s does not accept every item: %j', async (target, response, message) => {
    used.responses = { [target]: response };
    await expect(used.handler(delivery([{ ...record, operation: 'ScheduleKeyDeletion' }]))).rejects.toThrow(message);
  });

  test('the forwarder accepts a response of EventBridge without a number of failed events', async () => {
    used.responses = { 'AWSEvents.PutEvents': { Entries: [{ EventId: 'x' }] } };
    await used.handler(delivery([{ ...record, operation: 'CreateKey' }]));
    expect(used.sent('AWSEvents.PutEvents')).toHaveLength(1);
  });

  test('the forwarder only archives records if the deployment has no event bus and no alarm topic', async () => {
    const environment = { ...process.env };
    Object.assign(process.env, { EVENT_BUS: '', ALARM_TOPIC_ARN: '' });
    try {
      await used.loadAgain()(delivery([{ ...record, operation: 'ScheduleKeyDeletion' }]));
    } finally {
      Object.assign(process.env, environment);
    }
    expect([...new Set(used.received.map(({ target }) => target))]).toEqual([
      'Logs_20140328.CreateLogStream',
      'Logs_20140328.PutLogEvents',
    ]);
  });

  test('the forwarder splits many records into batches within the service limits', () => {
    const limits = { items: 3, bytes: 100, overheadBytes: 10 };
    const list = ['a', 'b', 'c', 'd', 'e'.repeat(60), 'f'.repeat(60), 'ü'.repeat(30)];
    expect(
      splitIntoBatches(list, limits, (text) => text).map((chunk) => chunk.map((text) => text.slice(0, 1))),
    ).toEqual([['a', 'b', 'c'], ['d', 'e'], ['f'], ['ü']]);
  });
});

describe('the log stream', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const day = (days: number) => vi.setSystemTime(deliveredMs + days * 24 * 60 * 60 * 1_000);
  const createStream = 'Logs_20140328.CreateLogStream';

  test('the forwarder creates one log stream per day, and uses it if it already exists', async () => {
    day(1);
    used.responses = { [createStream]: { __type: 'ResourceAlreadyExistsException', message: '' } };
    await used.handler(delivery([record]));
    await used.handler(delivery([record]));
    expect(used.sent(createStream)).toHaveLength(1);
    expect(used.listArchived()).toEqual([record, record]);
  });

  test('the forwarder fails if it cannot create the log stream, and creates it with the next delivery', async () => {
    day(2);
    used.responses = { [createStream]: { __type: 'AccessDeniedException', message: 'Not allowed.' } };
    await expect(used.handler(delivery([record]))).rejects.toThrow('Not allowed.');
    expect(used.listArchived()).toEqual([]);
    used.responses = {};
    await used.handler(delivery([record]));
    expect(used.sent(createStream)).toHaveLength(2);
    expect(used.listArchived()).toEqual([record]);
  });
});

describe('the batches', () => {
  /** Returns a record whose JSON has this number of bytes. */
  const pad = (bytes: number, changes: object = {}) => {
    const short = { ...record, usedKeys: [], requestId: '', ...changes };
    return { ...short, requestId: 'x'.repeat(bytes - JSON.stringify(short).length) };
  };

  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
  test.for([
    ['1,048,576 bytes, of which 26 per record, into one batch', [262_144, 262_144, 262_144, 262_144], [4]],
    ['one more byte into two batches', [262_144, 262_144, 262_144, 131_072, 131_073], [4, 1]],
  ] as const)('the forwarder archives records with %s', async ([, bytes, counts]) => {
    await used.handler(delivery(bytes.map((count) => pad(count - 26))));
    const batches = used.sent('Logs_20140328.PutLogEvents');
    expect(batches.map(({ logEvents }) => logEvents.length)).toEqual(counts);
  });

  // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
  test.for([
    ['11 events in batches of at most 10', Array.from({ length: 11 }, () => 1_000), [10, 1]],
    ['256 KB, of which 128 bytes per event, in one batch', [131_072, 131_072], [2]],
    ['one more byte in two batches', [131_072, 131_073], [1, 1]],
  ] as const)('the forwarder publishes %s', async ([, bytes, counts]) => {
    await used.handler(delivery(bytes.map((count) => pad(count - 128, { operation: 'CreateKey', status: 201 }))));
    const batches = used.sent('AWSEvents.PutEvents');
    expect(batches.map(({ Entries }) => Entries.length)).toEqual(counts);
  });
});

test("the forwarder's bundle has at most 250,000 bytes", () => {
  expect(statSync(used.bundlePath).size).toBeLessThanOrEqual(250_000);
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
