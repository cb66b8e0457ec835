import { describe, expect, test } from 'vitest';
import { seal } from '../../../functions/operations.ts';
import { type Call, createCall } from '../../../shared/call/call.ts';
import type { ChainMiddleware, ChainRequest } from '../../../shared/call/chain.ts';
import type { OwnOperation } from '../../../shared/declaration/operation.ts';
import type { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { formatResponse } from '../../../shared/handler/middleware/format-response.ts';
import { limitOctetStream, readOctetStream } from '../../../shared/handler/octet-stream.ts';
import { securityHeaders } from '../../../shared/http/http-response.ts';
import { buildDeployedConfig } from '../../support/deployed.ts';
import { encodeParameters } from '../../support/envelope.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';

setLocalEnvironment('http://127.0.0.1:1');
const [route] = seal.routes;
const octets = 'application/octet-stream';

function createBytesCall(headers: Record<string, string>, body?: string, isBase64Encoded = true): Call {
  const http = {
    routeKey: 'x',
    pathParameters: new Map(),
    query: new Map(),
    headers: new Map(Object.entries(headers)),
    body,
    isBase64Encoded,
    requestId: undefined,
  };
  return Object.assign(createCall(seal, buildDeployedConfig({}), 'id', 10_000), { trigger: 'http', http, route });
}

/** Runs the middleware, and returns the error's code and message, or `undefined`. */
async function run(call: Call, middleware: ChainMiddleware = readOctetStream(seal)): Promise<string | undefined> {
  try {
    await middleware.before?.({ internal: { call } } as unknown as ChainRequest);
  } catch (error) {
    const { code, message } = error as KmsFunctionsError;
    return `${code}: ${message}`;
  }
  return undefined;
}

describe('a body of bytes', () => {
  test.for([octets, 'Application/OCTET-stream', `${octets} ; a=b;c`, ` ${octets} `])(
    'a body of bytes becomes a member of the input with the content type "%s"',
    async (type) => {
      const parameters = { EncryptionContext: { a: '???>>>~~~ü' } };
      const call = createBytesCall({ 'content-type': type, 'kms-parameters': encodeParameters(parameters) }, 'eA==');
      expect(await run(call)).toBeUndefined();
      expect(call.json).toEqual({ ...parameters, Plaintext: 'eA==' });
      expect(call.http).toMatchObject({ routeKey: 'x', body: undefined });
    },
  );

  test('a body of bytes may be empty, and then needs no base64', async () => {
    for (const call of [
      createBytesCall({ 'content-type': octets }, undefined, false),
      createBytesCall({ 'content-type': octets }, '', false),
    ]) {
      expect(await run(call)).toBeUndefined();
      expect(call.json).toEqual({ Plaintext: '' });
    }
  });

  test.for([{}, { 'content-type': 'application/json' }, { 'content-type': `${octets}x` }])(
    'a body is not read as bytes with the headers %j',
    async (headers) => {
      const call = createBytesCall(headers as Record<string, string>, '{}', false);
      expect(await run(call)).toBeUndefined();
      expect(call).toMatchObject({ json: {}, http: { body: '{}' } });
      expect(call.buildResponse).toBeUndefined();
    },
  );

  test('a body is not read without a route, and a direct call has no body', async () => {
    const { route: _, ...unrouted } = createBytesCall({ 'content-type': octets }, 'eA==');
    expect(await run(unrouted)).toBeUndefined();
    expect(unrouted.json).toEqual({});
    const { http: __, ...direct } = createBytesCall({ 'content-type': octets }, 'eA==');
    expect(await run(direct)).toBeUndefined();
    expect(direct.json).toEqual({});
  });

  const encode = (text: string | Uint8Array) => Buffer.from(text).toString('base64url');
  const noObject = 'SerializationException: The header Kms-Parameters must be a JSON object in base64url.';
  test.for<readonly [header: string, error: string | undefined]>([
    ['e30', undefined],
    ['e30=', undefined],
    [`${encode('{"a":1}')}==`, undefined],
    ['e30===', noObject],
    ['!e30', noObject],
    ['e30!', noObject],
    ['e3 0', noObject],
    ['', noObject],
    ['e30=e30', noObject],
    [encode('{'), noObject],
    [encode('[]'), noObject],
    [encode('null'), noObject],
    [encode('"x"'), noObject],
    [encode(Buffer.from([...Buffer.from('{"a":"'), 0xff, ...Buffer.from('"}')])), noObject],
    [encode('{"Plaintext":null}'), 'SerializationException: The header Kms-Parameters must not contain Plaintext.'],
  ])('a body of bytes with the header Kms-Parameters "%s" has the error %s', async ([header, error]) => {
    const call = createBytesCall({ 'content-type': octets, 'kms-parameters': header }, 'eA==');
    expect(await run(call)).toBe(error);
  });

  test('a body of bytes that is not base64 is rejected, because the gateway may have changed it', async () => {
    expect(await run(createBytesCall({ 'content-type': octets }, 'eA==', false))).toBe(
      'SerializationException: API Gateway must send a body of bytes as base64.',
    );
  });

  const compressed =
    'UnsupportedMediaTypeError: A body of bytes must not have a content-encoding header. To send compressed data, omit the header.';
  test.for<readonly [encoding: string, type: string, error: string | undefined]>([
    ['gzip', octets, compressed],
    ['identity, gzip', octets, compressed],
    [' Identity ', octets, undefined],
    ['', octets, undefined],
    [' ', octets, undefined],
    ['gzip', 'application/json', undefined],
  ])('a body of bytes with the encoding "%s" and the type %s has the error %s', async ([encoding, type, error]) => {
    expect(await run(createBytesCall({ 'content-type': type, 'content-encoding': encoding }, 'eA=='))).toBe(error);
  });

  test('the header Kms-Parameters is rejected next to JSON', async () => {
    expect(await run(createBytesCall({ 'content-type': 'application/json', 'kms-parameters': 'e30' }, '{}'))).toBe(
      'SerializationException: The header Kms-Parameters is allowed only with the content type application/octet-stream.',
    );
  });
});

describe('a response of bytes', () => {
  const json = 'application/json';
  test.for<readonly [type: string, accept: string | undefined, isBytes: boolean]>([
    [octets, undefined, true],
    [octets, '*/*', true],
    [octets, json, false],
    [octets, ` ${json.toUpperCase()};q=0.9, text/plain`, false],
    [octets, `${json}, ${octets};q=0.5`, true],
    [json, undefined, false],
    [json, '*/*', false],
    [json, octets, true],
    [json, `text/plain, ${octets}`, true],
  ])('a request of type %s that accepts %s has a response of bytes: %s', async ([type, accept, isBytes]) => {
    const call = createBytesCall({ 'content-type': type, ...(accept && { accept }) });
    expect(await run(call)).toBeUndefined();
    expect(call.buildResponse !== undefined).toBe(isBytes);
  });

  /** Returns the response of a call, as API Gateway receives it. */
  async function respond(result: object) {
    const call = createBytesCall({ 'content-type': octets }, 'eA==');
    await run(call);
    const request = { internal: { call: { ...call, route: { ...route, status: 201 } } }, response: result };
    await formatResponse().after?.(request as unknown as ChainRequest);
    return request.response;
  }

  test('a response of bytes has the other members in its header, and the status of the route', async () => {
    expect(await respond({ Message: 'eA==', KeyId: 'x' })).toEqual({
      statusCode: 201,
      headers: { ...securityHeaders, 'content-type': octets, 'kms-parameters': encodeParameters({ KeyId: 'x' }) },
      body: 'eA==',
      isBase64Encoded: true,
    });
  });

  test('a response of bytes has at most 8,192 characters in its header', async () => {
    const fits = 'x'.repeat((8_192 / 4) * 3 - '{"a":""}'.length);
    expect(await respond({ Message: '', a: fits })).toMatchObject({ statusCode: 201 });
    const tooLong = respond({ Message: '', a: `${fits}x` });
    await expect(tooLong).rejects.toMatchObject({
      code: 'PayloadTooLargeError',
      message:
        'The other members of the response do not fit into the header Kms-Parameters. Send `accept: application/json`.',
    });
  });
});

describe('the size of the bytes', () => {
  const small: OwnOperation = {
    ...seal,
    octetStream: { request: 'Plaintext', response: 'Message', maxBytes: 1_234 },
  };
  const limit = (Plaintext: unknown) => run({ ...createBytesCall({}), json: { Plaintext } }, limitOctetStream(small));
  const tooLarge = (bytes: string) =>
    `PayloadTooLargeError: /Plaintext must not exceed 1,234 bytes. This request contains ${bytes} bytes.`;
  test.for<readonly [bytes: number, error: string | undefined]>([
    [0, undefined],
    [1_233, undefined],
    [1_234, undefined],
    [1_235, tooLarge('1,235')],
    [1_236, tooLarge('1,236')],
    [1_237, tooLarge('1,237')],
  ])('the size of %i bytes in base64 has the error %s', async ([bytes, error]) => {
    expect(await limit(Buffer.alloc(bytes).toString('base64'))).toBe(error);
  });

  test('the size of a value without padding is not smaller', async () => {
    expect(await limit('A'.repeat(1_650))).toBe(tooLarge('1,239'));
  });

  test('the size of a value that is not text is not checked, because the value is invalid', async () => {
    for (const value of [undefined, null, 7, { length: 9_999 }, Array(9_999)])
      expect(await limit(value)).toBeUndefined();
  });

  test('an operation must declare the members that callers can send as bytes', () => {
    const { octetStream: _, ...undeclared } = seal;
    for (const create of [readOctetStream, limitOctetStream])
      expect(() => create(undeclared)).toThrow(new TypeError('Seal does not declare octetStream.'));
  });
});
