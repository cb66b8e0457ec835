import { describe, expect, test } from 'vitest';
import { updateStackRules } from '../support/fakes/cloudformation.ts';
import { describeAlarmsRules } from '../support/fakes/cloudwatch.ts';
import { FakeCloudWatchLogs } from '../support/fakes/cloudwatch-logs.ts';
import { entryRules, FakeEventBridge } from '../support/fakes/eventbridge.ts';
import { invokeRules } from '../support/fakes/lambda.ts';
import { checkRequest, FakeError, type OperationRules } from '../support/fakes/rule.ts';
import { deleteObjectsRules, putObjectRules } from '../support/fakes/s3.ts';
import { FakeSns } from '../support/fakes/sns.ts';
import { assumeRoleRules } from '../support/fakes/sts.ts';

/** A request that AWS accepts, and for each rule a change that breaks only this rule, or the rules after it. */
interface Row {
  readonly operation: string;
  readonly rules: OperationRules<never>;
  readonly accepted: object;
  readonly broken: Readonly<Record<string, object>>;
}

const row = <Request extends object>(
  operation: string,
  rules: OperationRules<Request>,
  accepted: Request,
  broken: Readonly<Record<string, object>>,
): Row => ({ operation, rules, accepted, broken });

const now = Date.now();
const event = { timestamp: now, message: 'm' };
const logs = new FakeCloudWatchLogs();
logs.addGroup('group', ['stream']);
const topic = 'arn:aws:sns:us-east-1:000000000000:topic';
const stream = { logGroupName: 'group', logStreamName: 'stream' };
const badNames = {
  'logGroupName has 1 to 512 letters, digits and the characters . - _ / #': { logGroupName: 'a group' },
  'logStreamName has 1 to 512 characters without colons and asterisks': { logStreamName: 'a:b' },
  'the log group exists': { logGroupName: 'other' },
};
const entry = { Source: 's', DetailType: 't', Detail: '{}', Time: 1.5, Resources: [topic], EventBusName: 'default' };
const template = (Resources: object, more: object = {}) => JSON.stringify({ Resources, ...more });
const queue = { Queue: { Type: 'AWS::SQS::Queue' } };
const number = (count: number, value: unknown) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`Item${index}`, value]));
const sessionPolicy = '{"Version":"2012-10-17","Statement":[]}';

const rows: readonly Row[] = [
  row(
    'CreateLogStream',
    logs.rules.CreateLogStream,
    { ...stream, logStreamName: 'new/1' },
    {
      ...badNames,
      'the log stream does not exist yet': stream,
    },
  ),
  row(
    'PutLogEvents',
    logs.rules.PutLogEvents,
    { ...stream, logEvents: [event] },
    {
      ...badNames,
      'the log stream exists': { logStreamName: 'other' },
      'a batch has 1 to 10,000 events': { logEvents: Array(10_001).fill(event) },
      'every event has a time since 1970 and a message of at least one character': {
        logEvents: [{ ...event, message: '' }],
      },
      'an event has at most 256 KB': { logEvents: [{ ...event, message: 'm'.repeat(262_119) }] },
      'a batch has at most 1,048,576 bytes, with 26 bytes for each event': {
        logEvents: Array(5).fill({ ...event, message: 'ü'.repeat(104_853) }),
      },
      'the events are in chronological order': { logEvents: [event, { ...event, timestamp: now - 1 }] },
      'a batch spans at most 24 hours': { logEvents: [{ ...event, timestamp: now - 86_400_001 }, event] },
    },
  ),
  row(
    'FilterLogEvents',
    logs.rules.FilterLogEvents,
    { logGroupName: 'group', logStreamNames: ['stream'] },
    {
      'the log group exists': { logGroupName: 'other' },
      'logStreamNames has 1 to 100 names': { logStreamNames: Array(101).fill('stream') },
      'the log streams exist': { logStreamNames: ['stream', 'other'] },
      'a request has either logStreamNames or logStreamNamePrefix': { logStreamNamePrefix: 's' },
      'filterPattern has at most 1,024 characters': { filterPattern: 'f'.repeat(1_025) },
      'startTime and endTime are not before 1970': { endTime: -1 },
      'limit is 1 to 10,000': { limit: 10_001 },
    },
  ),
  row(
    'PutEvents',
    new FakeEventBridge().rules.PutEvents,
    { Entries: [entry] },
    {
      'a request has 1 to 10 entries': { Entries: Array(11).fill(entry) },
      'the entries have less than 256 KB in total': {
        Entries: Array(8).fill({ ...entry, Detail: JSON.stringify('d'.repeat(32_768)) }),
      },
    },
  ),
  row('an entry of PutEvents', entryRules, entry, {
    'an entry has Source, DetailType and Detail': { DetailType: '' },
    'Detail is a JSON object': { Detail: '[]' },
    'Source does not begin with aws.': { Source: 'aws.kms' },
    'DetailType has at most 128 characters': { DetailType: 't'.repeat(129) },
    'Resources contains ARNs': { Resources: ['alias/a'] },
    'EventBusName is the default bus, or the name or ARN of a bus': { EventBusName: 'a bus' },
  }),
  row(
    'Publish',
    new FakeSns(topic).rules.Publish,
    {
      ...{ Action: 'Publish', Version: '2010-03-31', TopicArn: topic, Subject: 's: 1', Message: 'm' },
    },
    {
      'Version is 2010-03-31': { Version: '2010-01-01' },
      'the topic exists': { TopicArn: `${topic}s` },
      'Message has 1 to 262,144 bytes': { Message: 'ü'.repeat(131_073) },
      'Subject has 1 to 100 printable ASCII characters, and does not begin with a space': { Subject: 's\nt' },
    },
  ),
  row(
    'Invoke',
    invokeRules,
    { FunctionName: 'f-1', Qualifier: 'gateway', Payload: '{}' },
    {
      'FunctionName is the name or ARN of a function': { FunctionName: 'f/1' },
      'Qualifier is a version or an alias': { Qualifier: 'a b' },
      'the invocation is synchronous': { InvocationType: 'Event' },
      'the payload is JSON': { Payload: '{' },
      'the payload has at most 6 MB': { Payload: JSON.stringify('p'.repeat(6_291_456)) },
    },
  ),
  row(
    'PutObject',
    putObjectRules,
    { Key: 'k', bytes: 1, contentLength: 1 },
    {
      'a key has 1 to 1,024 bytes': { Key: 'ü'.repeat(513) },
      'the body has the length in Content-Length': { contentLength: 2 },
      'the body is not encoded': { contentEncoding: 'aws-chunked' },
    },
  ),
  row(
    'DeleteObjects',
    deleteObjectsRules,
    { keys: ['k'], checksum: 'c' },
    {
      'a request deletes 1 to 1,000 objects': { keys: Array(1_001).fill('k') },
      'a key has 1 to 1,024 bytes': { keys: ['k', ''] },
      'a request has a checksum': { checksum: undefined },
    },
  ),
  row(
    'UpdateStack',
    updateStackRules,
    { StackName: 's-1', template: template(queue), capabilities: [] },
    {
      'StackName begins with a letter and has at most 128 letters, digits and hyphens': { StackName: '1s' },
      'a template in S3 has at most 1 MB': { template: template(queue, { Description: 'd'.repeat(1_000_000) }) },
      'a template has 1 to 500 resources, with names of 1 to 255 letters and digits': {
        template: template(number(501, queue.Queue)),
      },
      'a template has at most 200 outputs': { template: template(queue, { Outputs: number(201, {}) }) },
      'a template with IAM resources requires CAPABILITY_IAM or CAPABILITY_NAMED_IAM': {
        template: template({ Role: { Type: 'AWS::IAM::Role' } }),
      },
      'a template with a named role requires CAPABILITY_NAMED_IAM': {
        template: template({ Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'r' } } }),
        capabilities: ['CAPABILITY_IAM'],
      },
    },
  ),
  row(
    'AssumeRole',
    assumeRoleRules,
    {
      ...{ RoleArn: 'arn:aws:iam::000000000000:role/a/b', RoleSessionName: 's.1' },
      ...{ DurationSeconds: 900, Policy: sessionPolicy },
    },
    {
      'RoleArn is the ARN of a role': { RoleArn: 'arn:aws:iam::000000000000:user/a' },
      'RoleSessionName has 2 to 64 letters, digits and the characters _ + = , . @ -': { RoleSessionName: 'a b' },
      'DurationSeconds is 900 to 43,200': { DurationSeconds: 899 },
      'Policy has 1 to 2,048 characters': { Policy: `${sessionPolicy}${' '.repeat(2_048)}` },
      'Policy is a JSON policy with version 2012-10-17': { Policy: '{}' },
    },
  ),
  row(
    'DescribeAlarms',
    describeAlarmsRules,
    { AlarmNames: ['a'] },
    {
      'AlarmNames has at most 100 names': { AlarmNames: Array(101).fill('a') },
      'a name has 1 to 255 characters': { AlarmNames: ['a'.repeat(256)] },
    },
  ),
];

/** Returns the error code with which a fake rejects a request, or `undefined`. */
function findError({ rules }: Row, request: object): { code: string; message: string } | undefined {
  try {
    checkRequest(request as never, rules);
    return undefined;
  } catch (error) {
    if (error instanceof FakeError) return error;
    throw error;
  }
}

describe('a simulated AWS service', () => {
  test.for(rows)('a simulated AWS service accepts a valid request: $operation', (operation) => {
    expect(findError(operation, operation.accepted)).toBeUndefined();
  });

  const broken = rows.flatMap((operation) =>
    operation.rules.rules.map(({ title, error }) => ({
      name: `${operation.operation}: ${title}`,
      operation,
      title,
      error,
    })),
  );
  test.for(broken)('a simulated AWS service rejects a request that breaks the rule "$name"', (rule) => {
    const { operation, title, error } = rule;
    const change = operation.broken[title];
    expect(change, 'the request that breaks the rule').toBeDefined();
    expect(findError(operation, { ...operation.accepted, ...change })).toMatchObject({
      code: error,
      message: `AWS requires: ${title} (${operation.rules.source})`,
    });
  });

  test.for(rows)(
    'a simulated AWS service rejects unknown members, missing members and members of another type: $operation',
    (operation) => {
      const code = (change: object) => findError(operation, { ...operation.accepted, ...change })?.code;
      expect(code({ Unknown: 'x' })).toBe('ValidationException');
      for (const [name, type] of Object.entries(operation.rules.members)) {
        if (!type.endsWith('?')) expect(code({ [name]: undefined }), name).toBe('ValidationException');
        expect(code({ [name]: {} }), name).toBe('SerializationException');
      }
    },
  );

  test.for(rows)("a simulated AWS service's rules name a page of AWS's documentation: $operation", ({ rules }) => {
    expect(rules.source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+\.html$/);
  });
});

describe('the simulated CloudWatch Logs', () => {
  const put = (timestamps: readonly number[]) =>
    logs.handle('PutLogEvents', { ...stream, logEvents: timestamps.map((timestamp) => ({ timestamp, message: 'm' })) });
  const [hour, day] = [3_600_000, 86_400_000];

  test.for([
    [[now, now + 3 * hour], { tooNewLogEventStartIndex: 1 }],
    [[now - 14 * day - hour, now - 14 * day + hour], { tooOldLogEventEndIndex: 1 }],
  ] as const)('the simulated CloudWatch Logs reports which of the events %j it rejected', ([timestamps, info]) => {
    expect(put(timestamps)).toEqual({ rejectedLogEventsInfo: info });
  });

  test('the simulated CloudWatch Logs stores events, and rejects members that an event does not have', () => {
    const created = { logGroupName: 'group', logStreamName: 'created' };
    logs.handle('CreateLogStream', created);
    expect(logs.handle('PutLogEvents', { ...created, logEvents: [event] })).toEqual({});
    expect(logs.listEvents('group')).toContainEqual(event);
    for (const invalid of [{ ...event, id: '1' }, { message: 'm' }, { ...event, timestamp: 'now' }]) {
      expect(() => logs.handle('PutLogEvents', { ...created, logEvents: [invalid] })).toThrow(FakeError);
    }
  });
});

test('the simulated EventBridge reports the entries that it rejects, and accepts the others', () => {
  const request = { Entries: [entry, { ...entry, Detail: 'text' }] };
  expect(new FakeEventBridge().handle('PutEvents', request)).toMatchObject({
    FailedEntryCount: 1,
    Entries: [{ EventId: expect.any(String) }, { ErrorCode: 'MalformedDetail' }],
  });
});
