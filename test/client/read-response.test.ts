import { describe, expect, test } from 'vitest';
import { readResponse } from '../../client/http/read-response.ts';

const problem = { 'content-type': 'application/problem+json', 'apigw-requestid': 'gateway' };
const respond = (status: number, headers: Record<string, string>, body: unknown) =>
  readResponse({
    status,
    headers: new Headers(headers),
    text: typeof body === 'string' ? body : JSON.stringify(body),
  });
/** Returns the error that the client throws for a response. */
function reject(status: number, headers: Record<string, string>, body: unknown): unknown {
  try {
    return respond(status, headers, body);
  } catch (error) {
    return error;
  }
}

describe('a response', () => {
  test.for([200, 201, 299])('a response with status %i is a result', (status) => {
    expect(respond(status, { 'apigw-requestid': 'id' }, { KeyId: 'a' })).toEqual({
      body: { KeyId: 'a' },
      requestId: 'id',
    });
    expect(respond(status, {}, {})).toEqual({ body: {}, requestId: undefined });
  });

  test.for([199, 300, 304, 400, 500])('a response with status %i is an error', (status) => {
    expect(reject(status, {}, { KeyId: 'a' })).toMatchObject({ name: 'GatewayError', status });
  });

  test.for(['', '{', '<html>'])('a response with status 200 and the body %j is unreadable', (body) => {
    expect(reject(200, { 'apigw-requestid': 'id' }, body)).toMatchObject({
      name: 'UnreadableResponseError',
      status: 200,
      requestId: 'id',
    });
  });
});

describe('a problem', () => {
  test('a problem has the code, the detail, the request id and the errors of the function', () => {
    const errors = [{ pointer: '/KeyId', detail: 'is missing' }];
    const body = { code: 'ValidationException', detail: 'Invalid.', requestId: 'function', retryable: true, errors };
    expect(reject(400, { ...problem, 'retry-after': '2' }, body)).toMatchObject({
      ...{ name: 'ValidationException', code: 'ValidationException', message: 'Invalid.', status: 400 },
      ...{ requestId: 'function', retryable: true, retryAfterMs: 2_000, errors },
    });
  });

  test('a problem without these members has the code as its message, and the request id of the gateway', () => {
    const error = reject(400, problem, {
      code: 'SomeError',
      detail: 1,
      requestId: 2,
      retryable: 'yes',
      errors: {},
    });
    expect(error).toMatchObject({
      ...{ name: 'SomeError', message: 'SomeError', requestId: 'gateway', retryable: false },
      ...{ retryAfterMs: undefined, errors: [] },
    });
  });

  test('a problem contains only errors with a pointer and a detail', () => {
    const valid = { pointer: '', detail: '' };
    const errors = [{ pointer: '/a' }, { detail: 'b' }, { pointer: 1, detail: 'c' }, null, 'd', valid];
    expect(reject(400, problem, { code: 'SomeError', errors })).toMatchObject({ errors: [valid] });
  });

  test.for([
    ['another content type', { 'content-type': 'application/json' }, { code: 'SomeError' }],
    ['no content type', {}, { code: 'SomeError' }],
    ['a code that is not text', problem, { code: 1 }],
    ['no code', problem, {}],
    ['no object', problem, 'null'],
  ] as const)('a response with %s is an error of the gateway, not a problem', ([, headers, body]) => {
    expect(reject(503, headers, body)).toMatchObject({
      name: 'GatewayError',
      message: 'The gateway responded with status 503.',
    });
  });
});

describe('an error of the gateway', () => {
  test.for([
    ['message', 'Forbidden'],
    ['Message', 'Missing Authentication Token'],
  ])('an error of the gateway has the text of the member %s', ([member, text]) => {
    expect(reject(403, problem, { [String(member)]: text })).toMatchObject({
      name: 'GatewayError',
      message: text,
      requestId: 'gateway',
    });
  });

  test.for([
    ['5', 5_000],
    [' 5 ', 5_000],
    ['0', 0],
    ['1.5', undefined],
    ['soon', undefined],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ] as const)('an error of the gateway with Retry-After %j allows a retry after %s ms', ([value, delay]) => {
    expect(reject(429, { 'retry-after': value }, {})).toMatchObject({ retryAfterMs: delay });
  });

  test('an error of a KMS endpoint names the URL to use', () => {
    const headers = { 'x-amzn-requestid': 'kms' };
    expect(reject(400, headers, { __type: 'UnknownOperationException' })).toMatchObject({
      name: 'GatewayError',
      requestId: 'kms',
      message: expect.stringContaining('npm start'),
    });
  });

  test('an error of a Lambda endpoint names the URL to use, although its message is empty', () => {
    const headers = { 'x-amzn-errortype': 'UnknownOperationException', 'x-amzn-requestid': 'lambda' };
    expect(reject(404, headers, { Type: 'User', Message: '' })).toMatchObject({
      name: 'GatewayError',
      requestId: 'lambda',
      message: expect.stringMatching(/^The endpoint is a Lambda endpoint.* http:\/\/localhost:3000\.$/),
    });
  });
});
