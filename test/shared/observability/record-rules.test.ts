import { describe, expect, test } from 'vitest';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { reEncrypt } from '../../../functions/crypto/re-encrypt/operation.ts';
import { createKey } from '../../../functions/keys/create-key/operation.ts';
import { scheduleKeyDeletion } from '../../../functions/keys/schedule-key-deletion/operation.ts';
import { type Call, createCall } from '../../../shared/call/call.ts';
import type { ErrorCode } from '../../../shared/declaration/error-catalogue.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { boundText, boundTexts } from '../../../shared/observability/bound-text.ts';
import { buildCallRecord } from '../../../shared/observability/build-call-record.ts';
import { describeCause } from '../../../shared/observability/describe-cause.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { buildMetrics } from '../../../shared/observability/metrics.ts';
import { writeItemRecord } from '../../../shared/observability/write-item-record.ts';
import { captureLog } from '../../support/captured-log.ts';
import { buildDeployedConfig } from '../../support/deployed.ts';
import { createContext, setLocalEnvironment } from '../../support/handlers.ts';

setLocalEnvironment('http://127.0.0.1:1');
const arn = 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001';

function callOf(operation: Operation, overrides: Partial<Call> = {}, config = buildDeployedConfig({})): Call {
  return Object.assign(createCall(operation, config, 'request-1', 10_000), overrides);
}

function countItems(...failures: [status: number, count: number][]): NonNullable<Call['items']> {
  return { total: 10, succeeded: 1, failed: 9, notAttempted: 0, failures: new Map(failures) };
}

describe('a call record', () => {
  test('a call record counts the items of a call, and reports whether all of them succeeded', () => {
    const { failures: _, ...items } = countItems();
    expect(buildCallRecord(callOf(encrypt, { items: countItems([404, 9]) }), 1)).toMatchObject({
      outcome: 'PartialFailure',
      items,
    });
    const succeeded = { ...countItems(), succeeded: 10, failed: 0 };
    expect(buildCallRecord(callOf(encrypt, { items: succeeded }), 1).outcome).toBe('OK');
    expect(buildCallRecord(callOf(encrypt, { isReplay: true }), 1).replayed).toBe(true);
  });

  test('a call record contains the members of the call', () => {
    const call = callOf(encrypt, {
      trigger: 'http',
      caller: { kind: 'jwt', isVerified: true, principal: 'p'.repeat(2_000), claims: { secret: 1 } },
      tenant: 'a',
      json: { KeyId: 'alias/app', Plaintext: 'alias/secret' },
      input: { EncryptionContext: { a: 'b' } },
      usedKeys: [arn, 'x'.repeat(2_000)],
      kms: { attempts: 2, lookups: 3, ms: 1.6 },
      kmsRequestId: 'k'.repeat(2_000),
      http: { requestId: 'gateway-1' } as NonNullable<Call['http']>,
    });
    const { timeLeftMs, ...record } = buildCallRecord(call, 12);
    expect(record).toEqual({
      schema: 'kms-functions.call/2',
      operation: 'Encrypt',
      trigger: 'http',
      caller: { kind: 'jwt', isVerified: true, principal: `${'p'.repeat(1_023)}…` },
      tenant: 'a',
      keys: ['alias/app'],
      usedKeys: [arn, `${'x'.repeat(1_023)}…`],
      contextKeys: ['a'],
      outcome: 'OK',
      status: 200,
      latencyMs: 12,
      attempts: 2,
      lookups: 3,
      kmsMs: 2,
      requestId: 'request-1',
      gatewayRequestId: 'gateway-1',
      kmsRequestId: `${'k'.repeat(1_023)}…`,
    });
    expect(Number.isInteger(timeLeftMs)).toBe(true);
    expect(timeLeftMs).toBeGreaterThan(9_000);
  });

  test('a call record omits what did not happen', () => {
    const record = buildCallRecord(callOf(encrypt), 0);
    expect(Object.keys(record).sort()).toEqual(
      [
        'schema',
        'operation',
        'trigger',
        'caller',
        'keys',
        'usedKeys',
        'contextKeys',
        'outcome',
        'status',
        'latencyMs',
        'attempts',
        'kmsMs',
        'timeLeftMs',
        'requestId',
      ].sort(),
    );
  });

  test('a call record has the status of the route or of the error', () => {
    expect(buildCallRecord(callOf(createKey, { route: createKey.routes[0] }), 0).status).toBe(201);
    const failure = new KmsFunctionsError('CallerNotAllowedError');
    expect(buildCallRecord(callOf(createKey, { route: createKey.routes[0], failure }), 0)).toMatchObject({
      outcome: 'CallerNotAllowedError',
      status: 403,
    });
  });

  test('a call record contains the gateway request id only if the caller is verified', () => {
    const http = { requestId: 'gateway-1' } as NonNullable<Call['http']>;
    const verified = { kind: 'iam', isVerified: true } as const;
    expect(buildCallRecord(callOf(encrypt, { http }), 0).gatewayRequestId).toBeUndefined();
    expect(buildCallRecord(callOf(encrypt, { http, caller: verified }), 0).gatewayRequestId).toBe('gateway-1');
    expect('gatewayRequestId' in buildCallRecord(callOf(encrypt, { caller: verified }), 0)).toBe(false);
  });

  test('a call record lists key identifiers only, and no other value in a member for keys', () => {
    const json = { SourceKeyId: 'secret', DestinationKeyId: arn };
    expect(buildCallRecord(callOf(reEncrypt, { json }), 0).keys).toEqual([arn]);
  });

  test('a call record lists at most 32 context keys of all contexts, and the values that the deployment allows', () => {
    const config = buildDeployedConfig({ auditContextValues: new Set(['a', 'k40', 'long']) });
    const build = (input: Record<string, unknown>) => buildCallRecord(callOf(reEncrypt, { input }, config), 0);
    const long = 'v'.repeat(200);
    const two = build({
      SourceEncryptionContext: { a: 'b', long },
      DestinationEncryptionContext: { ['c'.repeat(200)]: 'd' },
      Other: { e: 'f' },
      XEncryptionContext: 'text',
    });
    expect(two.contextKeys).toEqual(['a', 'long', `${'c'.repeat(127)}…`]);
    expect(two.context).toEqual({ a: 'b', long: `${'v'.repeat(127)}…` });
    expect('contextKeyCount' in two).toBe(false);
    expect(build({ EncryptionContext: { a: 'b', c: 'd' } }).context).toEqual({ a: 'b' });
    const many = (count: number) =>
      build({ EncryptionContext: Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 'x'])) });
    expect([many(32).contextKeys.length, many(32).contextKeyCount]).toEqual([32, undefined]);
    expect([many(33).contextKeys.length, many(33).contextKeyCount]).toEqual([32, 33]);
    // The record contains only values of listed keys.
    expect(many(41).context).toBeUndefined();
  });

  test('a call record lists at most 20 requests to KMS if there are several, and shortens their ids', () => {
    const list = (kmsRequestIds: string[]) => buildCallRecord(callOf(encrypt, { kmsRequestIds }), 0).kmsRequestIds;
    const ids = Array.from({ length: 21 }, (_, index) => `id-${index}`);
    expect(list(ids.slice(0, 1))).toBeUndefined();
    expect(list(ids.slice(0, 2))).toEqual(['id-0', 'id-1']);
    expect(list(ids)).toEqual(ids.slice(0, 20));
    expect(list(['x'.repeat(128), 'x'.repeat(129)])).toEqual(['x'.repeat(128), `${'x'.repeat(127)}…`]);
  });

  test('a call record states that the data key came from a cache', () => {
    expect(buildCallRecord(callOf(encrypt, { dataKeySource: 'cache' }), 0).cached).toBe(true);
    expect('cached' in buildCallRecord(callOf(encrypt, { dataKeySource: 'kms' }), 0)).toBe(false);
  });
});

test('a text is truncated to its maximum length, including the sign for the truncation', () => {
  expect([boundText('abc', 3), boundText('abcd', 3)]).toEqual(['abc', 'ab…']);
  expect([boundText('x'.repeat(1_024)), boundText('x'.repeat(1_025))]).toEqual([
    'x'.repeat(1_024),
    `${'x'.repeat(1_023)}…`,
  ]);
  expect(boundTexts({ a: 'abcd', b: 7, c: false }, 3)).toEqual({ a: 'ab…', b: 7, c: false });
});

describe('the metrics of a call', () => {
  const enabled = buildDeployedConfig({ isMetricsEnabled: true });
  const fail = (code: ErrorCode) => ({ failure: new KmsFunctionsError(code) });
  const names = (operation: Operation, overrides: Partial<Call> = {}) => {
    const { _aws, ...metrics } = buildMetrics(callOf(operation, overrides, enabled), 12) as Record<string, unknown> & {
      _aws: object;
    };
    return metrics;
  };
  const usual = { Calls: 1, Latency: 12 };
  const kms = { attempts: 3, lookups: 0, ms: 0 };
  test.for<readonly [name: string, operation: Operation, overrides: Partial<Call>, expected: object]>([
    ['a success', encrypt, {}, usual],
    ['a new key', createKey, {}, { ...usual, KeysCreated: 1 }],
    [
      'items that failed',
      encrypt,
      { items: countItems([403, 3], [429, 2], [404, 4]) },
      { ...usual, AccessDenied: 3, Throttles: 2 },
    ],
    ['items with faults', encrypt, { items: countItems([500, 3], [503, 2]) }, { ...usual, Faults: 1 }],
    ['a replayed creation', createKey, { isReplay: true }, usual],
    ['a failed creation', createKey, fail('LimitExceededException'), usual],
    ['a deletion', scheduleKeyDeletion, {}, { ...usual, DeletionsScheduled: 1 }],
    ['a failed deletion', scheduleKeyDeletion, fail('NotFoundException'), usual],
    ['a fault', encrypt, fail('InternalError'), { ...usual, Faults: 1 }],
    ['a fault of KMS', encrypt, fail('KMSInternalException'), { ...usual, Faults: 1 }],
    ['a throttled call', encrypt, fail('ThrottlingException'), { ...usual, Throttles: 1 }],
    ['a rejected caller', encrypt, fail('CallerNotAllowedError'), { ...usual, AccessDenied: 1 }],
    ['another error', encrypt, fail('NotFoundException'), usual],
    ['a cached data key', encrypt, { dataKeySource: 'cache', kms }, { ...usual, DataKeyCacheHits: 1 }],
    ['the requests for a data key', encrypt, { dataKeySource: 'kms', kms }, { ...usual, DataKeyRequests: 3 }],
    ['no requests without a cache', encrypt, { kms }, usual],
  ])('the metrics of a call count %s', ([, operation, overrides, expected]) => {
    expect(names(operation, overrides)).toEqual(expected);
  });

  test('the metrics of a call are declared in its line, and are absent if metrics are turned off', () => {
    const before = Date.now();
    const { _aws } = buildMetrics(callOf(createKey, {}, enabled), 12) as {
      _aws: { Timestamp: number; CloudWatchMetrics: object[] };
    };
    expect(_aws.Timestamp).toBeGreaterThanOrEqual(before);
    expect(_aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'KmsFunctions',
        Dimensions: [['service', 'operation'], ['service']],
        Metrics: [
          { Name: 'Calls', Unit: 'Count' },
          { Name: 'Latency', Unit: 'Milliseconds' },
        ],
      },
      { Namespace: 'KmsFunctions', Dimensions: [['service']], Metrics: [{ Name: 'KeysCreated', Unit: 'Count' }] },
    ]);
    expect(buildMetrics(callOf(createKey, {}, buildDeployedConfig({ isMetricsEnabled: false })), 1)).toEqual({});
  });
});

test('a log line contains the standard members, and the record as it is', async () => {
  const write = () => captureLog(async () => logger.info('call', { error: { name: 'x' }, list: [1], big: 'y' }));
  const [line] = await write();
  // Handlers in other test files add these members to the logger of the process.
  const { cold_start: _, function_name: __, ...members } = line?.json ?? {};
  expect(members).toEqual({
    level: 'INFO',
    message: 'call',
    timestamp: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/),
    service: expect.any(String),
    error: { name: 'x' },
    list: [1],
    big: 'y',
  });
  logger.addContext({ ...createContext(), functionName: 'f' } as never);
  process.env._X_AMZN_TRACE_ID = 'Root=1-a-b;Parent=c;Sampled=1';
  try {
    expect((await write())[0]?.json).toMatchObject({
      cold_start: expect.any(Boolean),
      function_name: 'f',
      xray_trace_id: '1-a-b',
    });
  } finally {
    delete process.env._X_AMZN_TRACE_ID;
  }
});

describe('the record of an item', () => {
  test.for<readonly [level: string, failure: ErrorCode | undefined, hasCause: boolean]>([
    ['INFO', undefined, false],
    ['WARN', 'NotFoundException', false],
    ['ERROR', 'KMSInternalException', true],
  ])('the record of an item is one line with level %s for the error %s', async ([level, code, hasCause]) => {
    const cause = Object.assign(new Error('secret'), { name: 'x'.repeat(2_000), code: 'ECONNRESET' });
    const failure = code && new KmsFunctionsError(code, 'no', { cause });
    const step = callOf(encrypt, failure && { failure });
    const call = Object.assign(callOf(reEncrypt), { requestId: 'batch-1' });
    const lines = await captureLog(async () => writeItemRecord(call, { index: 2, step, latencyMs: 1.6 }));
    expect(lines.map(({ json }) => json)).toMatchObject([
      {
        level,
        message: 'item',
        operation: 'ReEncrypt',
        batchId: 'batch-1',
        item: 2,
        latencyMs: 2,
        outcome: code ?? 'OK',
      },
    ]);
    expect(lines[0]?.json.cause).toEqual(
      hasCause ? { name: `${'x'.repeat(1_023)}…`, code: 'ECONNRESET', frames: expect.any(Array) } : undefined,
    );
    expect(lines[0]?.text).not.toContain('secret');
  });

  test('the log level hides the records of successful items, but not of failed items', async () => {
    const failure = new KmsFunctionsError('NotFoundException', 'no');
    const lines = await captureLog(async () => {
      logger.setLogLevel('WARN');
      writeItemRecord(callOf(encrypt), { index: 0, step: callOf(encrypt), latencyMs: 1 });
      writeItemRecord(callOf(encrypt), { index: 1, step: callOf(encrypt, { failure }), latencyMs: 1 });
    });
    expect(lines.map(({ json }) => json)).toMatchObject([{ level: 'WARN', item: 1 }]);
  });

  test('a cause is described by its name, its code and at most ten frames, without its message', () => {
    const frames = Array.from({ length: 12 }, (_, index) => `at step${index} (a.ts:1:1)`);
    const stack = `Error: secret at work\n${frames.map((frame) => `    ${frame}  `).join('\n')}\nx at y`;
    const error = Object.assign(new TypeError('secret'), { stack });
    expect(describeCause(error)).toEqual({ name: 'TypeError', frames: frames.slice(0, 10) });
    expect(describeCause(Object.assign(error, { code: 1, stack: 'none\n  at a\nat b' }))).toEqual({
      name: 'TypeError',
      frames: ['at a'],
    });
    expect(describeCause(Object.assign(error, { stack: undefined }))).toEqual({ name: 'TypeError', frames: [] });
    expect(describeCause('text')).toBeUndefined();
  });
});
