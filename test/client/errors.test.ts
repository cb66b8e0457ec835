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
import { type CatalogueEntry, catalogue } from '../../shared/errors/catalogue.ts';
import { directError } from '../../shared/errors/direct-error.ts';
import { KmsFunctionsError } from '../../shared/errors/kms-functions-error.ts';
import { problem } from '../../shared/errors/problem.ts';
import { useEmulator } from '../support/emulator.ts';
import { type Answer, useFaultServer } from '../support/fault-server.ts';
import { startGateway } from '../support/gateway.ts';
import { loadHandler, pointAt } from '../support/handlers.ts';
import { operations } from '../support/operations.ts';

const faults = useFaultServer();
const used = useEmulator();
let client: Client;
const once = { retry: { attempts: 1 } } as const;

beforeAll(() => {
  pointAt(used.emulator.endpoint);
  client = createClient({ transport: http({ endpoint: faults.endpoint }), ...once });
});

const answerOf =
  (status: number, body: string, headers: Record<string, string> = { 'content-type': 'application/json' }): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);

async function failureOf(call: Promise<unknown>): Promise<KmsFunctionsClientError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KmsFunctionsClientError);
  return error as KmsFunctionsClientError;
}

describe('each code of the catalogue', () => {
  const rows = Object.entries(catalogue).map(([code, entry]) => ({ code, entry: entry as CatalogueEntry }));

  test.for(rows)('is the same typed error by each trigger: $code', async ({ code, entry }) => {
    const thrown = new KmsFunctionsError(code as keyof typeof catalogue, 'What KMS said: of two lines.\nThis too.');
    const { statusCode, headers, body } = problem(thrown, 'the-request');
    faults.answer = answerOf(statusCode, body, headers);
    const direct = inProcess({
      handlers: {
        listKeys: () => {
          throw directError(thrown);
        },
      },
    });
    const facts = {
      name: code,
      code,
      message: thrown.message,
      status: entry.status,
      retryable: entry.retryable ?? false,
      errors: [],
    };
    const overHttp = await failureOf(client.listKeys());
    expect(overHttp).toBeInstanceOf(ServiceError);
    expect(overHttp).toMatchObject({ ...facts, requestId: 'the-request' });
    const invoked = await failureOf(createClient({ transport: direct, ...once }).listKeys());
    expect(invoked).toBeInstanceOf(ServiceError);
    expect(invoked).toMatchObject(facts);
  });
});

describe('the gateway’s own answers', () => {
  test.for([
    [401, '{"message":"Unauthorized"}', 'Unauthorized', false],
    [403, '{"Message":"User: x is not authorized"}', 'User: x is not authorized', false],
    [404, '{"message":"Not Found"}', 'Not Found', false],
    [429, '{"message":"Too Many Requests"}', 'Too Many Requests', true],
    [500, '{"message":"Internal Server Error"}', 'Internal Server Error', true],
    [503, '{"message":"Service Unavailable"}', 'Service Unavailable', true],
    [502, '<html>Bad Gateway</html>', 'The gateway answered 502.', true],
    [418, '', 'The gateway answered 418.', false],
    [400, '{"code":"NotFoundException","detail":"not by the functions"}', 'The gateway answered 400.', false],
  ] as const)('are one typed error: %s %s', async ([status, body, message, retryable]) => {
    faults.answer = answerOf(status, body, { 'apigw-requestid': 'abc=', 'content-type': 'application/json' });
    const error = await failureOf(client.listKeys());
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'GatewayError', status, message, retryable, requestId: 'abc=' });
  });

  test('a redirect is not followed', async () => {
    faults.requests = 0;
    faults.answer = answerOf(307, '', { location: `${faults.endpoint}/elsewhere` });
    expect(await failureOf(client.listKeys())).toMatchObject({ code: 'GatewayError', status: 307, retryable: false });
    expect(faults.requests).toBe(1);
  });
});

describe('bad input', () => {
  test('is told all at once, with pointers', async () => {
    const gateway = await startGateway({ operations, handlerOf: loadHandler });
    const real = createClient({ transport: http({ endpoint: gateway.endpoint }) });
    const error = await failureOf(
      real.encrypt({ KeyId: 'alias/example', Plaintext: new Uint8Array(), EncryptionAlgorithm: 'ROT13' as never }),
    );
    await gateway.close();
    expect(error).toMatchObject({ code: 'ValidationException', status: 400, requestId: expect.any(String) });
    expect(error.errors).toEqual([
      { pointer: '/Plaintext', detail: 'must have at least 1 bytes' },
      { pointer: '/EncryptionAlgorithm', detail: expect.stringMatching(/^must be one of SYMMETRIC_DEFAULT/) },
    ]);
  });

  test.for([
    ['text for bytes', { KeyId: 'k', Plaintext: 'text' }, '/Plaintext must be a Uint8Array'],
    ['text for the input', 'k', 'the input must be an object'],
  ] as const)('of another kind than its member is a TypeError: %s', async ([, input, message]) => {
    const call = client.encrypt(input as never);
    await expect(call).rejects.toBeInstanceOf(TypeError);
    await expect(call).rejects.toThrow(message);
  });
});

describe('no answer at all', () => {
  test('a connection that breaks is a NetworkError', async () => {
    faults.answer = (response) => response.destroy();
    const error = await failureOf(client.listKeys());
    expect(error).toBeInstanceOf(NetworkError);
    expect(error).toMatchObject({ code: 'NetworkError', status: undefined, retryable: true });
    expect(error.cause).toBeInstanceOf(Error);
  });

  test.for([
    ['not JSON', 'hello'],
    ['not an object', '[1]'],
    ['bytes that are not base64', '{"CiphertextBlob":"!"}'],
  ] as const)('a success that is %s is an UnreadableAnswerError', async ([, body]) => {
    faults.answer = answerOf(200, body);
    const error = await failureOf(client.encrypt({ KeyId: 'k', Plaintext: new Uint8Array(1) }));
    expect(error).toMatchObject({ code: 'UnreadableAnswerError', retryable: false });
    expect(error.message).not.toContain(body);
  });

  test('a time that is none is an UnreadableAnswerError', async () => {
    faults.answer = answerOf(200, '{"KeyMetadata":{"KeyId":"k","CreationDate":"yesterday"}}');
    expect(await failureOf(client.describeKey({ KeyId: 'k' }))).toMatchObject({ code: 'UnreadableAnswerError' });
  });
});

test('members that the declarations do not know are passed on', async () => {
  faults.answer = answerOf(200, '{"KeyMetadata":{"KeyId":"k","CreationDate":1767225600.5,"New":{"Thing":[1]}}}');
  expect(await client.describeKey({ KeyId: 'k' })).toEqual({
    KeyMetadata: { KeyId: 'k', CreationDate: new Date(1767225600500), New: { Thing: [1] } },
  });
});
