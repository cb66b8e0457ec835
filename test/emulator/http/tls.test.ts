import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { Agent, request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createCredentials } from '../../../emulator/http/tls/create-credentials.ts';
import { type Emulator, type EmulatorOptions, OptionError, startEmulator } from '../../../emulator/index.ts';
import { useEmulator } from '../../support/emulator.ts';
import { useDirectory } from '../../support/project-copy.ts';

const dayMs = 24 * 60 * 60 * 1000;
const used = useEmulator({ tls: true });
const files = useDirectory();

const ca = () => readFileSync(used.emulator.caFile ?? '', 'utf8');
const agents: Agent[] = [];
afterAll(() => {
  for (const agent of agents) agent.destroy();
});

function createAgent(emulator = used.emulator, options: ConnectionOptions = {}): Agent {
  const agent = new Agent({ ca: readFileSync(emulator.caFile ?? '', 'utf8'), keepAlive: true, ...options });
  agents.push(agent);
  return agent;
}

/** Calls the control API over TLS, and returns the status and the peer's certificate. */
async function readHealth(url: string, agent: Agent, headers: Record<string, string> = {}) {
  const call = request(new URL('/_kms/health', url), {
    agent,
    headers,
    ...(headers.Host && { servername: 'localhost' }),
  });
  call.end();
  const [response] = await once(call, 'response');
  const { authorized } = response.socket as TLSSocket;
  response.resume();
  await once(response, 'end');
  return { status: response.statusCode as number, authorized };
}

/** Starts an emulator that is closed after the test. */
async function start(options: EmulatorOptions): Promise<Emulator> {
  const emulator = await startEmulator(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

/** Connects without TLS, and waits for the connection. */
async function connectPlain(): Promise<Socket> {
  const socket = connect(used.emulator.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function readServerCertificate(emulator: Emulator): Promise<X509Certificate> {
  const socket = tlsConnect({ port: emulator.port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  if (certificate === undefined) throw new Error('no certificate');
  return certificate;
}

describe('TLS', () => {
  test('TLS and HTTP share a port, for KMS and the control API', async () => {
    const { endpoint, tlsEndpoint = '', port } = used.emulator;
    expect([endpoint, tlsEndpoint]).toEqual([`http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`]);
    expect((await fetch(`${endpoint}/_kms/health`)).status).toBe(200);
    expect(await readHealth(tlsEndpoint, createAgent())).toEqual({ status: 200, authorized: true });
    const client = new KMSClient({
      endpoint: tlsEndpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: { httpsAgent: createAgent() },
    });
    expect((await client.send(new CreateKeyCommand({}))).KeyMetadata?.KeyState).toBe('Enabled');
    client.destroy();
  });

  test.for(['localhost', '127.0.0.1'])('TLS is valid for %s', async (host) => {
    const url = `https://${host}:${used.emulator.port}`;
    expect(await readHealth(url, createAgent())).toEqual({ status: 200, authorized: true });
  });

  test('TLS connections fail if the client does not trust the certification authority', async () => {
    const agent = createAgent(used.emulator, { ca: [] });
    await expect(readHealth(used.emulator.tlsEndpoint ?? '', agent)).rejects.toThrow(/self-signed|unable to/);
    expect((await fetch(`${used.emulator.endpoint}/_kms/health`)).status).toBe(200);
  });

  test.for([
    { Host: 'localhost:1', Origin: 'https://127.0.0.1:1', status: 200 },
    { Host: '127.0.0.1:1', Origin: 'https://example.com', status: 403 },
    { Host: 'kms.example.com', Origin: 'https://localhost', status: 403 },
  ])('the control API checks Host and Origin over TLS: $Host, $Origin', async ({ Host, Origin, status }) => {
    const { tlsEndpoint = '' } = used.emulator;
    expect((await readHealth(tlsEndpoint, createAgent(), { Host, Origin })).status).toBe(status);
  });

  test.for([
    { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0', protocol: undefined },
    { maxVersion: 'TLSv1.2', protocol: 'TLSv1.2' },
    { maxVersion: 'TLSv1.3', protocol: 'TLSv1.3' },
  ] as const)('TLS has at least version 1.2, and selects HTTP/1.1: $maxVersion', async ({ protocol, ...options }) => {
    const ALPNProtocols = ['h2', 'http/1.1'];
    const socket = tlsConnect({ port: used.emulator.port, host: '127.0.0.1', ca: ca(), ALPNProtocols, ...options });
    onTestFinished(() => void socket.destroy());
    if (protocol === undefined) await expect(once(socket, 'secureConnect')).rejects.toThrow(/alert protocol version/);
    else {
      await once(socket, 'secureConnect');
      expect([socket.getProtocol(), socket.alpnProtocol]).toEqual([protocol, 'http/1.1']);
    }
  });

  test('a connection can send its first byte late', async () => {
    const socket = await connectPlain();
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.write('G');
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.write('ET /_kms/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('a TLS handshake can arrive byte by byte', async () => {
    const socket = await connectPlain();
    const write = socket.write.bind(socket) as (data: Buffer) => boolean;
    const secure = tlsConnect({ socket: splitWrites(socket, write), host: '127.0.0.1', ca: ca() });
    await once(secure, 'secureConnect');
    expect(secure.authorized).toBe(true);
  });

  test('a connection that closes without data, or during the handshake, does not affect others', async () => {
    for (const data of [Buffer.alloc(0), Buffer.from('1603010200010001fc0303', 'hex'), Buffer.from('1603', 'hex')]) {
      const socket = await connectPlain();
      socket.on('error', () => {});
      socket.end(data);
      await once(socket.resume(), 'close');
    }
    const broken = await connectPlain();
    broken.write(Buffer.from('16030100050102030405', 'hex'));
    await once(broken.on('error', () => {}).resume(), 'close');
    expect((await readHealth(used.emulator.tlsEndpoint ?? '', createAgent())).status).toBe(200);
  });

  test('a connection with neither HTTP nor TLS receives status 400', async () => {
    const socket = await connectPlain();
    socket.write('\x00\x01\x02\x03\r\n\r\n');
    let text = '';
    for await (const chunk of socket.setEncoding('utf8')) text += chunk;
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('TLS connections stay open for several requests, and many connections work in parallel', async () => {
    const { tlsEndpoint = '', endpoint } = used.emulator;
    const agent = createAgent(used.emulator, { maxSockets: 20 } as ConnectionOptions);
    let connections = 0;
    const { createConnection } = agent;
    agent.createConnection = (...args) => {
      connections += 1;
      return createConnection.apply(agent, args);
    };
    const secure = Array.from({ length: 100 }, () => readHealth(tlsEndpoint, agent));
    const plain = Array.from({ length: 50 }, () => fetch(`${endpoint}/_kms/health`));
    expect(new Set((await Promise.all(secure)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set((await Promise.all(plain)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(connections).toBe(20);
  });
});

/** Splits each write of a socket into single bytes. */
function splitWrites(socket: Socket, write: (data: Buffer) => boolean): Socket {
  vi.spyOn(socket, 'write').mockImplementation((data: unknown) => {
    for (const byte of data as Buffer) write(Buffer.of(byte));
    return true;
  });
  return socket;
}

describe('closing an emulator with TLS', () => {
  test('closing an emulator ends idle, silent and half-open connections, and deletes the temporary CA file', async () => {
    const emulator = await startEmulator({ tls: true });
    const { caFile = '', port, tlsEndpoint = '' } = emulator;
    const silent = connect(port, '127.0.0.1');
    const handshaking = connect(port, '127.0.0.1').setNoDelay();
    const sockets = [silent, handshaking];
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    handshaking.write(Buffer.from('160301', 'hex'));
    await readHealth(tlsEndpoint, createAgent(emulator));
    get(`http://127.0.0.1:${port}/_kms/health`, (response) => response.resume()).on('error', () => {});
    const closed = sockets.map((socket) => once(socket.on('error', () => {}).resume(), 'close'));
    await emulator.close();
    await Promise.all(closed);
    expect(existsSync(dirname(caFile))).toBe(false);
  });

  test('an in-memory emulator writes only the CA certificate, to a folder that only the user can read', async () => {
    const { caFile = '' } = await start({ tls: true });
    expect(readdirSync(dirname(caFile))).toEqual(['ca.pem']);
    expect(statSync(dirname(caFile)).mode & 0o777).toBe(0o700);
    expect(readFileSync(caFile, 'utf8')).not.toContain('PRIVATE KEY');
  });
});

describe("the emulator's certificate", () => {
  test('the certificate contains the names, is a server certificate, and is valid for at most 825 days', async () => {
    const names = ['kms.example.com', '*.kms.internal', '10.1.2.3', 'FE80::0:1'];
    const certificate = await readServerCertificate(await start({ tls: { names } }));
    expect(certificate.checkHost('kms.example.com')).toBe('kms.example.com');
    expect(certificate.checkHost('a.kms.internal')).toBe('*.kms.internal');
    for (const ip of ['127.0.0.1', '::1', '10.1.2.3', 'fe80::1']) expect(certificate.checkIP(ip)).toBe(ip);
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBeLessThanOrEqual(825 * dayMs);
    expect(Date.parse(certificate.validFrom)).toBeLessThan(Date.now());
  });

  test.for([
    'http://localhost',
    'localhost:4599',
    '',
    'a..b',
    '*.internal',
    'a.*.example.com',
    'fe80::1%eth0',
    'bücher.example',
  ])('the certificate cannot contain the name %j', async (name) => {
    await expect(startEmulator({ tls: { names: [name] } })).rejects.toThrow(
      new OptionError(
        `the TLS name "${name}" must be a host name, an IP address or a wildcard such as *.example.com, without a scheme or port`,
      ),
    );
  });

  test('the certificate is kept in the data directory, in files that only the user can read', async () => {
    const directory = join(files.directory, 'kept');
    const first = await startEmulator({ directory, tls: true });
    const { serialNumber } = await readServerCertificate(first);
    const endpointFile = JSON.parse(readFileSync(join(directory, 'endpoint.json'), 'utf8'));
    expect(endpointFile).toMatchObject({ tlsEndpoint: first.tlsEndpoint, caFile: join(directory, 'tls/ca.pem') });
    await first.close();
    const modes = readdirSync(join(directory, 'tls')).map(
      (name) => statSync(join(directory, 'tls', name)).mode & 0o777,
    );
    expect(modes).toEqual([0o600, 0o600]);
    const second = await start({ directory, tls: true });
    expect((await readServerCertificate(second)).serialNumber).toBe(serialNumber);
    expect(await readHealth(second.tlsEndpoint ?? '', createAgent(second))).toEqual({ status: 200, authorized: true });
  });

  test("no file contains the certification authority's private key", async () => {
    const directory = join(files.directory, 'discarded');
    const { caFile = '' } = await start({ directory, tls: true });
    const authority = new X509Certificate(readFileSync(caFile));
    const texts = readdirSync(join(directory, 'tls')).map((name) => readFileSync(join(directory, 'tls', name), 'utf8'));
    const keys = texts.flatMap(
      (text) => text.match(/-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----/g) ?? [],
    );
    expect(keys).toHaveLength(1);
    expect(authority.ca).toBe(true);
    expect(authority.checkPrivateKey(createPrivateKey(keys[0] ?? ''))).toBe(false);
  });

  test('the certificate is replaced for a new name, and ca.pem still trusts the previous one', async () => {
    const directory = join(files.directory, 'names');
    const first = await start({ directory, tls: true });
    const second = await start({ directory, tls: { names: ['kms.example.com'] } });
    expect((await readServerCertificate(second)).checkHost('kms.example.com')).toBe('kms.example.com');
    for (const emulator of [first, second]) {
      const health = await readHealth(emulator.tlsEndpoint ?? '', createAgent(second));
      expect(health).toEqual({ status: 200, authorized: true });
    }
    const third = await start({ directory, tls: true });
    expect(readFileSync(third.caFile ?? '', 'utf8').match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });

  test.for([
    { title: 'renewed if it expires within 90 days', createdDaysAgo: 800 - 60, remaining: 2 },
    { title: 'kept if it is valid for a longer time', createdDaysAgo: 800 - 120, remaining: 1 },
    { title: 'deleted after it expires', createdDaysAgo: 801, remaining: 1 },
  ])('a stored certificate is $title', async ({ createdDaysAgo, remaining }) => {
    const directory = join(files.directory, `age-${createdDaysAgo}`);
    const file = writeStored(directory, Date.now() - createdDaysAgo * dayMs);
    const emulator = await start({ directory, tls: true });
    const stored = readdirSync(join(directory, 'tls')).filter((name) => name.startsWith('server-'));
    expect(stored).toHaveLength(remaining);
    expect(existsSync(file)).toBe(createdDaysAgo < 800);
    expect(await readHealth(emulator.tlsEndpoint ?? '', createAgent(emulator))).toMatchObject({ authorized: true });
  });

  test('a stored key that other users could read is replaced, with a warning', async () => {
    const directory = join(files.directory, 'exposed');
    const file = writeStored(directory, Date.now());
    chmodSync(file, 0o644);
    const warning = once(process, 'warning');
    await start({ directory, tls: true });
    expect(String((await warning)[0])).toContain(`Other users could access ${file} (mode 0644)`);
    expect(existsSync(file)).toBe(false);
  });

  test('a damaged certificate file is reported', async () => {
    const directory = join(files.directory, 'damaged');
    const file = writeStored(directory, Date.now());
    writeFileSync(file, 'x');
    await expect(startEmulator({ directory, tls: true })).rejects.toThrow(
      `${file} is damaged: delete the file to create a new TLS certificate`,
    );
  });

  test('emulators that start at the same time in one directory all serve a trusted certificate', async () => {
    const directory = join(files.directory, 'concurrent');
    const emulators = await Promise.all([1, 2, 3].map(() => start({ directory, tls: true })));
    for (const emulator of emulators) {
      const health = await readHealth(emulator.tlsEndpoint ?? '', createAgent(emulator));
      expect(health).toEqual({ status: 200, authorized: true });
    }
  });
});

/** Writes credentials that were created at a time, and returns the file. */
function writeStored(directory: string, now: number): string {
  const { key, certificate, ca: authority } = createCredentials(['localhost', '127.0.0.1', '::1'], now);
  const file = join(directory, 'tls', `server-${certificate.serialNumber.toLowerCase()}.pem`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${key}${certificate}${authority}`, { mode: 0o600 });
  return file;
}

describe('your own certificate', () => {
  const write = (name: string, content: string) => {
    const file = join(files.directory, name);
    writeFileSync(file, content);
    return file;
  };
  const own = createCredentials(['kms.example.com']);
  const other = createCredentials(['kms.example.com']);

  test('your own certificate is served, with the intermediate certificates in the file', async () => {
    const certFile = write('own.pem', `${own.certificate}${own.ca}`);
    const emulator = await start({ tls: { certFile, keyFile: write('own.key', own.key) } });
    expect(emulator.caFile).toBeUndefined();
    const { port } = emulator;
    const servername = 'kms.example.com';
    const socket = tlsConnect({ port, host: '127.0.0.1', servername, ca: own.ca.toString() });
    await once(socket, 'secureConnect');
    expect(socket.getPeerX509Certificate()?.issuerCertificate?.fingerprint256).toBe(own.ca.fingerprint256);
    socket.destroy();
  });

  test.for([
    ['a missing certificate', 'missing.pem', own.key, /cannot read the TLS certificate: .*missing\.pem/],
    ['a missing key', own.certificate.toString(), 'missing.key', /cannot read the TLS private key: .*missing\.key/],
    ['no certificate', own.key, own.key, /cert\.pem contains no certificate in PEM$/],
    ['no key', own.certificate.toString(), own.ca.toString(), /key\.pem contains no private key in PEM$/],
    [
      'a mismatch',
      own.certificate.toString(),
      other.key,
      /key\.pem does not match the first certificate in .*cert\.pem/,
    ],
    ['the wrong order', `${own.ca}${own.certificate}`, own.key, /put the server's own certificate first$/],
    ['an encrypted key', own.certificate.toString(), encryptKey(own.key), /key\.pem is encrypted: decrypt it first/],
  ] as const)('your own certificate is rejected for %s', async ([, cert, key, message]) => {
    const resolveFile = (text: string, name: string) =>
      text.startsWith('missing') ? join(files.directory, text) : write(name, text);
    const tls = { certFile: resolveFile(cert, 'cert.pem'), keyFile: resolveFile(key, 'key.pem') };
    const error = await startEmulator({ tls }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('BEGIN');
  });

  test('your own certificate may be expired, with a warning', async () => {
    const old = createCredentials(['localhost'], Date.now() - 900 * dayMs);
    const certFile = write('old.pem', old.certificate.toString());
    const warning = once(process, 'warning');
    await start({ tls: { certFile, keyFile: write('old.key', old.key) } });
    expect(String((await warning)[0])).toMatch(/old\.pem expired on 20\d\d-/);
  });
});

function encryptKey(key: string): string {
  const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'canary' } as const;
  return createPrivateKey(key).export(options) as string;
}
