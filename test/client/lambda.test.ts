import { Lambda } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Client, createClient, FunctionError, GatewayError, inProcess, lambda } from '../../client/index.ts';
import { type Respond, useFaultServer } from '../support/fault-server.ts';

const faults = useFaultServer();
let sdk: Lambda;
let client: Client;
let invoked: string | undefined;
let clientContext: unknown;

beforeAll(() => {
  sdk = new Lambda({
    endpoint: faults.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const transport = lambda({ client: sdk, functionName: (name) => `kms-functions-dev-${name}` });
  client = createClient({ transport, retry: { attempts: 1 } });
});
beforeEach(() => {
  faults.requests = 0;
});
afterAll(() => sdk.destroy());

const respondWith =
  (status: number, body: unknown, headers: Record<string, string> = {}): Respond =>
  (response, request) => {
    invoked = request.url;
    clientContext = request.headers['x-amz-client-context'];
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, { 'x-amzn-requestid': 'invocation', ...headers }).end(text);
  };
const unhandled = { 'x-amz-function-error': 'Unhandled' };

describe('the lambda transport with the AWS SDK', () => {
  test("the lambda transport invokes the operation's function", async () => {
    faults.respond = respondWith(200, { CiphertextBlob: 'AQI=' });
    const { CiphertextBlob } = await client.encrypt({ KeyId: 'alias/example', Plaintext: new Uint8Array(3) });
    expect(CiphertextBlob).toEqual(new Uint8Array([1, 2]));
    expect(invoked).toContain('/functions/kms-functions-dev-encrypt/invocations');
  });

  test.for([
    ['Lambda', { errorType: 'NotFoundException', errorMessage: 'NotFoundException: There is no such key.' }],
    [
      'a local Lambda, which returns no error type',
      { errorType: 'Error', errorMessage: 'NotFoundException: There is no such key.' },
    ],
  ] as const)("the lambda transport rejects with the function's error code from %s", async ([, payload]) => {
    faults.respond = respondWith(200, payload, unhandled);
    await expect(client.listKeys()).rejects.toMatchObject({
      code: 'NotFoundException',
      message: 'There is no such key.',
      status: 404,
      retryable: false,
      requestId: 'invocation',
    });
  });

  test.for([
    [
      'a timeout',
      { errorType: 'Sandbox.Timedout', errorMessage: 'RequestId: abc Error: Task timed out after 10.00 seconds' },
    ],
    ['a crash', { errorType: 'Runtime.ExitError', errorMessage: 'RequestId: abc Error: Runtime exited' }],
    ['an empty error', {}],
  ])('the lambda transport rejects with a FunctionError after %s', async ([, payload]) => {
    faults.respond = respondWith(200, payload, unhandled);
    const error = await client.listKeys().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(FunctionError);
    expect(error).toMatchObject({ code: 'FunctionError', retryable: true, requestId: 'invocation' });
  });

  test.for([
    [429, 'TooManyRequestsException', true],
    [404, 'ResourceNotFoundException', false],
    [403, 'AccessDeniedException', false],
    [500, 'ServiceException', true],
  ] as const)(
    'the lambda transport rejects with a GatewayError for status %s and %s',
    async ([status, type, retryable]) => {
      faults.respond = respondWith(
        status,
        { Type: 'User', message: 'A Lambda message.' },
        { 'x-amzn-errortype': type },
      );
      const error = await client.listKeys().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(GatewayError);
      expect(error).toMatchObject({ status, retryable, message: 'A Lambda message.', requestId: 'invocation' });
    },
  );

  test('the lambda transport rejects with a NetworkError if the connection breaks', async () => {
    faults.respond = (response) => response.destroy();
    await expect(client.listKeys()).rejects.toMatchObject({ code: 'NetworkError', retryable: true });
  });

  test('the lambda transport rejects with a NetworkError if a connection of fetch breaks, as in a browser', async () => {
    faults.respond = (response) => response.destroy();
    const browserSdk = new Lambda({
      endpoint: faults.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      requestHandler: { handle: () => fetch(faults.endpoint) as never },
    });
    const transport = lambda({ client: browserSdk, functionName: (name) => name });
    await expect(createClient({ transport, retry: { attempts: 2 } }).listKeys()).rejects.toMatchObject({
      code: 'NetworkError',
      attempts: 2,
    });
    browserSdk.destroy();
  });

  test('the lambda transport sends the remaining time as client context', async () => {
    faults.respond = respondWith(200, {});
    await client.listKeys({}, { timeoutMs: 5_000 });
    const { custom } = JSON.parse(Buffer.from(String(clientContext), 'base64').toString());
    expect(Number(custom['kms-timeout-ms'])).toBeGreaterThan(3_000);
    expect(Number(custom['kms-timeout-ms'])).toBeLessThanOrEqual(5_000);
  });

  test('a call is retried at least a second after TooManyRequestsException, even if the call is not safe to repeat', async () => {
    const throttled = respondWith(
      429,
      { message: 'Rate Exceeded.' },
      { 'x-amzn-errortype': 'TooManyRequestsException' },
    );
    faults.respond = (response, request) =>
      (faults.requests === 1 ? throttled : respondWith(200, { KeyMetadata: { KeyId: 'k' } }))(response, request);
    const startedMs = performance.now();
    await expect(client.createKey({}, { retry: { attempts: 2 } })).resolves.toEqual({ KeyMetadata: { KeyId: 'k' } });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(990);
    expect(faults.requests).toBe(2);
  });

  test('the lambda transport rejects a Lambda client that retries, because retries in two layers multiply', async () => {
    const retrying = new Lambda({ region: 'us-east-1', endpoint: faults.endpoint, maxAttempts: 3 });
    const transport = lambda({ client: retrying, functionName: (name) => name });
    const call = createClient({ transport }).listKeys();
    await expect(call).rejects.toThrow('Create it with `maxAttempts: 1`, because this client retries calls itself.');
    expect(faults.requests).toBe(0);
    retrying.destroy();
  });

  test("the lambda transport rejects with the signal's reason, or with CallTimeoutError after timeoutMs", async () => {
    faults.respond = () => undefined;
    await expect(client.listKeys({}, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    await expect(client.listKeys({}, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'CallTimeoutError' });
  });

  test('the lambda transport rejects with an UnreadableResponseError if the response is not JSON', async () => {
    faults.respond = respondWith(200, 'hello');
    await expect(client.listKeys()).rejects.toMatchObject({ code: 'UnreadableResponseError' });
  });
});

describe('the inProcess transport', () => {
  test('the inProcess transport rejects with a TypeError if there is no handler', async () => {
    await expect(createClient({ transport: inProcess({ handlers: {} }) }).listKeys()).rejects.toThrow('listKeys');
  });

  test('the inProcess transport rejects with CallTimeoutError if the handler does not end', async () => {
    const transport = inProcess({ handlers: { listKeys: () => new Promise(() => undefined) } });
    const call = createClient({ transport }).listKeys({}, { timeoutMs: 50 });
    await expect(call).rejects.toMatchObject({ code: 'CallTimeoutError' });
  });

  test('the inProcess transport rejects with a FunctionError if the handler throws an unknown error', async () => {
    const listKeys = () => {
      throw new RangeError('out of range');
    };
    const call = createClient({ transport: inProcess({ handlers: { listKeys } }), retry: { attempts: 1 } }).listKeys();
    await expect(call).rejects.toMatchObject({ code: 'FunctionError', message: 'out of range' });
  });
});
