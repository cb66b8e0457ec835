import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../../infra/packaging/bundle.ts';
import { runNode } from '../../support/child.ts';
import { useEmulator } from '../../support/emulator.ts';
import { root, useDirectory } from '../../support/project-copy.ts';

const used = useEmulator();
const files = useDirectory();
const handler = 'functions/crypto/encrypt/handler';
const servers: Server[] = [];
let certificateFile = '';
let proxyEndpoint = '';
let silentEndpoint = '';
let connections = 0;

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  const altNames = [{ type: 2 as const, value: 'localhost' }];
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  certificateFile = join(files.directory, 'certificate.pem');
  writeFileSync(certificateFile, cert);
  // Passes requests to the emulator, which does not support TLS.
  const proxy = createTlsServer({ key, cert }, (incoming, response) => {
    const { method, headers } = incoming;
    const forwarded = request(used.emulator.endpoint, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(forwarded);
  });
  proxy.on('secureConnection', () => {
    connections += 1;
  });
  proxyEndpoint = await listen(proxy);
  // Accepts connections, but never completes the TLS handshake.
  silentEndpoint = await listen(createServer((socket) => socket.on('error', () => {})));
  await bundle([handler], files.directory);
});
afterAll(() => {
  for (const server of servers) server.close();
});

/** Calls the bundle in a new process that trusts the certificate, and returns the results and the call records. */
async function callEncrypt(endpoint: string, calls: number, trusted = certificateFile) {
  const { stdout, stderr } = await runNode(
    [join(root, 'test/support/encrypt-calls.ts'), join(files.directory, `${handler}.cjs`), String(calls)],
    {
      AWS_ENDPOINT_URL_KMS: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      KMS_FUNCTIONS_STAGE: 'dev',
      KMS_FUNCTIONS_KEY_SCOPE: 'account',
      AUTH: 'iam',
      ALLOWED_ACCOUNT_IDS: '000000000000',
      NODE_EXTRA_CA_CERTS: trusted,
    },
  );
  // Powertools writes errors to standard error.
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.startsWith('{'));
  const [, results = ''] = /^results (.*)$/m.exec(stdout) ?? [];
  expect(results, stdout + stderr).not.toBe('');
  return { results: JSON.parse(results) as unknown[], records: lines.map((line) => JSON.parse(line)) };
}

test('a function calls KMS over TLS, and its calls share one connection', async () => {
  const { results, records } = await callEncrypt(proxyEndpoint, 3);
  expect(results).toEqual(Array(3).fill(expect.objectContaining({ EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' })));
  expect(records.map(({ outcome, attempts }) => [outcome, attempts])).toEqual(Array(3).fill(['OK', 1]));
  expect(connections).toBe(1);
});

test('a function returns TimeoutError after two attempts if the TLS handshake never ends', async () => {
  const { results, records } = await callEncrypt(silentEndpoint, 1);
  expect(results).toEqual([{ error: 'TimeoutError' }]);
  expect(records).toMatchObject([{ outcome: 'TimeoutError', attempts: 2 }]);
});

test("a function returns InternalError after one attempt if it does not trust the endpoint's certificate", async () => {
  const { results, records } = await callEncrypt(proxyEndpoint, 1, '');
  expect(results).toEqual([{ error: 'InternalError' }]);
  expect(records).toMatchObject([
    { outcome: 'InternalError', attempts: 1, cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
  ]);
});
