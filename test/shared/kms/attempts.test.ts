import { type AddressInfo, createServer } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { allOperations, type OperationName } from '../../../functions/all-operations.ts';
import { readFunctionConfig } from '../../../shared/config/function-config.ts';
import type { ErrorCode } from '../../../shared/declaration/error-catalogue.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { isRetrySafe } from '../../../shared/declaration/retry-safety.ts';
import { getTimeoutSeconds, maxPauseMs } from '../../../shared/kms/timeout.ts';
import { captureLog } from '../../support/captured-log.ts';
import { kmsError, type Respond, startFaultServer } from '../../support/fault-server.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';
import { invoke, type Outcome } from '../../support/outcome.ts';

const rows = allOperations.map((operation) => ({ name: operation.name, operation }));
/** How long an HTTP API waits for a function, in seconds. */
const gatewaySeconds = 30;
/** The time that a busy machine may add to a call. It is far less than a function's default time limit. */
const slackMs = 3_000;

/** Functions with a timeout of 26 seconds. All others have 10 seconds. */
const slow: ReadonlySet<string> = new Set<OperationName>([
  ...allOperations.filter(({ group }) => group === 'batch').map(({ name }) => name),
  'ConnectCustomKeyStore',
  'CreateAlias',
  'CreateCustomKeyStore',
  'CreateGrant',
  'CreateKey',
  'DeleteCustomKeyStore',
  'DisconnectCustomKeyStore',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GetParametersForImport',
  'ImportKeyMaterial',
  'ReplicateKey',
  'RotateKeyOnDemand',
  'UpdateCustomKeyStore',
  'UpdatePrimaryRegion',
]);

test.for(rows)('the function of $name has its timeout', ({ name, operation }) => {
  expect(getTimeoutSeconds(operation)).toBe(slow.has(name) ? 26 : 10);
  expect(getTimeoutSeconds(operation)).toBeLessThan(gatewaySeconds);
});

test('an operation that must not be repeated has more time than usual', () => {
  const unsafe = allOperations.filter((operation) => !isRetrySafe(operation, {}));
  expect(unsafe.length).toBeGreaterThan(5);
  for (const operation of unsafe) expect(operation.timeLimit).toBe('long');
});

const succeed: Respond = (response) => response.end('{}');
const hang: Respond = () => {};
const resetConnection: Respond = (response) => response.destroy();
const stall: Respond = (response) => {
  response.writeHead(200, { 'content-length': 2 });
  response.write('{');
};
const after =
  (delayMs: number): Respond =>
  (response) =>
    void setTimeout(() => response.end('{}'), delayMs);

interface Row {
  readonly title: string;
  readonly operation?: OperationName;
  /** How KMS answers each attempt. */
  readonly answers: readonly Respond[];
  /** The caller's limit in the header `Kms-Timeout-Ms`. */
  readonly allowsMs?: number;
  /** The function's remaining time. */
  readonly remainingMs?: number;
  readonly outcome: 'OK' | ErrorCode;
  readonly attempts: number;
  readonly withinMs: number;
  readonly retryable?: boolean;
}

const error500 = kmsError('KMSInternalException', '', 500);
const throttling = kmsError('ThrottlingException', 'Rate exceeded');
const late = after(2_600);

const calls: readonly Row[] = [
  { title: 'KMS answers at once', answers: [succeed], outcome: 'OK', attempts: 1, withinMs: 900 },
  { title: 'KMS throttles', answers: [throttling], outcome: 'ThrottlingException', attempts: 1, withinMs: 900 },
  {
    title: 'KMS answers 429',
    answers: [kmsError('X', '', 429)],
    outcome: 'ThrottlingException',
    attempts: 1,
    withinMs: 900,
  },
  { title: 'a 5xx error occurs once', answers: [error500, succeed], outcome: 'OK', attempts: 2, withinMs: 900 },
  {
    title: '5xx errors persist',
    answers: [error500, error500],
    outcome: 'KMSInternalException',
    attempts: 2,
    withinMs: 900,
  },
  { title: 'a connection breaks once', answers: [resetConnection, succeed], outcome: 'OK', attempts: 2, withinMs: 900 },
  { title: 'a connection hangs once', answers: [hang, succeed], outcome: 'OK', attempts: 2, withinMs: 1_500 },
  { title: 'a body stalls once', answers: [stall, succeed], outcome: 'OK', attempts: 2, withinMs: 1_500 },
  {
    title: 'connections hang',
    answers: [hang, hang],
    allowsMs: 2_500,
    outcome: 'TimeoutError',
    attempts: 2,
    withinMs: 2_900,
  },
  {
    title: 'bodies stall',
    answers: [stall, stall],
    remainingMs: 2_800,
    outcome: 'TimeoutError',
    attempts: 2,
    withinMs: 2_900,
  },
  {
    title: 'KMS takes 2.6 s and the caller allows 10 s',
    answers: [late, late],
    allowsMs: 10_000,
    outcome: 'OK',
    attempts: 2,
    withinMs: 4_500,
  },
  {
    title: 'KMS takes 1.5 s and a second attempt would have less time than the first',
    answers: [after(1_500)],
    allowsMs: 2_000,
    outcome: 'OK',
    attempts: 1,
    withinMs: 2_000,
  },
  {
    title: 'the caller allows less time than a request takes',
    answers: [],
    allowsMs: 20,
    outcome: 'TimeoutError',
    attempts: 0,
    withinMs: 900,
  },
  {
    title: 'KMS takes 2.6 s to create a key',
    operation: 'CreateKey',
    answers: [late],
    outcome: 'OK',
    attempts: 1,
    withinMs: 3_500,
  },
  {
    title: 'KMS takes nearly all of the time to create a key',
    operation: 'CreateKey',
    answers: [after(1_200)],
    remainingMs: 2_000,
    outcome: 'OK',
    attempts: 1,
    withinMs: 1_700,
  },
  {
    title: 'the response to CreateKey is lost',
    operation: 'CreateKey',
    answers: [resetConnection],
    outcome: 'KmsUnreachableError',
    attempts: 1,
    withinMs: 900,
    retryable: false,
  },
  {
    title: 'CreateKey is throttled',
    operation: 'CreateKey',
    answers: [throttling],
    outcome: 'ThrottlingException',
    attempts: 1,
    withinMs: 900,
  },
  {
    title: 'too little time is left to create a key',
    operation: 'CreateKey',
    answers: [],
    allowsMs: 900,
    outcome: 'TimeoutError',
    attempts: 0,
    withinMs: 900,
  },
];

interface Result {
  readonly outcome: Outcome;
  readonly ms: number;
  readonly requestTimes: readonly number[];
  readonly records: readonly Record<string, unknown>[];
}

/** Makes a call while KMS gives the row's answers in order. Each call has its own endpoint, and therefore its own client. */
async function makeCall({
  operation: name = 'DescribeKey',
  answers,
  allowsMs,
  remainingMs,
}: Pick<Row, 'operation' | 'answers' | 'allowsMs' | 'remainingMs'>): Promise<
  Omit<Result, 'records'> & { requestId: string }
> {
  const requestTimes: number[] = [];
  const server = await startFaultServer((response, request) => {
    requestTimes.push(performance.now());
    (answers[requestTimes.length - 1] ?? hang)(response, request);
  });
  const operation = allOperations.find((each) => each.name === name) as Operation;
  const handler = await loadHandler(operation, { ...readFunctionConfig(), endpoint: server.endpoint });
  const event = buildHttpEvent(operation, operation.routes[0]);
  if (allowsMs !== undefined) event.headers['kms-timeout-ms'] = String(allowsMs);
  const context = createContext(remainingMs ?? getTimeoutSeconds(operation) * 1_000);
  const startMs = performance.now();
  const outcome = await invoke(handler, event, context);
  const ms = performance.now() - startMs;
  await server.close();
  return { outcome, ms, requestTimes, requestId: context.awsRequestId };
}

describe('a call', () => {
  const results = new Map<string, Result>();

  // The calls run concurrently, because most of them wait.
  beforeAll(async () => {
    setLocalEnvironment('http://127.0.0.1:9');
    const made: (Awaited<ReturnType<typeof makeCall>> & { title: string })[] = [];
    const lines = await captureLog(async () => {
      made.push(...(await Promise.all(calls.map(async (row) => ({ title: row.title, ...(await makeCall(row)) })))));
    });
    for (const { title, requestId, ...result } of made) {
      const records = lines.map(({ json }) => json).filter((record) => record.requestId === requestId);
      results.set(title, { ...result, records });
    }
  }, 20_000);

  test.for(calls)('has the right outcome, attempts and record if $title', (row) => {
    const { outcome, ms, requestTimes, records } = results.get(row.title) as Result;
    expect(outcome.ok ? 'OK' : outcome.code).toBe(row.outcome);
    if (row.retryable !== undefined) expect(outcome).toMatchObject({ problem: { retryable: row.retryable } });
    expect(requestTimes).toHaveLength(row.attempts);
    expect(ms).toBeLessThan(row.withinMs + slackMs);
    expect(records).toMatchObject([{ outcome: row.outcome, attempts: row.attempts }]);
    const [{ kmsMs, latencyMs, timeLeftMs }] = records as [Record<string, number>];
    expect(kmsMs).toBeLessThanOrEqual((latencyMs ?? 0) + 1);
    const { allowsMs = Infinity, remainingMs = row.operation === 'CreateKey' ? 26_000 : 10_000 } = row;
    const limitMs = Math.min(allowsMs - Math.min(500, allowsMs / 10), remainingMs - 300);
    expect(Math.abs((latencyMs ?? 0) + (timeLeftMs ?? 0) - limitMs)).toBeLessThan(400);
  });

  test('pauses before its second attempt for no longer than the timeout of its function assumes', () => {
    for (const title of ['a 5xx error occurs once', '5xx errors persist', 'a connection breaks once']) {
      const [first = 0, second = 0] = results.get(title)?.requestTimes ?? [];
      expect(second - first).toBeLessThan(maxPauseMs + slackMs);
    }
  });
});

const invalidTimeouts: unknown[] = ['0', '-1', '1.5', '1e3', 'soon', ' 5', '9999999999', 0, 1.5];

test.for(invalidTimeouts)('rejects the time %j in the header or in the client context', async (value) => {
  setLocalEnvironment('http://127.0.0.1:9');
  const operation = allOperations.find(({ name }) => name === 'DescribeKey') as Operation;
  const handler = await loadHandler(operation);
  const event = buildHttpEvent(operation, operation.routes[0]);
  event.headers['Kms-Timeout-Ms'] = String(value);
  const detail = expect.stringContaining('kms-timeout-ms');
  const problem = { errors: [{ pointer: '', detail }] };
  expect(await invoke(handler, event)).toMatchObject({ code: 'ValidationException', problem });
  const clientContext = { custom: { 'kms-timeout-ms': value } } as never;
  const context = { ...createContext(), clientContext };
  expect(await invoke(handler, operation.example.input, context)).toMatchObject({ code: 'ValidationException' });
});

test.for([null, 'text', [], { custom: null }, { custom: 'text' }, { Custom: {} }])(
  'ignores the client context %j, which has no time',
  async (clientContext) => {
    setLocalEnvironment('http://127.0.0.1:9');
    const operation = allOperations.find(({ name }) => name === 'DescribeKey') as Operation;
    const context = { ...createContext(), clientContext } as never;
    const outcome = await invoke(await loadHandler(operation), operation.example.input, context);
    expect(outcome).toMatchObject({ code: 'KmsUnreachableError' });
  },
);

test.for(['300', 300])('a direct invoker limits the time in its client context: %j', async (value) => {
  const server = await startFaultServer(hang);
  setLocalEnvironment(server.endpoint);
  const operation = allOperations.find(({ name }) => name === 'DescribeKey') as Operation;
  const context = { ...createContext(), clientContext: { custom: { 'kms-timeout-ms': value } } as never };
  const startMs = performance.now();
  const outcome = await invoke(await loadHandler(operation), operation.example.input, context);
  expect(outcome).toMatchObject({ code: 'TimeoutError' });
  expect(performance.now() - startMs).toBeLessThan(300 + slackMs);
  await server.close();
});

test('reports the error of the first attempt if too little time is left for a second one', async () => {
  const answer: Respond = (response, request) => void setTimeout(() => error500(response, request), 450);
  const { outcome, requestTimes } = await makeCall({ answers: [answer], allowsMs: 560 });
  expect(outcome).toMatchObject({ ok: false, code: 'KMSInternalException' });
  expect(requestTimes).toHaveLength(1);
});

test('an attempt has all the remaining time if the retry budget is used up, because no second attempt can follow', async () => {
  setLocalEnvironment('http://127.0.0.1:9');
  const server = await startFaultServer(resetConnection);
  const operation = allOperations.find(({ name }) => name === 'DescribeKey') as Operation;
  const handler = await loadHandler(operation, { ...readFunctionConfig(), endpoint: server.endpoint });
  const call = () => invoke(handler, buildHttpEvent(operation, operation.routes[0]));
  for (let failures = 0; failures < 40; failures += 1) await call();
  expect(server.requests).toBeLessThan(80);
  const before = server.requests;
  server.respond = after(1_300);
  expect(await call()).toMatchObject({ ok: true });
  expect(server.requests).toBe(before + 1);
  await server.close();
});

test('KMS cannot have received a request if the TLS handshake failed, so even CreateKey is repeated and retryable', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {});
    socket.once('data', () => socket.resetAndDestroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  setLocalEnvironment('http://127.0.0.1:9');
  const operation = allOperations.find(({ name }) => name === 'CreateKey') as Operation;
  const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const handler = await loadHandler(operation, { ...readFunctionConfig(), endpoint });
  const outcome = await invoke(handler, buildHttpEvent(operation, operation.routes[0]));
  expect(outcome).toMatchObject({ code: 'KmsUnreachableError', problem: { retryable: true } });
  expect(connections).toBe(2);
  server.close();
});

test('a broken idle connection costs one attempt, even if all idle connections are broken', async () => {
  setLocalEnvironment('http://127.0.0.1:9');
  const known = new Set<unknown>();
  let isBroken = false;
  const server = await startFaultServer((response, request) => {
    if (isBroken && known.has(request.socket)) return response.destroy();
    known.add(request.socket);
    setTimeout(() => response.end('{}'), 20);
  });
  const operation = allOperations.find(({ name }) => name === 'DescribeKey') as Operation;
  const handler = await loadHandler(operation, { ...readFunctionConfig(), endpoint: server.endpoint });
  const call = () => invoke(handler, buildHttpEvent(operation, operation.routes[0]));
  await Promise.all([call(), call(), call()]);
  expect(known.size).toBe(3);
  isBroken = true;
  expect(await call()).toMatchObject({ ok: true });
  expect(server.requests).toBe(5);
  await server.close();
});
