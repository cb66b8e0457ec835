import { once } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Client, createClient, http } from '../../client/index.ts';
import type { ErrorCode } from '../../shared/declaration/error-catalogue.ts';
import { isRetrySafe } from '../../shared/declaration/retry-safety.ts';
import { KmsFunctionsError } from '../../shared/errors/kms-functions-error.ts';
import { buildProblem } from '../../shared/http/problem.ts';
import { type Respond, useFaultServer } from '../support/fault-server.ts';
import { operations } from '../support/operations.ts';

const faults = useFaultServer();
let client: Client;

beforeEach(() => {
  client = createClient({ transport: http({ endpoint: faults.endpoint }), retry: { baseDelayMs: 1 } });
  faults.requests = 0;
});

const succeed: Respond = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
const fail =
  (code: ErrorCode, headers: Record<string, string> = { 'retry-after': '0' }): Respond =>
  (response) => {
    const { statusCode, headers: problemHeaders, body } = buildProblem(new KmsFunctionsError(code), 'request');
    response.writeHead(statusCode, { ...problemHeaders, ...headers }).end(body);
  };
/** Lets the first `count` requests fail and the others succeed. */
const failFirst =
  (count: number, failure: Respond): Respond =>
  (response, request) =>
    (faults.requests <= count ? failure : succeed)(response, request);
const breakConnection: Respond = (response) => response.destroy();

describe('a call', () => {
  test.for([
    ['throttling', fail('ThrottlingException')],
    ['an internal KMS error', fail('KMSInternalException')],
    ['a broken connection', breakConnection],
    ['a gateway 502', (response) => response.writeHead(502).end('{"message":"Bad Gateway"}')],
  ] as [string, Respond][])('a call is retried after %s', async ([, failure]) => {
    faults.respond = failFirst(2, failure);
    await expect(client.listKeys()).resolves.toEqual({});
    expect(faults.requests).toBe(3);
  });

  test.for([
    ['a broken connection', breakConnection],
    ['an internal KMS error', fail('KMSInternalException')],
    ['a first call in progress', fail('IdempotencyInProgressError')],
  ] as [string, Respond][])('CreateKey with an idempotency key is retried after %s', async ([, failure]) => {
    const bodies: string[] = [];
    faults.respond = (response, request) => {
      bodies.push(request.body);
      (bodies.length <= 2 ? failure : succeed)(response, request);
    };
    await expect(client.createKey({ IdempotencyKey: 'a' })).resolves.toEqual({});
    expect(bodies).toEqual(Array(3).fill('{"IdempotencyKey":"a"}'));
  });

  test('a call is not retried after TimeoutError, because the function has already retried', async () => {
    faults.respond = fail('TimeoutError');
    await expect(client.listKeys()).rejects.toMatchObject({ code: 'TimeoutError', retryable: true, attempts: 1 });
    expect(faults.requests).toBe(1);
  });

  test('a call is attempted up to three times, and rejects with the last error', async () => {
    faults.respond = fail('KMSInternalException');
    await expect(client.listKeys()).rejects.toMatchObject({ code: 'KMSInternalException', attempts: 3 });
    expect(faults.requests).toBe(3);
  });

  test('a call is attempted as often as its options allow', async () => {
    faults.respond = fail('KMSInternalException');
    await expect(client.listKeys({}, { retry: { attempts: 5 } })).rejects.toThrow();
    expect(faults.requests).toBe(5);
  });

  test('a retry option that is undefined does not override a default', async () => {
    faults.respond = fail('TagNotBoundError', {});
    const retry = { attempts: undefined, baseDelayMs: undefined, maxDelayMs: undefined } as never;
    await expect(client.listKeys({}, { retry, timeoutMs: 2_000 })).rejects.toMatchObject({ code: 'TagNotBoundError' });
    expect(faults.requests).toBe(3);
  });

  test.for(['NotFoundException', 'ValidationException', 'DisabledException', 'InternalError'] as const)(
    'a call is not retried after %s',
    async (code) => {
      faults.respond = fail(code);
      await expect(client.listKeys()).rejects.toMatchObject({ code, retryable: false });
      expect(faults.requests).toBe(1);
    },
  );
});

describe('an operation that is not safe to repeat', () => {
  test('an operation that is not safe to repeat would create a duplicate or fail if it were called twice', () => {
    const unsafe = operations.filter((operation) => !isRetrySafe(operation, {})).map(({ name }) => name);
    expect(unsafe).toEqual([
      'CreateAlias',
      'CreateCustomKeyStore',
      'CreateGrant',
      'CreateKey',
      'ReplicateKey',
      'RotateKeyOnDemand',
    ]);
  });

  const creators: [string, () => Promise<unknown>][] = [
    ['CreateKey', () => client.createKey()],
    ['RotateKeyOnDemand', () => client.rotateKeyOnDemand({ KeyId: 'k' })],
    ['ReplicateKey', () => client.replicateKey({ KeyId: 'k', ReplicaRegion: 'eu-west-1' })],
    ['CreateGrant', () => client.createGrant({ KeyId: 'k', GranteePrincipal: 'p', Operations: ['Encrypt'] })],
  ];

  test.for(creators)(
    'an operation that is not safe to repeat is retried after throttling, because KMS created nothing: $name',
    async ([, call]) => {
      faults.respond = failFirst(1, fail('ThrottlingException'));
      await expect(call()).resolves.toEqual({});
      expect(faults.requests).toBe(2);
    },
  );

  test.for(creators)(
    'an operation that is not safe to repeat is not retried and not retryable if KMS may have executed it: $name',
    async ([, call]) => {
      for (const failure of [breakConnection, fail('TimeoutError'), fail('ServiceUnavailableException')]) {
        faults.requests = 0;
        faults.respond = failFirst(1, failure);
        await expect(call()).rejects.toMatchObject({ retryable: false });
        expect(faults.requests).toBe(1);
      }
    },
  );

  test('CreateGrant is retried if the request contains a Name, which makes it idempotent', async () => {
    faults.respond = failFirst(1, breakConnection);
    const input = { KeyId: 'k', GranteePrincipal: 'p', Operations: ['Encrypt'], Name: 'one' } as const;
    await expect(client.createGrant(input)).resolves.toEqual({});
  });
});

describe('the retry budget', () => {
  async function failCalls(count: number, options?: Parameters<Client['listKeys']>[1]): Promise<void> {
    for (let index = 0; index < count; index += 1) await client.listKeys({}, options).catch(() => undefined);
  }

  test('the retry budget allows ten retries, and then one retry per ten calls', async () => {
    faults.respond = fail('KMSInternalException');
    await failCalls(100);
    // The first call adds nothing to a full budget, so 99 calls add 9.9 retries.
    expect(faults.requests).toBe(100 + 10 + 9);
    await expect(client.listKeys()).rejects.toMatchObject({ code: 'KMSInternalException' });
  });

  test('the retry budget has the size in the client options, and applies to all operations together', async () => {
    const transport = http({ endpoint: faults.endpoint });
    client = createClient({ transport, retry: { baseDelayMs: 1 }, retryBudget: { retriesPerCall: 0.5, burst: 1 } });
    faults.respond = breakConnection;
    await failCalls(1);
    await client.describeKey({ KeyId: 'k' }).catch(() => undefined);
    await client.listAliases().catch(() => undefined);
    expect(faults.requests).toBe(3 + 2);
  });

  test('the retry budget grows while calls succeed, up to its initial size', async () => {
    faults.respond = fail('KMSInternalException');
    await failCalls(5);
    faults.respond = succeed;
    await failCalls(200);
    faults.requests = 0;
    faults.respond = fail('KMSInternalException');
    await failCalls(7);
    expect(faults.requests).toBe(7 + 10);
  });

  test('the retry budget does not limit the wait for a tag, which is not caused by overload', async () => {
    faults.respond = fail('TagNotBoundError');
    await failCalls(1, { retry: { attempts: 30, maxDelayMs: 1 } });
    expect(faults.requests).toBe(30);
  });
});

describe('a 429, or a 500 or 503 of the gateway, without Retry-After', () => {
  test.for([
    ['throttling', 429, 'Too Many Requests'],
    ['an overloaded gateway', 503, 'Service Unavailable'],
    ['a throttled function', 500, 'Internal Server Error'],
  ] as const)(
    'a gateway response without Retry-After delays the retry by at least a second: %s',
    async ([, status, message]) => {
      faults.respond = failFirst(1, (response) => response.writeHead(status).end(JSON.stringify({ message })));
      const startedMs = performance.now();
      await client.listKeys();
      expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
      expect(faults.requests).toBe(2);
    },
  );
});

describe('Retry-After', () => {
  async function measureDelayMs(retryAfter: () => string): Promise<number> {
    faults.respond = failFirst(1, (response, request) =>
      fail('KMSInternalException', { 'retry-after': retryAfter() })(response, request),
    );
    const startedMs = performance.now();
    await client.listKeys();
    return performance.now() - startedMs;
  }

  test('Retry-After in seconds delays the retry', async () => {
    expect(await measureDelayMs(() => '1')).toBeGreaterThanOrEqual(990);
  });

  test('Retry-After as a date delays the retry', async () => {
    expect(await measureDelayMs(() => new Date(Date.now() + 2_000).toUTCString())).toBeGreaterThanOrEqual(950);
  });

  test('Retry-After with an invalid value is ignored', async () => {
    expect(await measureDelayMs(() => 'soon')).toBeLessThan(5_000);
  });

  test.for(['1.5', '-5', '1,1', 'soon'])(
    'Retry-After %j does not shorten the pause after throttling',
    async (value) => {
      faults.respond = failFirst(1, fail('ThrottlingException', { 'retry-after': value }));
      const startedMs = performance.now();
      await client.listKeys();
      expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
    },
  );

  test('Retry-After above maxRetryAfterMs ends the call immediately, with retryAfterMs in the error', async () => {
    faults.respond = fail('ThrottlingException', { 'retry-after': '3600' });
    const error = await client.listKeys().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ThrottlingException', retryAfterMs: 3_600_000 });
    expect(faults.requests).toBe(1);
  });
});

test('each retry delay is a random fraction of a limit that doubles after each attempt', async () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(1);
  const setTimer = vi.spyOn(globalThis, 'setTimeout');
  faults.respond = breakConnection;
  await client
    .listKeys({}, { retry: { attempts: 6, baseDelayMs: 2, maxDelayMs: 10 }, timeoutMs: 9_999 })
    .catch(() => 0);
  const delays = setTimer.mock.calls.map(([, delayMs]) => delayMs).filter((delayMs) => (delayMs ?? 0) <= 10 && delayMs);
  expect(random).toHaveBeenCalled();
  vi.restoreAllMocks();
  expect(delays).toEqual([2, 4, 8, 10, 10]);
});

test('the random retry delay is added to Retry-After, so that throttled callers do not return together', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  const setTimer = vi.spyOn(globalThis, 'setTimeout');
  faults.respond = fail('ThrottlingException', { 'retry-after': '1' });
  await client.listKeys({}, { retry: { attempts: 3 }, timeoutMs: 9_999 }).catch(() => 0);
  const delays = setTimer.mock.calls.map(([, delayMs]) => delayMs);
  vi.restoreAllMocks();
  expect(delays).toContain(1_500);
  expect(delays).toContain(2_000);
});

describe('a call with a signal or a timeout', () => {
  const hang: Respond = () => undefined;

  test("a call rejects with the signal's reason when the signal is aborted", async () => {
    faults.respond = hang;
    const controller = new AbortController();
    const call = client.listKeys({}, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('aborted by the test')), 50);
    await expect(call).rejects.toThrow('aborted by the test');
    expect(faults.requests).toBe(1);
  });

  test("a client's signal aborts its calls, unless a call has its own signal", async () => {
    faults.respond = hang;
    const controller = new AbortController();
    const transport = http({ endpoint: faults.endpoint });
    const aborted = createClient({ transport, signal: controller.signal });
    const calls = [aborted.listKeys(), aborted.listKeys({}, { signal: new AbortController().signal, timeoutMs: 500 })];
    setTimeout(() => controller.abort(new Error('aborted by the test')), 50);
    await expect(calls[0]).rejects.toThrow('aborted by the test');
    await expect(calls[1]).rejects.toMatchObject({ code: 'CallTimeoutError' });
  });

  test('a call sends nothing if the signal is already aborted', async () => {
    await expect(client.listKeys({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(faults.requests).toBe(0);
  });

  test('a call rejects if the signal is aborted during the delay before a retry', async () => {
    faults.respond = fail('ThrottlingException', { 'retry-after': '10' });
    const call = client.listKeys({}, { signal: AbortSignal.timeout(100) });
    await expect(call).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(faults.requests).toBe(1);
  });

  test('a call rejects with CallTimeoutError after timeoutMs, with the number of attempts', async () => {
    faults.respond = (response, request) =>
      (faults.requests === 1 ? fail('KMSInternalException') : hang)(response, request);
    await expect(client.listKeys({}, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'CallTimeoutError',
      message: 'The call did not finish within 200 ms (2 attempts).',
      attempts: 2,
      retryable: true,
    });
  });

  test.for([Infinity, 2 ** 31, 1e12])('a call may have the time limit %d', async (timeoutMs) => {
    let sent: unknown;
    faults.respond = (response, request) => {
      sent = request.headers['kms-timeout-ms'];
      setTimeout(() => succeed(response, request), 50);
    };
    await expect(client.listKeys({}, { timeoutMs })).resolves.toEqual({});
    expect(sent).toMatch(/^\d{9}$/);
  });

  test.for([0, -1, Number.NaN])('a call with the time limit %d sends nothing', async (timeoutMs) => {
    faults.respond = succeed;
    const rejected = { code: 'CallTimeoutError', attempts: 0 };
    await expect(client.listKeys({}, { timeoutMs })).rejects.toMatchObject(rejected);
    expect(faults.requests).toBe(0);
  });

  test('a call rejects with CallTimeoutError if the response body stalls, and closes the connection', async () => {
    let closed: Promise<unknown> | undefined;
    faults.respond = (response) => {
      closed = once(response, 'close');
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{');
    };
    await expect(client.listKeys({}, { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'CallTimeoutError',
      attempts: 1,
    });
    await closed;
    expect(faults.requests).toBe(1);
  });

  test('a call rejects immediately if the delay before a retry exceeds the remaining time', async () => {
    faults.respond = fail('ThrottlingException', { 'retry-after': '10' });
    const startedMs = performance.now();
    await expect(client.listKeys({}, { timeoutMs: 9_000 })).rejects.toMatchObject({
      code: 'ThrottlingException',
      retryAfterMs: 10_000,
    });
    expect(performance.now() - startedMs).toBeLessThan(3_000);
  });

  test('a call sends the remaining time with each attempt', async () => {
    const sentMs: number[] = [];
    faults.respond = (response, request) => {
      sentMs.push(Number(request.headers['kms-timeout-ms']));
      fail('KMSInternalException', { 'retry-after': '1' })(response, request);
    };
    await client.listKeys({}, { timeoutMs: 5_000, retry: { attempts: 2 } }).catch(() => undefined);
    const [first = 0, second = 0] = sentMs;
    expect(first).toBeGreaterThan(4_000);
    expect(first).toBeLessThanOrEqual(5_000);
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThanOrEqual(4_010);
  });

  test("a call leaves no listeners on the caller's signal", async () => {
    faults.respond = succeed;
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    await client.listKeys({}, { signal });
    expect(removed.mock.calls.length).toBe(added.mock.calls.length);
  });
});
