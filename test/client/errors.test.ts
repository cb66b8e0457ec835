import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  createClient,
  GatewayError,
  http,
  inProcess,
  KmsFunctionsClientError,
  NetworkError,
  ServiceError,
} from '../../client/index.ts';
import { startEmulator } from '../../emulator/index.ts';
import { type CatalogueEntry, catalogue } from '../../shared/declaration/error-catalogue.ts';
import { createDirectError } from '../../shared/errors/direct-error.ts';
import { KmsFunctionsError } from '../../shared/errors/kms-functions-error.ts';
import { buildProblem } from '../../shared/http/problem.ts';
import { startApiGateway } from '../support/api-gateway.ts';
import { useEmulator } from '../support/emulator.ts';
import { type Respond, useFaultServer } from '../support/fault-server.ts';
import { loadHandler, setLocalEnvironment } from '../support/handlers.ts';
import { operations } from '../support/operations.ts';

const faults = useFaultServer();
const used = useEmulator();
let client: Client;
const once = { retry: { attempts: 1 } } as const;

beforeAll(() => {
  setLocalEnvironment(used.emulator.endpoint);
  client = createClient({ transport: http({ endpoint: faults.endpoint }), ...once });
});

const respondWith =
  (status: number, body: string, headers: Record<string, string> = { 'content-type': 'application/json' }): Respond =>
  (response) =>
    response.writeHead(status, headers).end(body);

async function catchError(call: Promise<unknown>): Promise<KmsFunctionsClientError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KmsFunctionsClientError);
  return error as KmsFunctionsClientError;
}

describe('error codes in the catalogue', () => {
  const rows = Object.entries(catalogue).map(([code, entry]) => ({ code, entry: entry as CatalogueEntry }));

  test.for(rows)('$code becomes the same typed error over HTTP and by direct invocation', async ({ code, entry }) => {
    const thrown = new KmsFunctionsError(
      code as keyof typeof catalogue,
      'A KMS message with two lines.\nThe second line.',
    );
    const { statusCode, headers, body } = buildProblem(thrown, 'the-request');
    faults.respond = respondWith(statusCode, body, headers);
    const direct = inProcess({
      handlers: {
        listKeys: () => {
          throw createDirectError(thrown);
        },
      },
    });
    const expected = {
      name: code,
      code,
      message: thrown.message,
      status: entry.status,
      retryable: entry.retryable ?? false,
      errors: [],
    };
    const overHttp = await catchError(client.listKeys());
    expect(overHttp).toBeInstanceOf(ServiceError);
    expect(overHttp).toMatchObject({ ...expected, requestId: 'the-request' });
    const invoked = await catchError(createClient({ transport: direct, ...once }).listKeys());
    expect(invoked).toBeInstanceOf(ServiceError);
    expect(invoked).toMatchObject(expected);
  });
});

describe('a call through a gateway', () => {
  test.for([
    [401, '{"message":"Unauthorized"}', 'Unauthorized', false],
    [403, '{"Message":"User: x is not authorized"}', 'User: x is not authorized', false],
    [404, '{"message":"Not Found"}', 'Not Found', false],
    [429, '{"message":"Too Many Requests"}', 'Too Many Requests', true],
    [500, '{"message":"Internal Server Error"}', 'Internal Server Error', true],
    [503, '{"message":"Service Unavailable"}', 'Service Unavailable', true],
    [502, '<html>Bad Gateway</html>', 'The gateway responded with status 502.', true],
    [418, '', 'The gateway responded with status 418.', false],
    [
      400,
      '{"code":"NotFoundException","detail":"not from the functions"}',
      'The gateway responded with status 400.',
      false,
    ],
  ] as const)(
    'a call through a gateway rejects with a GatewayError for status %s and body %s',
    async ([status, body, message, retryable]) => {
      faults.respond = respondWith(status, body, { 'apigw-requestid': 'abc=', 'content-type': 'application/json' });
      const error = await catchError(client.listKeys());
      expect(error).toBeInstanceOf(GatewayError);
      expect(error).toMatchObject({ code: 'GatewayError', status, message, retryable, requestId: 'abc=' });
    },
  );

  test('a call through a gateway does not follow redirects', async () => {
    faults.requests = 0;
    faults.respond = respondWith(307, '', { location: `${faults.endpoint}/elsewhere` });
    expect(await catchError(client.listKeys())).toMatchObject({ code: 'GatewayError', status: 307, retryable: false });
    expect(faults.requests).toBe(1);
  });
});

test.for([
  ['GET', (wrong: Client) => wrong.listKeys()],
  ['POST', (wrong: Client) => wrong.encrypt({ KeyId: 'alias/example', Plaintext: new Uint8Array(1) })],
] as const)('a call that reaches the emulator instead of the API says so (%s)', async ([, call]) => {
  const emulator = await startEmulator();
  const error = await catchError(call(createClient({ transport: http({ endpoint: emulator.endpoint }) })));
  await emulator.close();
  expect(error).toMatchObject({ code: 'GatewayError', status: 400, retryable: false });
  expect(error.message).toContain(
    'The endpoint is a KMS endpoint, such as the emulator on port 4599, and not the API.',
  );
});

describe('invalid input', () => {
  test('a call with invalid input rejects with all input errors and their pointers', async () => {
    const gateway = await startApiGateway({ operations, loadHandler });
    const real = createClient({ transport: http({ endpoint: gateway.endpoint }) });
    const error = await catchError(
      real.encrypt({ KeyId: 'alias/example', Plaintext: new Uint8Array(), EncryptionAlgorithm: 'ROT13' as never }),
    );
    await gateway.close();
    expect(error).toMatchObject({ code: 'ValidationException', status: 400, requestId: expect.any(String) });
    expect(error.errors).toEqual([
      { pointer: '/Plaintext', detail: 'must have at least 1 byte' },
      { pointer: '/EncryptionAlgorithm', detail: expect.stringMatching(/^must be one of SYMMETRIC_DEFAULT/) },
    ]);
  });

  test.for([
    [
      'text instead of bytes',
      { KeyId: 'k', Plaintext: 'text' },
      '/Plaintext must be a Uint8Array. To send text, use new TextEncoder().encode(text).',
    ],
    ['text instead of the input object', 'k', 'The input must be an object.'],
  ] as const)('a call rejects with a TypeError for %s', async ([, input, message]) => {
    const call = client.encrypt(input as never);
    await expect(call).rejects.toBeInstanceOf(TypeError);
    await expect(call).rejects.toThrow(message);
  });
});

describe('missing and malformed responses', () => {
  test('a call with a broken connection rejects with a NetworkError', async () => {
    faults.respond = (response) => response.destroy();
    const error = await catchError(client.listKeys());
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ code: 'NetworkError', status: undefined, retryable: true });
    expect(error.message).toBe(
      `The service at ${faults.endpoint} cannot be reached, or the connection broke. Check the endpoint, and whether the service is running.`,
    );
    expect(error.cause).toBeInstanceOf(Error);
  });

  test.for([
    ['not JSON', 'hello'],
    ['not an object', '[1]'],
    ['an object with invalid base64', '{"CiphertextBlob":"!"}'],
  ] as const)('a response with status 200 that is %s causes an UnreadableResponseError', async ([, body]) => {
    faults.respond = respondWith(200, body);
    const error = await catchError(client.encrypt({ KeyId: 'k', Plaintext: new Uint8Array(1) }));
    expect(error).toMatchObject({ code: 'UnreadableResponseError', retryable: false });
    expect(error.message).not.toContain(body);
  });

  test('a response with an invalid time causes an UnreadableResponseError', async () => {
    faults.respond = respondWith(200, '{"KeyMetadata":{"KeyId":"k","CreationDate":"yesterday"}}');
    expect(await catchError(client.describeKey({ KeyId: 'k' }))).toMatchObject({ code: 'UnreadableResponseError' });
  });
});

test('a call succeeds if its response does not contain a member that the types require', async () => {
  faults.respond = respondWith(200, '{"KeyMetadata":{"KeyId":"k"}}');
  expect(await client.describeKey({ KeyId: 'k' })).toEqual({ KeyMetadata: { KeyId: 'k' } });
  faults.respond = respondWith(200, '{}');
  expect(await client.encrypt({ KeyId: 'k', Plaintext: new Uint8Array(1) })).toEqual({});
});

test('the client returns members that are not in the declarations', async () => {
  faults.respond = respondWith(200, '{"KeyMetadata":{"KeyId":"k","CreationDate":1767225600.5,"New":{"Thing":[1]}}}');
  expect(await client.describeKey({ KeyId: 'k' })).toEqual({
    KeyMetadata: { KeyId: 'k', CreationDate: new Date(1767225600500), New: { Thing: [1] } },
  });
});
