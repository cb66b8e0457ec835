import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, OptionError, startEmulator } from '../../../emulator/index.ts';
import { buildConsole } from '../../../scripts/build-console.ts';
import { clientFor, useEmulator } from '../../support/emulator.ts';

const used = useEmulator();

interface Response {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** Sends a request with exactly these headers. `fetch` would set the Host and Origin headers itself. */
async function send(
  endpoint: string,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<Response> {
  const call = request(new URL(path, endpoint), { method, headers });
  call.end(method === 'POST' ? '{}' : undefined);
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

const port = () => used.emulator.port;
const authorization =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0';
const kmsCall = { 'X-Amz-Target': 'TrentService.ListKeys', Authorization: authorization };
const keyCount = async () => (await used.client.send(new ListKeysCommand({ Limit: 1000 }))).Keys?.length;

const localPages = ['http://localhost:3000', 'http://127.0.0.1', 'https://localhost', 'http://[::1]:5173'];
const foreignPages = [
  'https://example.com',
  'http://example.com:4599',
  'http://localhost.example.com',
  'http://127.0.0.1.example.com',
  'http://192.168.0.1',
  'file://',
  'null',
  '',
];

describe('the control API', () => {
  beforeAll(buildConsole);

  test("the control API reports the emulator's health", async () => {
    const { status, text } = await send(used.emulator.endpoint, 'GET', '/_kms/health', {});
    expect([status, JSON.parse(text)]).toEqual([200, { status: 'ok', pid: process.pid }]);
  });

  test.each([
    ['localhost:PORT', 200],
    ['localhost', 200],
    ['127.0.0.1:PORT', 200],
    ['[::1]:PORT', 200],
    ['example.com', 403],
    ['example.com:PORT', 403],
    ['localhost.example.com:PORT', 403],
    ['127.0.0.1.nip.io:PORT', 403],
    ['192.168.0.1:PORT', 403],
    ['0.0.0.0:PORT', 403],
  ])('the control API accepts only local host names (Host %j returns %i)', async (host, status) => {
    const headers = { Host: host.replace('PORT', String(port())) };
    expect((await send(used.emulator.endpoint, 'GET', '/_kms/health', headers)).status).toBe(status);
  });

  test.each([
    ...localPages.map((origin) => [origin, 200] as const),
    ...foreignPages.map((origin) => [origin, 403] as const),
  ])('the control API rejects web pages from other origins (Origin %j returns %i)', async (Origin, status) => {
    expect((await send(used.emulator.endpoint, 'GET', '/_kms/health', { Origin })).status).toBe(status);
  });

  // https://www.w3.org/TR/fetch-metadata/
  test.each([
    ['an image on a page from another site', 'cross-site', 'image', 403],
    ['a script on a page from another site', 'cross-site', 'script', 403],
    ['a frame on a page from another site', 'cross-site', 'iframe', 403],
    ['a link on a page from another site', 'cross-site', 'document', 200],
    ['an image on a page from another local server', 'same-site', 'image', 200],
    ["the console's own script", 'same-origin', 'script', 200],
    ['the address bar', 'none', 'document', 200],
  ])('browsers reach the control API and the console without an Origin header from %s: %s, %s', async (...row) => {
    const [, site, destination, status] = row;
    const headers = { 'Sec-Fetch-Site': site, 'Sec-Fetch-Dest': destination };
    for (const path of ['/_kms/snapshot', '/_kms/requests', '/_kms/console/icon.svg'])
      expect((await send(used.emulator.endpoint, 'GET', path, headers)).status, path).toBe(status);
  });

  test('the control API ignores changes requested by a web page from another origin', async () => {
    const { KeyCount, now } = { KeyCount: await keyCount(), now: used.emulator.clock.now() };
    for (const Origin of foreignPages) {
      expect((await send(used.emulator.endpoint, 'POST', '/_kms/reset', { Origin })).status).toBe(403);
      expect((await send(used.emulator.endpoint, 'PUT', '/_kms/clock', { Origin })).status).toBe(403);
    }
    expect(await keyCount()).toBe(KeyCount);
    expect(used.emulator.clock.now() - now).toBeLessThan(60_000);
  });
});

describe('the console', () => {
  const html = { Accept: 'text/html,application/xhtml+xml;q=0.9' };
  beforeAll(buildConsole);

  test('the console loads nothing from other origins, and browsers do not store or embed it', async () => {
    const { status, headers, text } = await send(used.emulator.endpoint, 'GET', '/', html);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';.* frame-ancestors 'none';/,
    );
    const links = [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link = '']) => link);
    expect(links).toHaveLength(3);
    for (const link of links) expect((await send(used.emulator.endpoint, 'GET', link, {})).status).toBe(200);
  });

  test('programs that do not accept HTML get the address of the health check', async () => {
    const { status, headers, text } = await send(used.emulator.endpoint, 'GET', '/', { Accept: '*/*' });
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(text)).toEqual({
      message: expect.stringContaining('This is a KMS emulator.'),
      health: '/_kms/health',
    });
  });

  test.each(['/', '/_kms/console/console.js'])(
    'the console serves %s only to local host names and pages',
    async (path) => {
      const get = (headers: Record<string, string>) =>
        send(used.emulator.endpoint, 'GET', path, { ...html, ...headers });
      for (const Host of ['example.com', '127.0.0.1.nip.io', `0.0.0.0:${port()}`]) {
        const { status, text } = await get({ Host });
        expect([status, text]).toEqual([403, 'The console accepts only requests from this machine.\n']);
      }
      for (const Origin of foreignPages) expect((await get({ Origin })).status).toBe(403);
      expect((await get({ Origin: 'http://localhost:3000' })).status).toBe(200);
    },
  );

  test.each(['/_kms/console/', '/_kms/console/../cli.ts', '/_kms/console/%2e%2e/cli.ts', '/_kms/console/constructor'])(
    'the console serves only its own files (%s returns 404)',
    async (path) => {
      expect((await send(used.emulator.endpoint, 'GET', path, html)).status).toBe(404);
    },
  );
});

describe('the KMS endpoint', () => {
  test.each(['localhost:PORT', '127.0.0.1:PORT', '[::1]:PORT', 'kms', 'kms.example.com'])(
    'the KMS endpoint accepts every host name (Host %j)',
    async (host) => {
      const headers = { ...kmsCall, Host: host.replace('PORT', String(port())) };
      expect((await send(used.emulator.endpoint, 'POST', '/', headers)).status).toBe(200);
    },
  );

  test.each([
    ...localPages.map((origin) => [origin, 200] as const),
    ...foreignPages.map((origin) => [origin, 403] as const),
  ])(
    'the KMS endpoint rejects web pages from other origins, even after DNS rebinding (Origin %j returns %i)',
    async (Origin, status) => {
      const response = await send(used.emulator.endpoint, 'POST', '/', { ...kmsCall, Origin });
      expect(response.status).toBe(status);
      if (status === 403) expect(JSON.parse(response.text).__type).toBe('AccessDeniedException');
    },
  );
});

test.each(['/', '/_kms/health', '/_kms/reset', '/_kms/clock'])(
  'the response to a preflight request for %s contains no Access-Control headers',
  async (path) => {
    for (const Origin of [...localPages, ...foreignPages]) {
      const { status, headers } = await send(used.emulator.endpoint, 'OPTIONS', path, {
        Origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'x-amz-target,authorization',
      });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  },
);

describe('CORS', () => {
  const origin = 'https://app.example.com:8443';
  const local = 'http://localhost:5173';
  const cors = useEmulator({ cors: [origin, local] });
  const list = (value: string | string[] | undefined) => String(value ?? '').split(', ');

  test.each([origin, local])(
    'CORS lets a page on an allowed origin call KMS and read the response: %s',
    async (Origin) => {
      const { status, headers } = await send(cors.emulator.endpoint, 'POST', '/', { ...kmsCall, Origin });
      expect(status).toBe(200);
      expect(headers['access-control-allow-origin']).toBe(Origin);
      expect(list(headers['access-control-expose-headers'])).toContain('x-amzn-RequestId');
      expect(headers.vary).toBe('Origin');
      expect(headers['access-control-allow-credentials']).toBeUndefined();
      const failed = await send(cors.emulator.endpoint, 'POST', '/', { Origin });
      expect([failed.status, failed.headers['access-control-allow-origin']]).toEqual([400, Origin]);
    },
  );

  test('CORS allows the headers that SDKs send, and no others, in a preflight request', async () => {
    const sdkHeaders = ['authorization', 'content-type', 'x-amz-target', 'x-amz-user-agent', 'amz-sdk-request'];
    const { status, headers, text } = await send(cors.emulator.endpoint, 'OPTIONS', '/', {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': [...sdkHeaders, 'cookie', 'x-forwarded-for'].join(','),
    });
    expect([status, text]).toEqual([204, '']);
    expect(headers['access-control-allow-origin']).toBe(origin);
    expect(headers['access-control-allow-methods']).toBe('POST');
    expect(list(headers['access-control-allow-headers'])).toEqual(sdkHeaders);
  });

  test.each([...foreignPages, 'https://app.example.com', 'http://app.example.com:8443', `${origin}.evil.example`])(
    'CORS does not let other pages call KMS: %j',
    async (Origin) => {
      for (const method of ['POST', 'OPTIONS']) {
        const preflight = { 'Access-Control-Request-Method': 'POST' };
        const { status, headers } = await send(cors.emulator.endpoint, method, '/', {
          ...kmsCall,
          ...preflight,
          Origin,
        });
        expect(status).toBe(403);
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    },
  );

  test('CORS adds nothing to responses for programs and for other local pages', async () => {
    for (const headers of [kmsCall, { ...kmsCall, Origin: 'http://localhost:3000' }]) {
      const response = await send(cors.emulator.endpoint, 'POST', '/', headers);
      expect(response.status).toBe(200);
      expect(Object.keys(response.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test.each([
    ['GET', '/_kms/health'],
    ['POST', '/_kms/reset'],
    ['OPTIONS', '/_kms/reset'],
  ])('CORS does not apply to the control API: %s %s', async (method, path) => {
    const preflight = { 'Access-Control-Request-Method': 'POST' };
    const foreign = await send(cors.emulator.endpoint, method, path, { Origin: origin, ...preflight });
    expect(foreign.status).toBe(403);
    const near = await send(cors.emulator.endpoint, method, path, { Origin: local, ...preflight });
    for (const { headers } of [foreign, near]) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test.each([
    ['*', 'would let every website use the keys'],
    ['null', 'must be a scheme, a host and, if necessary, a port'],
    ['localhost:5173', 'must be a scheme, a host and, if necessary, a port'],
    ['https://*.example.com', 'must be a scheme, a host and, if necessary, a port'],
    ['http://localhost:5173/', 'Did you mean http://localhost:5173?'],
    ['https://App.example.com:443/path', 'Did you mean https://app.example.com?'],
  ])('CORS rejects the origin %j', async (text, message) => {
    const error = await startEmulator({ cors: [text] }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(message);
  });
});

const addresses = Object.values(networkInterfaces()).flatMap((list = []) => list);
const outward = addresses.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
const hasIpv6 = addresses.some(({ address }) => address === '::1');

describe('the listen address', () => {
  test('the listen address is a loopback address by default', async () => {
    expect(used.emulator.endpoint).toBe(`http://127.0.0.1:${port()}`);
  });

  test.skipIf(outward === undefined)(
    'the emulator is unreachable from other machines if it listens on a loopback address',
    async () => {
      await expect(send(`http://${outward}:${port()}`, 'POST', '/', kmsCall)).rejects.toThrow('ECONNREFUSED');
    },
  );

  test.skipIf(!hasIpv6)('the listen address can be an IPv6 address, for KMS and for the control API', async () => {
    const emulator = await startEmulator({ host: '::1', seed: 'default' });
    expect(emulator.endpoint).toBe(`http://[::1]:${emulator.port}`);
    expect((await send(emulator.endpoint, 'GET', '/_kms/health', {})).status).toBe(200);
    const client = clientFor(emulator.endpoint);
    expect((await client.send(new ListKeysCommand({ Limit: 1 }))).Keys).toHaveLength(1);
    client.destroy();
    await emulator.close();
  });

  test.skipIf(outward === undefined)(
    'the listen address can be 0.0.0.0, but the control API still accepts only local requests',
    async () => {
      const emulator = await startEmulator({ host: '0.0.0.0' });
      const fromOutside = `http://${outward}:${emulator.port}`;
      expect((await send(fromOutside, 'POST', '/', kmsCall)).status).toBe(200);
      for (const Host of [`${outward}:${emulator.port}`, 'localhost', `127.0.0.1:${emulator.port}`]) {
        expect((await send(fromOutside, 'GET', '/_kms/health', { Host })).status).toBe(403);
        expect((await send(fromOutside, 'POST', '/_kms/reset', { Host })).status).toBe(403);
      }
      expect((await send(`http://127.0.0.1:${emulator.port}`, 'GET', '/_kms/health', {})).status).toBe(200);
      await emulator.close();
    },
  );
});

describe.skipIf(outward === undefined)('the control token', () => {
  const controlToken = 'a-token-of-sufficient-length';
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ host: '0.0.0.0', controlToken });
  });
  afterAll(() => emulator?.close());
  const readHealth = async (headers: Record<string, string>) =>
    (await send(`http://${outward}:${emulator.port}`, 'GET', '/_kms/health', headers)).status;
  const Authorization = `Bearer ${controlToken}`;

  test.each(['kms:4599', 'localhost:32768', 'example.com'])(
    'the control API accepts requests with the control token from other machines (Host %j)',
    async (Host) => {
      expect(await readHealth({ Host, Authorization })).toBe(200);
    },
  );

  test.each([
    ['no token', {}],
    ['another token', { Authorization: 'Bearer another-token-of-that-length' }],
    ['a prefix of the token', { Authorization: Authorization.slice(0, -1) }],
    ['an empty token', { Authorization: 'Bearer ' }],
    ['a token with another scheme', { Authorization: `Basic ${controlToken}` }],
    ['a web page from another origin', { Authorization, Origin: 'https://example.com' }],
  ])('the control API rejects requests from other machines with %s', async (_, headers) => {
    expect(await readHealth(headers as Record<string, string>)).toBe(403);
  });

  test('the control token does not open the console', async () => {
    const headers = { Authorization, Accept: 'text/html' };
    expect((await send(`http://${outward}:${emulator.port}`, 'GET', '/', headers)).status).toBe(403);
  });

  test('requests from this machine need no control token', async () => {
    expect((await send(`http://127.0.0.1:${emulator.port}`, 'GET', '/_kms/health', {})).status).toBe(200);
  });
});
