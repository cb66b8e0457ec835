import { describe, expect, test } from 'vitest';
import { readForwarderConfig } from '../../../functions/audit/forward/forwarder-config.ts';
import { toLifecycleEvents } from '../../../functions/audit/forward/lifecycle.ts';
import { deriveRecord, readPlatformReport } from '../../../functions/audit/forward/platform-report.ts';
import { findOperation, readDelivery } from '../../../functions/audit/forward/read-delivery.ts';
import { splitIntoBatches } from '../../../functions/audit/forward/split-into-batches.ts';
import { callRecord } from '../../../shared/observability/call-record.ts';
import { deliveredMs, delivery, record, report, streamOf } from '../../support/deliveries.ts';

const requestId = '8f0e1f6e-0000-4000-8000-0000000000aa';

describe('a call record', () => {
  const caller = {
    kind: 'iam',
    isVerified: true,
    principal: 'a',
    sessionName: 'b',
    accountId: 'c',
    issuer: 'd',
    clientId: 'e',
    sourceIp: 'f',
    apiId: 'g',
  };
  const complete = {
    ...record,
    caller,
    tenant: 'h',
    contextKeyCount: 33,
    context: { i: 'j' },
    reason: 'k',
    attempts: 2,
    lookups: 1,
    kmsMs: 3,
    timeLeftMs: 4,
    gatewayRequestId: 'l',
    kmsRequestId: 'm',
    kmsRequestIds: ['m', 'n'],
    cached: true,
  };
  const required = 'schema operation trigger caller keys usedKeys contextKeys outcome status latencyMs requestId';
  const requiredOfCaller = 'kind isVerified';
  const isAccepted = (value: object) => callRecord.safeParse(value).success;

  test('a call record keeps every member, and no unknown member', () => {
    expect(callRecord.parse({ ...complete, level: 'INFO' })).toEqual(complete);
    expect(callRecord.parse({ ...complete, caller: { ...caller, claims: {} } })).toEqual(complete);
  });

  test.each(Object.keys(complete))('a call record is accepted without %s only if the member is optional', (member) => {
    expect(isAccepted({ ...complete, [member]: undefined })).toBe(!required.split(' ').includes(member));
  });

  test.each(Object.keys(caller))(
    "a call record is accepted without the caller's %s only if it is optional",
    (member) => {
      const isOptional = !requiredOfCaller.split(' ').includes(member);
      expect(isAccepted({ ...complete, caller: { ...caller, [member]: undefined } })).toBe(isOptional);
    },
  );

  const wrong = { string: 7, number: 1.5, boolean: 'true', object: 'text' };
  test.each(Object.entries(complete))('a call record is rejected if %s has another type', (member, value) => {
    expect(isAccepted({ ...complete, [member]: wrong[typeof value as keyof typeof wrong] })).toBe(false);
    if (Array.isArray(value)) expect(isAccepted({ ...complete, [member]: [7] })).toBe(false);
    if (typeof value === 'number') expect(isAccepted({ ...complete, [member]: '1' })).toBe(false);
  });

  test.each(Object.entries(caller))(
    "a call record is rejected if the caller's %s has another type",
    (member, value) => {
      const other = wrong[typeof value as keyof typeof wrong];
      expect(isAccepted({ ...complete, caller: { ...caller, [member]: other } })).toBe(false);
    },
  );

  test('a call record has only known values in its schema, its trigger and the kind of its caller', () => {
    const ofKind = (kind: string) => ({ ...complete, caller: { ...caller, kind } });
    for (const trigger of ['http', 'direct', 'unknown']) expect(isAccepted({ ...complete, trigger })).toBe(true);
    for (const kind of ['iam', 'jwt', 'direct', 'local', 'unknown']) expect(isAccepted(ofKind(kind))).toBe(true);
    for (const value of ['', 'other']) {
      expect(isAccepted({ ...complete, trigger: value })).toBe(false);
      expect(isAccepted(ofKind(value))).toBe(false);
      expect(isAccepted({ ...complete, schema: value })).toBe(false);
    }
    expect(isAccepted({ ...complete, context: { i: 7 } })).toBe(false);
  });
});

describe("Lambda's report", () => {
  const metrics = { durationMs: 10.6 };
  const line = { type: 'platform.report', record: { requestId, status: 'error', metrics } };
  const of = (changes: object) => ({ ...line, record: { ...line.record, ...changes } });

  test.for<readonly [name: string, line: object, durationMs: number | undefined]>([
    ['of an error', line, 10.6],
    ['of a failure', of({ status: 'failure' }), 10.6],
    ['of a timeout', of({ status: 'timeout' }), 10.6],
    ['without a duration', of({ metrics: {} }), 0],
    ['without metrics', of({ metrics: undefined }), 0],
    ['of a success', of({ status: 'success' }), undefined],
    ['without a status', of({ status: undefined }), undefined],
    ['with an empty status', of({ status: '' }), undefined],
    ['of another type', { ...line, type: '' }, undefined],
    ['without a record', { type: 'platform.report' }, undefined],
    ['with a longer request id', of({ requestId: `${requestId}0` }), undefined],
    ['with a prefix of the request id', of({ requestId: ` ${requestId}` }), undefined],
    ['with a suffix of the request id', of({ requestId: `${requestId}"` }), undefined],
    ['with a short request id', of({ requestId: requestId.slice(1) }), undefined],
    ['with another request id', of({ requestId: requestId.replace('8', 'x') }), undefined],
    ['with a number as request id', of({ requestId: 7 }), undefined],
    ['with a text as duration', of({ metrics: { durationMs: '1' } }), undefined],
    ['with a text as metrics', of({ metrics: 'x' }), undefined],
  ])("Lambda's report %s is accepted only if it is a failed invocation", ([, given, durationMs]) => {
    expect(readPlatformReport(given)).toEqual(durationMs === undefined ? undefined : { requestId, durationMs });
  });

  test("Lambda's report becomes a record of an unknown caller, which matches the schema of records", () => {
    const derived = deriveRecord({ requestId, durationMs: 10.6, timestampMs: 0, operation: 'Sign', logStream: 'x' });
    expect(derived).toEqual({
      schema: 'kms-functions.call/2',
      operation: 'Sign',
      trigger: 'unknown',
      caller: { kind: 'unknown', isVerified: false },
      keys: [],
      usedKeys: [],
      contextKeys: [],
      outcome: 'unknown',
      status: 500,
      latencyMs: 11,
      requestId,
    });
    expect(callRecord.parse(derived)).toEqual(derived);
  });
});

describe('a delivery', () => {
  const source = { accountId: '000000000000', logGroupName: '/kms-functions/dev', service: 'kms-functions-dev' };
  const nothing = { records: [], reports: [], rejections: [] };
  const read = (lines: readonly (object | string)[], overrides: object = {}) =>
    readDelivery(delivery(lines, overrides) as Parameters<typeof readDelivery>[0], source);

  test('a delivery contains the records in the order of their times, and the reports', () => {
    const [second, first] = [record, { ...record, requestId: 'ü' }];
    expect(read([second, 'START', 'null', '[]', '7', report('error', requestId), first])).toEqual({
      records: [
        { timestampMs: deliveredMs - 6, record: first },
        { timestampMs: deliveredMs, record: second },
      ],
      reports: [
        {
          requestId,
          durationMs: 10_000.4,
          timestampMs: deliveredMs - 5,
          operation: 'Encrypt',
          logStream: streamOf('Encrypt'),
        },
      ],
      rejections: [],
    });
  });

  const stream = 'the log stream does not belong to a function of this service';
  test.for<readonly [overrides: object, rejections: readonly string[]]>([
    [{ messageType: 'CONTROL_MESSAGE', owner: 'CloudwatchLogs' }, []],
    [{ messageType: 'OTHER' }, ['the message type is not DATA_MESSAGE']],
    [{ owner: '999999999999' }, ['the log data belongs to another account']],
    [{ logGroup: '/other' }, ["the log group is not the functions' log group"]],
    [{ logStream: 'other' }, [stream]],
    [{ logStream: streamOf('Sign') }, ["the record belongs to another function's operation"]],
  ])('a delivery with %j is rejected with the reasons %j', ([overrides, rejections]) => {
    expect(read([record], overrides)).toEqual({ ...nothing, rejections });
  });

  test('a delivery contains a reason for each line that looks like a record but is none', () => {
    const { records, rejections } = read([{ ...record, keys: 'x' }, { ...record, operation: 'Sign' }, record], {
      logStream: streamOf('Encrypt'),
    });
    expect(records.map((timed) => timed.record)).toEqual([record]);
    expect(rejections).toEqual(['the line is not a call record', "the record belongs to another function's operation"]);
  });

  const environment = '0123456789abcdef0123456789abcdef';
  test.for<readonly [logStream: string, operation: string | undefined]>([
    [`2026/11/26/kms-functions-dev-generateMac[$LATEST]${environment}`, 'GenerateMac'],
    [`2026/11/26/kms-functions-dev-sign[$LATEST]${environment}`, 'Sign'],
    [`x2026/11/26/kms-functions-dev-sign[$LATEST]${environment}`, undefined],
    [`2026/11/26/kms-functions-dev-sign[$LATEST]${environment}0`, undefined],
    [`2026/11/26/kms-functions-dev-sign[$LATEST]${environment.slice(1)}`, undefined],
    [`2026/11/26/kms-functions-dev-sign[$LATEST]${environment.replace('0', 'G')}`, undefined],
    [`202/11/26/kms-functions-dev-sign[$LATEST]${environment}`, undefined],
    [`2026/1x/26/kms-functions-dev-sign[$LATEST]${environment}`, undefined],
    [`2026/11/x6/kms-functions-dev-sign[$LATEST]${environment}`, undefined],
    [`2026/11/26/kms-functions-dev-sign[1]${environment}`, undefined],
    [`2026/11/26/kms functions-dev-sign[$LATEST]${environment}`, undefined],
    [`2026/11/26/kms-functions-prod-sign[$LATEST]${environment}`, undefined],
    [`2026/11/26/kms-functions-dev[$LATEST]${environment}`, undefined],
    [`2026/11/26/kms-functions-dev-[$LATEST]${environment}`, undefined],
    [`2026/11/26/kms-functions-dev-Sign[$LATEST]${environment}`, undefined],
    [`2026/11/26/kms-functions-dev-sign-now[$LATEST]${environment}`, undefined],
    [`2026/11/26/kms-functions-dev-sign2[$LATEST]${environment}`, undefined],
    [`2026/11/26/kms-functions-dev-1sign[$LATEST]${environment}`, undefined],
    [`2026/11/26/kms-functions-dev-s[$LATEST]${environment}`, 'S'],
    ['', undefined],
  ])('the operation of the log stream %s is %s', ([logStream, operation]) => {
    expect(findOperation(logStream, 'kms-functions-dev')).toBe(operation);
  });
});

test('lifecycle events are the successful calls to the listed operations, without repeated responses', () => {
  const timed = (operation: string, outcome = 'OK') => ({ timestampMs: 7, record: { ...record, operation, outcome } });
  const created = timed('CreateKey');
  const repeated = { timestampMs: 7, record: { ...created.record, replayed: true as const } };
  const records = [created, repeated, timed('CreateKey', 'unknown'), timed('Encrypt'), timed('DisableKey')];
  expect(toLifecycleEvents(records, { CreateKey: 'Key Created', DisableKey: 'Key Disabled' })).toEqual([
    { type: 'Key Created', ...created },
    { type: 'Key Disabled', ...timed('DisableKey') },
  ]);
});

describe('the configuration of the forwarder', () => {
  const environment = {
    AUDIT_LOG_GROUP: '/audit',
    ALLOWED_ACCOUNT_IDS: '000000000000',
    FUNCTION_LOG_GROUP: '/functions',
    POWERTOOLS_SERVICE_NAME: 'kms-functions-dev',
  };
  const source = { accountId: '000000000000', logGroupName: '/functions', service: 'kms-functions-dev' };
  const required = { logGroupName: '/audit', source, eventBusName: undefined, lifecycleEvents: {} };

  test('the configuration of the forwarder contains an event bus and a topic only if their variables are set', () => {
    expect(readForwarderConfig(environment)).toEqual({ ...required, alarmTopic: undefined });
    const topic = { ALARM_TOPIC_ARN: 'arn', DESTRUCTIVE_OPERATIONS: 'A,B', AWS_ENDPOINT_URL_SNS: 'http://sns' };
    const events = { EVENT_BUS: 'bus', LIFECYCLE_EVENTS: '{"CreateKey":"Key Created"}' };
    expect(readForwarderConfig({ ...environment, ...topic, ...events })).toEqual({
      ...required,
      eventBusName: 'bus',
      lifecycleEvents: { CreateKey: 'Key Created' },
      alarmTopic: { arn: 'arn', operations: new Set(['A', 'B']), endpoint: 'http://sns' },
    });
    expect(readForwarderConfig({ ...environment, ALARM_TOPIC_ARN: 'arn' }).alarmTopic).toEqual({
      arn: 'arn',
      operations: new Set(['']),
      endpoint: undefined,
    });
  });

  test.each([
    ['AUDIT_LOG_GROUP', 'auditLogGroup'],
    ['ALLOWED_ACCOUNT_IDS', 'accountIds'],
    ['FUNCTION_LOG_GROUP', 'functionLogGroup'],
    ['POWERTOOLS_SERVICE_NAME', 'serviceName'],
  ])('the configuration of the forwarder requires %s', (variable, name) => {
    const read = () => readForwarderConfig({ ...environment, [variable]: '' });
    expect(read).toThrow(`The audit forwarder requires the variable for ${name}.`);
  });
});

test('a batch contains at most the given number of items and bytes, including the overhead of each item', () => {
  const split = (list: readonly string[], items: number, bytes: number) =>
    splitIntoBatches(list, { items, bytes, overheadBytes: 1 }, (text) => text);
  expect(split([], 2, 10)).toEqual([]);
  expect(split(['a', 'b', 'c'], 2, 100)).toEqual([['a', 'b'], ['c']]);
  expect(split(['aaaa', 'bbbb', 'c'], 9, 10)).toEqual([['aaaa', 'bbbb'], ['c']]);
  expect(split(['aaaa', 'bbbbb', 'cc', 'd'], 9, 10)).toEqual([['aaaa'], ['bbbbb', 'cc'], ['d']]);
  expect(split(['üü', 'üü', 'üü'], 9, 10)).toEqual([['üü', 'üü'], ['üü']]);
  expect(split(['a'.repeat(20), 'b'], 9, 10)).toEqual([['a'.repeat(20)], ['b']]);
});
