import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateRandomCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../emulator/http/listen.ts';
import { RequestEntry } from '../../../emulator/http/requests/request-entry.ts';
import { RequestLog } from '../../../emulator/http/requests/request-log.ts';
import { streamRequests } from '../../../emulator/http/requests/stream-requests.ts';
import { type Emulator, type RequestRecord, startEmulator } from '../../../emulator/index.ts';
import { parseSeed } from '../../../emulator/seed/read-seed.ts';
import { account, allow, formatKeyArn, keyId, policy, root, to, user } from '../../support/access.ts';
import { runNode } from '../../support/child.ts';
import { catchError, clientFor, useEmulator } from '../../support/emulator.ts';

const alias = 'alias/payroll';
const seed = parseSeed({
  Version: 1,
  Keys: [
    {
      KeyId: keyId(1),
      AccountId: account,
      Aliases: [alias],
      Policy: JSON.stringify(policy({ ...to(root(), allow('kms:*')), Sid: 'Account' })),
    },
  ],
  Principals: [
    {
      AccessKeyId: 'alice',
      Arn: user('alice'),
      SecretAccessKey: 'only-alice-knows',
      Policies: [policy(allow('kms:ListKeys'))],
    },
  ],
});
const used = useEmulator({ seed });
const keyArn = formatKeyArn(1);
const alice = () => clientFor(used.emulator.endpoint, { account: 'alice' });
const lastSequence = () => used.emulator.listRequests().at(-1)?.sequence ?? 0;

/** Makes a call and returns the record of the request. */
async function record(call: () => Promise<unknown>): Promise<RequestRecord> {
  const before = lastSequence();
  await call().catch(() => {});
  const records = used.emulator.listRequests(before);
  expect(records).toHaveLength(1);
  return records[0] as RequestRecord;
}

test('the log omits requests that only fill a page of the console, unless they fail', async () => {
  const read = (KeyId: string) => {
    const client = clientFor(used.emulator.endpoint);
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-kms-console'] = 'read';
        return next(args);
      },
      { step: 'build' },
    );
    return client.send(new DescribeKeyCommand({ KeyId }));
  };
  const before = lastSequence();
  expect((await read(alias)).KeyMetadata?.Arn).toBe(keyArn);
  expect(used.emulator.listRequests(before)).toEqual([]);
  expect((await record(() => read('alias/missing'))).code).toBe('NotFoundException');
});

const callDirectly = (headers: Record<string, string>, body = '{}', method = 'POST') =>
  fetch(`${used.emulator.endpoint}/path?secret=1`, { method, headers, ...(method === 'POST' && { body }) });
const authorization =
  'AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0';

const formatPost = (headers: string, body = '') =>
  `POST / HTTP/1.1\r\nHost: localhost\r\n${headers}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

/** Sends requests on one connection without waiting for each response, which is several times as fast as `fetch`. */
async function pipeline({ port }: Emulator, requests: readonly string[]): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.end(requests.join(''));
  let text = '';
  for await (const chunk of socket) text += chunk;
  expect(text.split('HTTP/1.1 400').length - 1).toBe(requests.length);
}

describe('the record of a request', () => {
  test('the record of a successful call contains the operation, caller, key, outcome and duration', async () => {
    const before = Date.now();
    const one = await record(() => used.client.send(new EncryptCommand({ KeyId: alias, Plaintext: Buffer.from('x') })));
    expect(one).toEqual({
      sequence: lastSequence(),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      operation: 'Encrypt',
      account,
      region: 'us-east-1',
      principal: root(account),
      accessKeyId: account,
      keyId: alias,
      keyArn,
      outcome: 'ok',
      durationMs: expect.any(Number),
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(Date.parse(one.time)).toBeGreaterThanOrEqual(before);
    expect(one.durationMs).toBeGreaterThan(0);
  });

  test('the record of a denied call contains the message that the caller received, and an explanation', async () => {
    const call = new EncryptCommand({ KeyId: alias, Plaintext: Buffer.from('x') });
    const { message } = await catchError(alice().send(call));
    const one = await record(() => alice().send(call));
    const explanation = await used.emulator.explain({
      operation: 'Encrypt',
      input: { KeyId: alias, Plaintext: Buffer.from('x') },
      principal: 'alice',
    });
    expect(one).toMatchObject({ outcome: 'denied', code: 'AccessDeniedException', message, keyArn, explanation });
    expect(one.explanation?.decision).toBe('denied');
    expect(one.explanation?.permissions[0]?.missing).toContain('Allow kms:Encrypt');
    expect(one.principal).toBe(user('alice'));
  });

  test.each([
    [
      'a key in the response',
      () => new CreateKeyCommand({}),
      { outcome: 'ok', keyArn: expect.stringContaining(':key/') },
    ],
    [
      'a missing key',
      () => new DescribeKeyCommand({ KeyId: 'alias/other' }),
      {
        outcome: 'error',
        code: 'NotFoundException',
        keyId: 'alias/other',
        message: `Alias arn:aws:kms:us-east-1:${account}:alias/other is not found.`,
      },
    ],
    [
      'an invalid request',
      () => new EncryptCommand({ KeyId: alias, Plaintext: new Uint8Array(0) }),
      {
        outcome: 'error',
        code: 'ValidationException',
        keyId: alias,
        message: expect.stringContaining("at 'plaintext'"),
      },
    ],
    [
      'an alias and a key',
      () => new CreateAliasCommand({ AliasName: 'alias/second', TargetKeyId: keyId(1) }),
      { outcome: 'ok', keyId: 'alias/second', keyArn },
    ],
    [
      'an error without a message',
      () => new DecryptCommand({ CiphertextBlob: Buffer.from('x') }),
      { outcome: 'error', code: 'InvalidCiphertextException' },
    ],
  ])('a record describes %s', async (_, command, expected) => {
    expect(await record(() => used.client.send(command() as ListKeysCommand))).toMatchObject(expected);
  });

  test.each([
    [
      'another service',
      { 'X-Amz-Target': 'DynamoDB_20120810.ListTables' },
      'POST',
      'DynamoDB_20120810.ListTables',
      'UnknownOperationException',
    ],
    ['a request without an operation', {}, 'POST', 'POST /path', 'UnknownOperationException'],
    ['a GET request', {}, 'GET', 'GET /path', 'UnknownOperationException'],
    [
      'an unsigned request',
      { 'X-Amz-Target': 'TrentService.ListKeys' },
      'POST',
      'ListKeys',
      'MissingAuthenticationTokenException',
    ],
    [
      'a web page',
      { 'X-Amz-Target': 'TrentService.ListKeys', Origin: 'https://example.com' },
      'POST',
      'ListKeys',
      'AccessDeniedException',
    ],
  ])('a record describes a request of %s, which has no caller', async (_, headers, method, operation, code) => {
    const one = await record(() => callDirectly(headers as Record<string, string>, '{}', method));
    expect(one).toMatchObject({ operation, code });
    expect(one.principal).toBeUndefined();
  });

  test.each([
    ['alice', { outcome: 'ok', principal: user('alice'), operation: 'GetCallerIdentity' }],
    ['not valid', { outcome: 'error', code: 'IncompleteSignature', operation: 'GetCallerIdentity' }],
  ])('a record describes an STS call by %s', async (accessKeyId, expected) => {
    const credentials = { accessKeyId, secretAccessKey: 'x' };
    const client = new STSClient({
      endpoint: used.emulator.endpoint,
      region: 'us-east-1',
      credentials,
      maxAttempts: 1,
    });
    expect(await record(() => client.send(new GetCallerIdentityCommand({})))).toMatchObject(expected);
  });

  test.each([1, 11, 5_000])('a record contains none of %i grant tokens, although AWS quotes them', async (count) => {
    const tokens = Array.from({ length: count }, (_, index) =>
      `secret${index}`.padEnd(9_000 / Math.min(count, 100), '-'),
    );
    const headers = { 'X-Amz-Target': 'TrentService.Encrypt', Authorization: authorization };
    const body = JSON.stringify({
      KeyId: alias,
      Plaintext: 'eA==',
      GrantTokens: tokens.flatMap((token) => [token, token]),
    });
    const response = await callDirectly(headers, body);
    expect(await response.text()).toContain('secret0');
    const one = used.emulator.listRequests().at(-1);
    expect(one).toMatchObject({ code: 'ValidationException', keyId: alias });
    expect(one?.message?.replace(/ constraint: .*/, '')).toBe(
      count > 500 ? undefined : "1 validation error detected: Value at 'grantTokens' failed to satisfy",
    );
    expect(JSON.stringify(one)).not.toContain('secret');
  });

  test.each(['my-password', `arn:aws:kms:us-east-1:${account}:key/my-password`, 'alias/my password'])(
    'a record does not contain the KeyId %s, which is not a key identifier',
    async (KeyId) => {
      const { message } = await catchError(used.client.send(new DescribeKeyCommand({ KeyId })));
      expect(message).toContain('password');
      const one = used.emulator.listRequests().at(-1);
      expect(one?.message).toMatch(/^(Invalid|Alias) .*…/);
      expect(JSON.stringify(one)).not.toContain('password');
    },
  );

  test('a record truncates a long operation', async () => {
    const one = await record(() => callDirectly({ 'X-Amz-Target': 'y'.repeat(8_000) }));
    expect(one.operation).toHaveLength(128);
  });
});

describe('the request log', () => {
  const list = async (query = '') => {
    const response = await fetch(`${used.emulator.endpoint}/_kms/requests${query}`);
    return {
      status: response.status,
      json: (await response.json()) as { requests: RequestRecord[]; message?: string },
    };
  };

  test('the request log omits calls to the control API and lists requests after a sequence number', async () => {
    await used.client.send(new ListKeysCommand({}));
    const before = lastSequence();
    await fetch(`${used.emulator.endpoint}/_kms/clock`);
    await used.client.send(new GenerateRandomCommand({ NumberOfBytes: 1 }));
    const { json } = await list(`?after=${before}`);
    expect(json.requests.map(({ operation }) => operation)).toEqual(['GenerateRandom']);
    expect((await list(`?after=${before + 1}`)).json.requests).toEqual([]);
    expect((await list()).json.requests).toEqual(used.emulator.listRequests());
  });

  test.each(['?after=x', '?after=-1', '?after=', '?after=1e3'])('the request log rejects %s', async (query) => {
    expect(await list(query)).toMatchObject({
      status: 400,
      json: { message: 'after must be the sequence number of a request.' },
    });
  });

  test('the request log contains the last 500 requests, oldest first', async () => {
    const emulator = await startEmulator();
    const posts = Array.from({ length: 505 }, (_, index) => formatPost(`X-Amz-Target: Request.${index + 1}`));
    await pipeline(emulator, posts);
    const { requests } = (await (await fetch(`${emulator.endpoint}/_kms/requests`)).json()) as {
      requests: RequestRecord[];
    };
    expect(requests).toHaveLength(500);
    expect(requests.map(({ sequence, operation }) => `${sequence} ${operation}`)).toEqual(
      Array.from({ length: 500 }, (__, index) => `${index + 6} Request.${index + 6}`),
    );
    await emulator.close();
  });

  test('GET principals lists the principals in the seed without their secret access keys', async () => {
    const response = await fetch(`${used.emulator.endpoint}/_kms/principals`);
    const text = await response.text();
    expect(JSON.parse(text)).toEqual({ principals: [{ accessKeyId: 'alice', arn: user('alice'), account }] });
    expect(text).not.toContain('only-alice-knows');
  });

  test.each(['requests', 'requests/stream', 'principals'])(
    'GET %s rejects web pages from other origins',
    async (path) => {
      const response = await fetch(`${used.emulator.endpoint}/_kms/${path}`, {
        headers: { Origin: 'https://example.com' },
      });
      expect(response.status).toBe(403);
    },
  );
});

describe('the request stream', () => {
  /** Opens a stream and returns a function that reads the next events. */
  async function openStream(endpoint: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${endpoint}/_kms/requests/stream`, { headers });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    return {
      close: () => reader.cancel(),
      async read(count: number): Promise<{ id: string; data: RequestRecord }[]> {
        while (text.split('\n\n').length <= count) {
          const { value, done } = await reader.read();
          if (done) throw new Error('The stream ended.');
          text += value;
        }
        const events = text.split('\n\n');
        text = events.slice(count).join('\n\n');
        return events.slice(0, count).map((event) => {
          const [, id = '', data = ''] = /^id: (\d+)\ndata: (.+)$/.exec(event) ?? [];
          return { id, data: JSON.parse(data) as RequestRecord };
        });
      },
    };
  }

  test('the request stream sends each new request, and continues after the last event that a client received', async () => {
    await used.client.send(new ListKeysCommand({}));
    const stream = await openStream(used.emulator.endpoint);
    await used.client.send(new DescribeKeyCommand({ KeyId: alias }));
    await catchError(alice().send(new DescribeKeyCommand({ KeyId: alias })));
    const events = await stream.read(2);
    expect(events.map(({ data }) => data)).toEqual(used.emulator.listRequests(lastSequence() - 2));
    expect(events.map(({ id }) => Number(id))).toEqual([lastSequence() - 1, lastSequence()]);
    await stream.close();
    const resumed = await openStream(used.emulator.endpoint, { 'Last-Event-ID': String(lastSequence() - 1) });
    expect((await resumed.read(1)).map(({ data }) => data.outcome)).toEqual(['denied']);
    await resumed.close();
  });

  test('the request stream and the list start again for a reader that followed an emulator before its restart', async () => {
    const fresh = await startEmulator();
    onTestFinished(() => fresh.close());
    const resumed = await openStream(fresh.endpoint, { 'Last-Event-ID': '400' });
    await clientFor(fresh.endpoint).send(new ListKeysCommand({}));
    expect((await resumed.read(1)).map(({ data }) => data.sequence)).toEqual([1]);
    expect(fresh.listRequests(400).map(({ sequence }) => sequence)).toEqual([1]);
    await resumed.close();
  });

  test('the request log shortens an access key id that fills the header', async () => {
    const fresh = await startEmulator({ listen: false });
    onTestFinished(() => fresh.close());
    const authorization = `AWS4-HMAC-SHA256 Credential=${'A'.repeat(9_000)}/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=0`;
    const headers = { 'x-amz-target': 'TrentService.ListKeys', authorization };
    await fresh.requestHandler.handle({ method: 'POST', path: '/', headers, body: '{}' });
    expect(fresh.listRequests()[0]?.accessKeyId).toHaveLength(128);
  });

  test('the request stream buffers at most the last 500 requests for a client that reads nothing, and then continues', async () => {
    const log = new RequestLog();
    const responses: ServerResponse[] = [];
    const server = createServer((request, response) => {
      responses.push(response);
      streamRequests(log, request, response);
    });
    const { port } = await listen(server, 0, '127.0.0.1');
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    const [rounds, size, recordBytes] = [30, 200, 5_000];
    let buffered = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (let index = 0; index < size; index += 1) {
        const entry = new RequestEntry('id', 'DescribeKey');
        entry.fail('NotFoundException', 'x'.repeat(recordBytes));
        entry.keyId = 'x'.repeat(recordBytes);
        log.add(entry);
      }
      await setTimeout(25);
      buffered = Math.max(buffered, responses[0]?.writableLength ?? 0);
    }
    const ids: number[] = [];
    socket.resume();
    for await (const line of createInterface(socket)) {
      if (line.startsWith('id: ')) ids.push(Number(line.slice(4)));
      if (ids.at(-1) === rounds * size) break;
    }
    server.close();
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
    expect(ids.length).toBeLessThan(rounds * size);
    expect(buffered).toBeLessThan(500 * recordBytes);
  });

  test('an open request stream does not delay close', async () => {
    const emulator = await startEmulator();
    const stream = await openStream(emulator.endpoint);
    await emulator.close();
    await expect(stream.read(1)).rejects.toThrow();
  });

  test('an open request stream does not keep the process running', async () => {
    const script = `
      const { startEmulator } = await import('./emulator/index.ts');
      const { connect } = await import('node:net');
      const emulator = await startEmulator();
      emulator.unref();
      const socket = connect(emulator.port, '127.0.0.1').unref();
      socket.write('GET /_kms/requests/stream HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n');
      const timer = setTimeout(() => {}, 10_000);
      socket.on('data', () => { console.log('open'); clearTimeout(timer); });`;
    const began = performance.now();
    const { code, stdout } = await runNode(['--input-type=module', '--eval', script], {});
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'open\n' });
    expect(performance.now() - began).toBeLessThan(9_000);
  });
});
