import { EncryptCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod/mini';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { seal } from '../../../functions/envelope/seal/operation.ts';
import { createKey } from '../../../functions/keys/create-key/operation.ts';
import { describeKey } from '../../../functions/keys/describe-key/operation.ts';
import { type Call, createCall } from '../../../shared/call/call.ts';
import type { ChainMiddleware, ChainRequest } from '../../../shared/call/chain.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { catchOnError } from '../../../shared/handler/catch-on-error.ts';
import { createCustomHandler, createHandler } from '../../../shared/handler/create-handler.ts';
import { decodeBody } from '../../../shared/handler/middleware/decode-body.ts';
import { formatResponse } from '../../../shared/handler/middleware/format-response.ts';
import { limitTime } from '../../../shared/handler/middleware/limit-time.ts';
import { mapErrors } from '../../../shared/handler/middleware/map-errors.ts';
import { matchRoute } from '../../../shared/handler/middleware/match-route.ts';
import { parseJsonBody } from '../../../shared/handler/middleware/parse-json-body.ts';
import { passCall } from '../../../shared/handler/middleware/pass-call.ts';
import { readInput } from '../../../shared/handler/middleware/read-input.ts';
import { recordCall } from '../../../shared/handler/middleware/record-call.ts';
import { rejectInvalidInput } from '../../../shared/handler/middleware/reject-invalid-input.ts';
import { rejectUnsafeJson } from '../../../shared/handler/middleware/reject-unsafe-json.ts';
import { validateInput } from '../../../shared/handler/middleware/validate-input.ts';
import { getTimeoutSeconds } from '../../../shared/kms/timeout.ts';
import { logger } from '../../../shared/observability/logger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { buildDeployedConfig, createGatewayContext } from '../../support/deployed.ts';
import { createContext, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';

setLocalEnvironment('http://127.0.0.1:1');
const [route] = encrypt.routes;

function callOf(operation: Operation, overrides: Partial<Call> = {}): Call {
  return Object.assign(createCall(operation, buildDeployedConfig({}), 'request-1', 10_000), overrides);
}

/** Runs one hook of a middleware on a request, and returns the request. */
async function run(middleware: ChainMiddleware, request: object, hook: 'before' | 'after' | 'onError' = 'before') {
  const full = { event: {}, context: {}, error: null, response: undefined, ...request } as unknown as ChainRequest;
  await middleware[hook]?.(full);
  return full;
}

async function readError(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
  } catch (error) {
    const { code, message } = error as KmsFunctionsError;
    return `${code}: ${message}`;
  }
  return undefined;
}

const mebibyte = 1024 * 1024;

describe('the body of a request', () => {
  const http = (body: string | undefined, isBase64Encoded = false, type = 'application/json') => ({
    routeKey: 'x',
    pathParameters: new Map(),
    query: new Map(),
    headers: new Map([['content-type', type]]),
    body,
    isBase64Encoded,
    requestId: undefined,
  });
  const decode = (body: string | undefined, isBase64Encoded = false, given: Call['route'] = route) =>
    run(decodeBody(), {
      event: { other: 1, headers: {}, body, isBase64Encoded },
      internal: { call: callOf(encrypt, { http: http(body, isBase64Encoded), ...(given && { route: given }) }) },
    });

  test('the body of a request is decoded into a copy of the event', async () => {
    const { event } = await decode(Buffer.from('{"ü":1}').toString('base64'), true);
    expect(event).toEqual({
      other: 1,
      headers: { 'content-type': 'application/json' },
      body: '{"ü":1}',
      isBase64Encoded: false,
    });
    expect((await decode('text')).event).toMatchObject({ body: 'text', isBase64Encoded: false });
  });

  test('the body of a request is not read without a body or without a route', async () => {
    expect((await decode(undefined)).event).toEqual({ other: 1, headers: {}, isBase64Encoded: false });
    const { event } = await run(decodeBody(), {
      event: { a: 1 },
      internal: { call: callOf(encrypt, { http: http('x') }) },
    });
    expect(event).toEqual({ a: 1 });
    expect(
      (await run(decodeBody(), { event: { a: 1 }, internal: { call: callOf(encrypt, { route }) } })).event,
    ).toEqual({ a: 1 });
  });

  const tooLarge = 'PayloadTooLargeError: The body must not exceed 1048576 bytes.';
  test.for<readonly [name: string, body: string, isBase64Encoded: boolean, error: string | undefined]>([
    ['of 1 MiB of text', 'x'.repeat(mebibyte), false, undefined],
    ['of more than 1 MiB of text', 'x'.repeat(mebibyte + 1), false, tooLarge],
    ['of almost 1 MiB in base64', 'AAAA'.repeat(Math.floor(mebibyte / 3)), true, undefined],
    ['of more than 1 MiB in base64', 'AAAA'.repeat(Math.floor(mebibyte / 3) + 1), true, tooLarge],
    ['that is not base64', 'x!', true, 'SerializationException: The body is not valid base64.'],
    ['that is not UTF-8', '/w==', true, 'SerializationException: The body is not valid UTF-8.'],
  ])('the body of a request %s has the expected error', async ([, body, isBase64Encoded, error]) => {
    expect(await readError(decode(body, isBase64Encoded))).toBe(error);
  });

  test('the body of a request on a route without a body is rejected', async () => {
    expect(await readError(decode('{}', false, describeKey.routes[0]))).toBe(
      'SerializationException: This route does not accept a body.',
    );
  });

  const parse = async (body: string, type = 'application/json') => {
    const call = callOf(encrypt, { http: http(body, false, type) });
    await run(parseJsonBody(), { event: { headers: { 'content-type': type }, body }, internal: { call } });
    return call.json;
  };
  const mediaType = 'UnsupportedMediaTypeError: The content-type header must be application/json.';
  const invalid =
    'SerializationException: The body is not valid JSON, or contains a forbidden name such as `__proto__`.';
  const noObject = 'SerializationException: The body must be a JSON object.';
  test.for<readonly [body: string, type: string, result: object | string]>([
    ['{"a":1}', 'application/json', { a: 1 }],
    ['{"a":1}', 'application/json ; charset=utf-8', { a: 1 }],
    ['{"a":1}', 'application/json;x;y', { a: 1 }],
    ['{"a":1}', 'text/plain', mediaType],
    ['{"a":1}', 'application/jsonx', mediaType],
    ['{', 'application/json', invalid],
    ['{"__proto__":1}', 'application/json', invalid],
    ['[]', 'application/json', noObject],
    ['"x"', 'application/json', noObject],
    ['null', 'application/json', noObject],
  ])('the body %s with the content type %s is parsed to %j', async ([body, type, result]) => {
    if (typeof result === 'string') expect(await readError(parse(body, type))).toBe(result);
    else expect(await parse(body, type)).toEqual(result);
  });

  test('the body of a request without a content type is rejected', async () => {
    const call = callOf(encrypt, { http: http('{}') });
    const parsed = run(parseJsonBody(), { event: { headers: {}, body: '{}' }, internal: { call } });
    expect(await readError(parsed)).toBe(mediaType);
  });

  test('the body of a request to an operation that accepts bytes may have two content types', async () => {
    const call = callOf(seal, { http: http('{}', false, 'text/plain') });
    const parsed = run(parseJsonBody(), {
      event: { headers: { 'content-type': 'text/plain' }, body: '{}' },
      internal: { call },
    });
    expect(await readError(parsed)).toBe(
      'UnsupportedMediaTypeError: The content-type header must be application/json or application/octet-stream.',
    );
  });

  test('the body of a direct event is not parsed', async () => {
    const call = callOf(encrypt, { json: { a: 1 } });
    await run(parseJsonBody(), { event: { body: '{' }, internal: { call } });
    expect(call.json).toEqual({ a: 1 });
  });
});

describe('unsafe JSON', () => {
  const nest = (levels: number, innermost: object = {}) => {
    let value = innermost;
    for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? { A: value } : [value];
    return value;
  };
  const nested = 'SerializationException: The request is nested too deeply.';
  const large = 'PayloadTooLargeError: The request must not exceed 1048576 characters.';
  const name = 'SerializationException: The request contains the forbidden name `__proto__`.';
  const proto = JSON.parse('{"__proto__":{}}');
  test.for<readonly [name: string, value: unknown, error: string | undefined]>([
    ['nested 16 times', nest(16), undefined],
    ['nested 16 times with a number inside', nest(16, { A: 1 }), undefined],
    ['nested 16 times with null inside', nest(16, { A: null }), undefined],
    ['nested 17 times', nest(17), nested],
    ['that is flat but long', Array.from({ length: 100 }, () => ({})), undefined],
    ['with a forbidden name', { A: [{ B: proto }] }, name],
    ['with a forbidden name after other members', { A: 1, B: null, C: proto }, name],
    ['with 1 MiB of text', { A: 'x'.repeat(mebibyte - 1) }, undefined],
    ['with more than 1 MiB in a value', { A: 'x'.repeat(mebibyte) }, large],
    ['with more than 1 MiB in a name', { ['x'.repeat(mebibyte + 1)]: 1 }, large],
    ['with more than 1 MiB on several levels', { A: 'x'.repeat(mebibyte / 2), B: ['x'.repeat(mebibyte / 2)] }, large],
    ['that is text', 'x', undefined],
    ['that is null', null, undefined],
  ])('unsafe JSON is rejected: a request %s', async ([, value, error]) => {
    expect(await readError(Promise.resolve().then(() => rejectUnsafeJson(value, 1024 * 1024)))).toBe(error);
  });
});

describe('the time of a call', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const read = async (call: Call, clientContext?: unknown) => {
    await run(limitTime(), { context: { clientContext }, internal: { call } });
    return call;
  };
  const custom = (value: unknown) => ({ custom: { 'kms-timeout-ms': value } });
  test.for<readonly [value: unknown, leftMs: number]>([
    ['1000', 900],
    [1000, 900],
    ['5000', 4_500],
    ['6000', 5_500],
    ['999999999', 10_000],
  ])('the time of a call that sends %j is shortened to %j ms', async ([value, leftMs]) => {
    const { deadline, errors } = await read(callOf(encrypt), custom(value));
    expect(errors).toEqual([]);
    expect(deadline.leftMs).toBe(leftMs);
  });

  test.for<readonly [value: unknown]>([
    ['0'],
    ['-1'],
    ['1.5'],
    ['01'],
    ['1s'],
    [' 1'],
    [''],
    ['1000000000'],
    [null],
    [true],
    [[5]],
  ])('the time of a call must be a positive integer, unlike %j', async ([value]) => {
    const { deadline, errors } = await read(callOf(encrypt), custom(value));
    expect(errors).toEqual([
      {
        pointer: '',
        detail:
          'must contain a positive integer of at most nine digits as kms-timeout-ms (milliseconds), in the headers or in the client context',
      },
    ]);
    expect(deadline.leftMs).toBeGreaterThan(9_000);
  });

  test('the time of an HTTP call comes from the header, and the client context is ignored', async () => {
    const http = { headers: new Map([['kms-timeout-ms', '1000']]) } as unknown as NonNullable<Call['http']>;
    expect((await read(callOf(encrypt, { http }), custom('1'))).deadline.leftMs).toBeGreaterThan(500);
    const without = { headers: new Map() } as unknown as NonNullable<Call['http']>;
    expect((await read(callOf(encrypt, { http: without }), custom('1'))).deadline.leftMs).toBeGreaterThan(9_000);
  });

  test.for([undefined, null, 'x', {}, { custom: null }, { custom: ['x'] }, { custom: {} }])(
    'the time of a direct call does not change with the client context %j',
    async (clientContext) => {
      const { deadline, errors } = await read(callOf(encrypt), clientContext);
      expect(errors).toEqual([]);
      expect(deadline.leftMs).toBeGreaterThan(9_000);
    },
  );
});

describe('the route', () => {
  test('the route of an HTTP event is found by method and path', async () => {
    const call = callOf(encrypt);
    await run(matchRoute(), { event: buildHttpEvent(encrypt, route), internal: { call } });
    expect(call).toMatchObject({ trigger: 'http', route });
    expect(call.http?.routeKey).toBe(`${route.method} ${route.path}`);
  });

  test('the route of another operation is rejected, as an HTTP error', async () => {
    const call = callOf(encrypt);
    const event = buildHttpEvent(describeKey, describeKey.routes[0]);
    expect(await readError(run(matchRoute(), { event, internal: { call } }))).toMatch(/^RouteNotFoundError: /);
    expect(call.trigger).toBe('http');
  });

  test('a direct event has no route', async () => {
    const call = callOf(encrypt);
    await run(matchRoute(), { event: { routeKey: `${route.method} ${route.path}` }, internal: { call } });
    expect(call).toMatchObject({ trigger: 'direct' });
    expect('route' in call || 'http' in call).toBe(false);
  });
});

describe('the input', () => {
  const read = async (event: unknown, overrides: Partial<Call> = {}) => {
    const call = callOf(encrypt, overrides);
    await run(readInput(encrypt), { event, internal: { call } });
    return call;
  };

  test('the input of a direct event is a copy without null members', async () => {
    const event = { KeyId: 'x', Plaintext: null, Other: false, Empty: '' };
    expect((await read(event)).json).toEqual({ KeyId: 'x', Other: false, Empty: '' });
    expect(event.Plaintext).toBe(null);
  });

  test.for([[[]], ['x'], [null], [undefined]])('the input must be an object, unlike %j', async ([event]) => {
    expect(await readError(read(event))).toBe('SerializationException: The event must be a JSON object.');
  });

  test('the input of an HTTP event is gathered from the path and the body, and each error is kept', async () => {
    const { routeKey } = buildHttpEvent(encrypt, route);
    const http = {
      routeKey,
      pathParameters: new Map([['KeyId', 'alias.x']]),
      query: new Map([['Plaintext', ['x']]]),
      headers: new Map(),
      body: undefined,
      isBase64Encoded: false,
      requestId: undefined,
    };
    const call = await read({}, { http, route, json: { DryRun: null, Plaintext: 'AA==' } });
    expect(call.json).toEqual({ KeyId: 'alias/x', Plaintext: 'AA==' });
    expect(call.errors).toEqual([{ pointer: '/Plaintext', detail: 'must be sent in the body' }]);
    const unsafe = { http, route, json: JSON.parse('{"__proto__":1}') };
    expect(await readError(read({}, unsafe))).toContain('forbidden name');
  });

  test('the input of a direct event must be safe', async () => {
    expect(await readError(read(JSON.parse('{"__proto__":1}')))).toContain('forbidden name');
  });

  test('the input is validated, and each error is reported once per member', async () => {
    const call = callOf(encrypt, {
      json: { KeyId: 7, Plaintext: 'x' },
      errors: [{ pointer: '/KeyId', detail: 'must be sent in the path' }],
    });
    await run(validateInput(encrypt), { internal: { call } });
    expect(call.errors).toEqual([
      { pointer: '/KeyId', detail: 'must be sent in the path' },
      { pointer: '/Plaintext', detail: 'must be base64 (RFC 4648, with padding)' },
    ]);
    expect(call.input).toEqual({});
    expect(await readError(run(rejectInvalidInput(), { internal: { call } }))).toMatch(
      /^ValidationException: \/KeyId must be sent in the path; \/Plaintext must be base64/,
    );
    const [error] = call.errors;
    const single = callOf(encrypt, { errors: error === undefined ? [] : [error] });
    expect(await readError(run(rejectInvalidInput(), { internal: { call: single } }))).toMatch(
      /^ValidationException: \/KeyId must be sent in the path/,
    );
  });

  test('the input is parsed if it is valid', async () => {
    const call = callOf(encrypt, { json: { KeyId: 'alias/x', Plaintext: 'AA==' } });
    await run(validateInput(encrypt), { internal: { call } });
    expect(call.input).toEqual({ KeyId: 'alias/x', Plaintext: Buffer.from([0]) });
    expect(await readError(run(rejectInvalidInput(), { internal: { call } }))).toBeUndefined();
  });

  test('the input must not contain two exclusive members', async () => {
    const operation: Operation = { ...describeKey, exclusiveMembers: [['A', 'B']], input: z.looseObject({}) as never };
    const find = async (json: Record<string, unknown>) => {
      const call = callOf(operation, { json });
      await run(validateInput(operation), { internal: { call } });
      return call.errors;
    };
    expect(await find({ A: 1, B: 2 })).toEqual([{ pointer: '/B', detail: 'must not be combined with A' }]);
    expect(await find({ A: 1 })).toEqual([]);
    expect(await find({ B: 1 })).toEqual([]);
  });
});

describe('the response', () => {
  test('the response of an HTTP call has the status of its route, and a direct response is not changed', async () => {
    const format = async (overrides: Partial<Call>) =>
      (await run(formatResponse(), { response: { a: 1 }, internal: { call: callOf(encrypt, overrides) } }, 'after'))
        .response;
    expect(await format({ trigger: 'http', route: createKey.routes[0] })).toMatchObject({
      statusCode: 201,
      body: '{"a":1}',
    });
    expect(await format({ trigger: 'http' })).toMatchObject({ statusCode: 200 });
    expect(await format({ trigger: 'direct' })).toEqual({ a: 1 });
  });

  test('an error becomes a problem document over HTTP, and a thrown error otherwise', async () => {
    const map = (call: Call) => run(mapErrors(), { error: new Error('secret'), internal: { call } }, 'onError');
    const call = callOf(encrypt, { trigger: 'http' });
    const { response } = await map(call);
    expect(response).toMatchObject({ statusCode: 500 });
    expect(JSON.parse((response as { body: string }).body)).toMatchObject({
      code: 'InternalError',
      requestId: 'request-1',
    });
    expect(call.failure?.code).toBe('InternalError');
    const direct = await map(callOf(encrypt));
    expect(direct.response).toBeUndefined();
    expect(direct.error).toMatchObject({ name: 'InternalError', message: 'InternalError: The service failed.' });
  });

  test('the call is passed to the handler in a copy of the context', async () => {
    const context = { awsRequestId: 'x' };
    const call = callOf(encrypt);
    const request = await run(passCall(), { context, internal: { call } });
    expect(request.context).toEqual({ awsRequestId: 'x', call });
    expect(context).toEqual({ awsRequestId: 'x' });
  });

  test('an error in an onError hook replaces the error of the call', async () => {
    const thrown = new Error('lookup');
    const middleware: ChainMiddleware = {
      before: () => {},
      onError: () => {
        throw thrown;
      },
    };
    const caught = catchOnError(middleware);
    expect((await run(caught, { error: new Error('first') }, 'onError')).error).toBe(thrown);
    expect(caught.before).toBe(middleware.before);
    const first = new Error('first');
    expect((await run(catchOnError({ onError: () => {} }), { error: first }, 'onError')).error).toBe(first);
    expect(catchOnError({ before: middleware.before as never })).toEqual({ before: middleware.before });
  });
});

describe('the record of a call', () => {
  const config = () => buildDeployedConfig({});
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    vi.advanceTimersByTime(1_000);
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const start = async (context: object) => {
    const internal = {} as { call: Call };
    await run(recordCall(encrypt, config()), { context, internal });
    return internal.call;
  };

  test("a call has Lambda's request id, and ends 300 ms before Lambda stops the function", async () => {
    const call = await start({ awsRequestId: 'lambda-id', getRemainingTimeInMillis: () => 5_000 });
    expect(call).toMatchObject({ operation: encrypt, requestId: 'lambda-id' });
    expect(call.deadline.leftMs).toBe(4_700);
    const local = await start({});
    expect(local.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(local.deadline.leftMs).toBe(getTimeoutSeconds(encrypt) * 1_000 - 300);
  });

  test("the log lines of a call contain the function's name", async () => {
    const functionName = crypto.randomUUID();
    await start({ awsRequestId: 'lambda-id', functionName, getRemainingTimeInMillis: () => 5_000 });
    const [line] = await write(undefined, 'after');
    expect(line).toMatchObject({ function_name: functionName });
  });

  const write = async (failure: KmsFunctionsError | undefined, hook: 'after' | 'onError') => {
    const level = logger.getLevelName();
    logger.setLogLevel('INFO');
    try {
      const call = callOf(encrypt, failure === undefined ? {} : { failure });
      vi.advanceTimersByTime(12.4);
      const lines = await captureLog(() => run(recordCall(encrypt, config()), { internal: { call } }, hook));
      return lines.map(({ json }) => json);
    } finally {
      logger.setLogLevel(level);
    }
  };

  test('a call is recorded in one line, at a level that depends on the outcome', async () => {
    expect(await write(undefined, 'after')).toMatchObject([
      { level: 'INFO', message: 'call', outcome: 'OK', latencyMs: 12 },
    ]);
    expect(await write(new KmsFunctionsError('NotFoundException'), 'onError')).toMatchObject([
      { level: 'WARN', outcome: 'NotFoundException', status: 404 },
    ]);
    const cause = Object.assign(new Error('secret'), { name: 'n'.repeat(2_000), code: 'EPIPE' });
    cause.stack = `Error: look at the secret\n    at secret\nnot a frame\n${'    at frame (file:1:2)\n'.repeat(20)}`;
    const [line] = await write(new KmsFunctionsError('InternalError', undefined, { cause }), 'onError');
    expect(line).toMatchObject({ level: 'ERROR', outcome: 'InternalError', cause: { code: 'EPIPE' } });
    expect(line.cause.name).toBe(`${'n'.repeat(1_023)}…`);
    expect(line.cause.frames).toEqual(['at secret', ...Array(9).fill('at frame (file:1:2)')]);
    const [other] = await write(new KmsFunctionsError('InternalError', undefined, { cause: 'secret' }), 'onError');
    expect('cause' in other).toBe(false);
    const [numbered] = await write(
      new KmsFunctionsError('InternalError', undefined, {
        cause: Object.assign(new Error('x'), { code: 7, stack: undefined }),
      }),
      'onError',
    );
    expect(numbered.cause).toEqual({ name: 'Error', frames: [] });
  });
});

describe('the conversion of the errors of a call', () => {
  test('a call fails with an error that depends on its key scope and reveals no request value', async () => {
    const kms = (name: string, message: string) =>
      Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
    const fail = async (error: Error) => {
      const config = { ...callOf(encrypt).config, keyScope: 'service' } as const;
      const json = { Plaintext: 'secret-value', EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
      const call = callOf(encrypt, { json, config });
      await run(mapErrors(), { error, internal: { call } }, 'onError');
      return call.failure;
    };
    const denial = kms('AccessDeniedException', 'because no identity-based policy allows kms:Encrypt');
    expect((await fail(denial))?.code).toBe('TagNotBoundError');
    expect((await fail(kms('DisabledException', 'SYMMETRIC_DEFAULT is secret-value.')))?.message).toBe(
      'SYMMETRIC_DEFAULT is ….',
    );
  });
});

describe('a handler', () => {
  const { input } = encrypt.example;

  test('a handler answers with the result of its own function, without guards or time limit by default', async () => {
    const handler = createCustomHandler(encrypt, async ({ json }) => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return { KeyId: json.KeyId };
    });
    const context = { ...createContext(), getRemainingTimeInMillis: () => 6 };
    expect(await handler(input, context)).toEqual({ KeyId: input.KeyId });
    expect(await handler.withConfig(buildDeployedConfig({}))(input, context)).toEqual({ KeyId: input.KeyId });
  });

  test('a handler with another configuration runs the same function and the same guards', async () => {
    const seen: string[] = [];
    const guard = () => {
      seen.push('guard');
    };
    const handler = createCustomHandler(encrypt, async () => ({ KeyId: 'x' }), { guards: [guard as never] });
    const other = handler.withConfig(buildDeployedConfig({ auth: 'iam' }));
    const rejected = await readError(other(input, createGatewayContext()));
    expect(rejected).toContain('UntrustedEventError');
    expect(await other(input, createContext())).toEqual({ KeyId: 'x' });
    expect(seen).toEqual(['guard']);
  });

  test('a handler runs its guards before it sends its command, and its checks of the input before validation', async () => {
    const reject = () => {
      throw new KmsFunctionsError('LimitExceededException', 'Rejected.');
    };
    const guarded = createHandler(encrypt, EncryptCommand, [reject as never]).withConfig(buildDeployedConfig({}));
    expect(await readError(guarded(input, createContext()))).toContain('LimitExceededException: Rejected.');
    const checked = createCustomHandler(encrypt, async () => ({}), { checkInput: [{ before: reject }] });
    expect(await readError(checked({ KeyId: 7 }, createContext()))).toContain('LimitExceededException: Rejected.');
  });

  test('a handler sends its command to KMS', async () => {
    const handler = createHandler(encrypt, EncryptCommand);
    for (const each of [handler, handler.withConfig(buildDeployedConfig({}))])
      expect(await readError(each(input, createContext()))).toContain('KMS cannot be reached');
  });
});
