import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSha256 } from '../../client/http/web-sha256.ts';
import { type Client, createClient, http, type Signer, type Token } from '../../client/index.ts';
import { type ApiGateway, startApiGateway } from '../support/api-gateway.ts';
import { useEmulator } from '../support/emulator.ts';
import { loadHandler, setLocalEnvironment } from '../support/handlers.ts';
import { operations } from '../support/operations.ts';
import { verifySignature } from '../support/signature.ts';

const used = useEmulator();
let gateway: ApiGateway;
let client: Client;
const keyArn = 'arn:aws:kms:us-east-1:000000000000:alias/example';
const Plaintext = new TextEncoder().encode('hello');
const getLastRequest = () => gateway.requests.at(-1)!;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  gateway = await startApiGateway({ operations, loadHandler });
  client = createClient({ transport: http({ endpoint: gateway.endpoint }) });
});
beforeEach(() => {
  gateway.requests.length = 0;
  gateway.reject = () => undefined;
});
afterAll(() => gateway.close());

describe('a request', () => {
  test('a request contains its key in the path, with a dot instead of each slash', async () => {
    await client.encrypt({ KeyId: 'alias/example', Plaintext });
    expect(getLastRequest()).toMatchObject({ method: 'POST', path: '/keys/alias.example/encrypt', query: '' });
    expect(JSON.parse(getLastRequest().body)).toEqual({ Plaintext: 'aGVsbG8=' });
  });

  test('a request uses the first route that accepts its members', async () => {
    const { CiphertextBlob } = await client.encrypt({ KeyId: keyArn, Plaintext });
    await client.decrypt({ KeyId: keyArn, CiphertextBlob });
    expect(getLastRequest().path).toBe('/keys/arn%3Aaws%3Akms%3Aus-east-1%3A000000000000%3Aalias.example/decrypt');
    expect((await client.decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext);
    expect(getLastRequest().path).toBe('/decrypt');
    await client.describeKey({ KeyId: 'alias/example' });
    expect(getLastRequest()).toMatchObject({ method: 'GET', path: '/keys/alias.example' });
    await client.describeKey({ KeyId: 'alias/example', GrantTokens: ['token'] }).catch(() => undefined);
    expect(getLastRequest()).toMatchObject({ method: 'POST', path: '/keys/alias.example/describe' });
  });

  test('a request can contain numbers and any text in its query', async () => {
    const Marker = 'a+b c&d=é';
    await expect(client.listKeys({ Limit: 7, Marker })).rejects.toMatchObject({ code: 'InvalidMarkerException' });
    expect(Object.fromEntries(new URLSearchParams(getLastRequest().query))).toEqual({ Limit: '7', Marker });
  });

  test('a request omits absent members', async () => {
    await client.listKeys({ Limit: undefined });
    expect(getLastRequest().query).toBe('');
  });

  test('a request uses the base path of the endpoint', async () => {
    const based = createClient({ transport: http({ endpoint: `${gateway.endpoint}/v1/` }) });
    await expect(based.listKeys()).rejects.toMatchObject({ code: 'GatewayError', status: 404, message: 'Not Found' });
    expect(getLastRequest().path).toBe('/v1/keys');
  });

  test.for([
    ['empty', ''],
    ['an alias with a dot, which would arrive as a slash', 'alias.example'],
    ['two dots, which would change the path', '..'],
    ['two slashes, which would become two dots', '//'],
  ])('a request is not sent if its key is %s', async ([, KeyId = '']) => {
    await expect(client.enableKey({ KeyId })).rejects.toMatchObject({
      code: 'UnsendableRequestError',
      retryable: false,
    });
    expect(gateway.requests).toEqual([]);
  });

  test('a request is not sent if it contains an unknown member', async () => {
    const input = { Nonsense: true } as object;
    await expect(client.listKeys(input)).rejects.toThrow('GET /keys does not accept Nonsense');
  });
});

describe('the endpoint', () => {
  test('the endpoint must be an https URL, except on localhost', () => {
    expect(() => http({ endpoint: 'http://api.example.com' })).toThrow(TypeError);
    expect(() => http({ endpoint: 'ftp://localhost' })).toThrow(TypeError);
    expect(() => http({ endpoint: 'https://api.example.com?x=1' })).toThrow(TypeError);
    for (const endpoint of ['localhost:3000', '127.0.0.1:3000', 'api.example.com', '/keys', '', 'http://'])
      expect(() => http({ endpoint })).toThrow(
        new TypeError('The endpoint must be a URL with its scheme, such as http://localhost:3000.'),
      );
    for (const endpoint of ['https://api.example.com', 'http://localhost:3000', 'http://[::1]:3000'])
      http({ endpoint });
  });
});

describe('a signature', () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'the secret' };
  const createSigningClient = (secretAccessKey = 'the secret') =>
    createClient({
      transport: http({
        endpoint: gateway.endpoint,
        region: 'eu-west-1',
        credentials: { ...credentials, secretAccessKey, sessionToken: 'session' },
        headers: { 'x-team': 'payments' },
      }),
    });

  beforeEach(() => {
    gateway.reject = (request) => (verifySignature(request, 'the secret') === undefined ? 403 : undefined);
  });

  test('a signature is valid for a key ARN in the path and a body', async () => {
    await createSigningClient().encrypt({ KeyId: keyArn, Plaintext });
    expect(verifySignature(getLastRequest(), 'the secret')).toEqual({
      accessKeyId: 'AKIDEXAMPLE',
      region: 'eu-west-1',
      service: 'execute-api',
      signedHeaders: [
        'accept',
        'content-type',
        'host',
        'kms-timeout-ms',
        'x-amz-content-sha256',
        'x-amz-date',
        'x-amz-security-token',
        'x-team',
      ],
    });
  });

  test('a signature is valid for any text in the query', async () => {
    const call = createSigningClient().listKeys({ Limit: 5, Marker: "a+b c&d=é/(*)!'~%41" });
    await expect(call).rejects.toMatchObject({ code: 'InvalidMarkerException' });
  });

  test('a signature with a wrong secret leads to a GatewayError', async () => {
    await expect(createSigningClient('another').listKeys()).rejects.toMatchObject({
      name: 'GatewayError',
      code: 'GatewayError',
      status: 403,
      message: 'Forbidden',
      retryable: false,
      requestId: 'gateway-request',
      errors: [],
    });
    expect(gateway.requests).toHaveLength(1);
  });

  test('a signature uses new credentials from the provider for each request', async () => {
    let providerCalls = 0;
    const provider = async () => {
      providerCalls += 1;
      return credentials;
    };
    const transport = http({ endpoint: gateway.endpoint, region: 'eu-west-1', credentials: provider });
    await createClient({ transport }).listKeys();
    await createClient({ transport }).listKeys();
    expect(providerCalls).toBe(2);
  });

  test("a signature can come from the caller's signer", async () => {
    const signer: Signer = new SignatureV4({ service: 'execute-api', region: 'x', credentials, sha256: WebSha256 });
    await createClient({ transport: http({ endpoint: gateway.endpoint, signer }) }).listKeys();
    expect(verifySignature(getLastRequest(), 'the secret')).toMatchObject({ region: 'x' });
  });
});

describe('a bearer token', () => {
  beforeEach(() => {
    gateway.reject = ({ headers }) => (headers.authorization === 'Bearer right' ? undefined : 401);
  });
  const createTokenClient = (token: Token) => createClient({ transport: http({ endpoint: gateway.endpoint, token }) });

  const tokens: [string, Token][] = [
    ['a string', 'right'],
    ['a function', () => 'right'],
    ['an async function', async () => 'right'],
  ];

  test.for(tokens)('a bearer token can be %s', async ([, token]) => {
    await expect(createTokenClient(token).listKeys()).resolves.toHaveProperty('Keys');
  });

  test('a bearer token leads to a GatewayError if the gateway rejects the token', async () => {
    await expect(createTokenClient('wrong').listKeys()).rejects.toMatchObject({ code: 'GatewayError', status: 401 });
  });

  test('a bearer token that is not a valid header value leads to a TypeError, which does not contain the token', async () => {
    const failure = await createTokenClient('top\nsecret')
      .listKeys()
      .catch((error: Error) => error);
    expect(failure).toBeInstanceOf(TypeError);
    expect(String((failure as Error).message)).not.toContain('secret');
    expect(gateway.requests).toEqual([]);
  });
});
