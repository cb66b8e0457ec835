import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { EncryptCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendInBatches } from '../../client/batches/send-in-batches.ts';
import { createClient } from '../../client/create-client.ts';
import { http } from '../../client/http/http.ts';
import { type SealerOptions, sealer } from '../../client/sealer/index.ts';
import { type ApiGateway, startApiGateway } from '../support/api-gateway.ts';
import { catchError, clientFor, useEmulator } from '../support/emulator.ts';
import { loadHandler, setLocalEnvironment } from '../support/handlers.ts';
import { allOperations as operations } from '../support/operations.ts';
import { run } from '../support/process.ts';
import { root, useDirectory } from '../support/project-copy.ts';

const KeyId = '88888888-8888-4888-8888-888888888888';
const keyArn = (region: string) => `arn:aws:kms:${region}:000000000000:key.${KeyId}`;
const ListOnly = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:List*', Resource: '*' }] };
const used = useEmulator({
  seed: {
    Keys: [{ KeyId, Aliases: ['alias/example'] }],
    Principals: [{ AccessKeyId: 'AKIAREADER', Arn: 'arn:aws:iam::000000000000:user/reader', Policies: [ListOnly] }],
  },
});
const directory = useDirectory();
let gateway: ApiGateway;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  gateway = await startApiGateway({ operations, loadHandler });
});
afterAll(() => gateway.close());

/** Calls the API, and returns the detail of the response. */
async function call(path: string, body: string, contentType = 'application/json'): Promise<string> {
  const headers = { 'content-type': contentType };
  const response = await fetch(`${gateway.endpoint}${path}`, { method: 'POST', headers, body });
  const { detail, ...output } = (await response.json()) as { detail?: string; CiphertextBlob?: string };
  return detail ?? output.CiphertextBlob ?? '';
}

const encrypt = (body: object, contentType?: string) =>
  call('/keys/alias.example/encrypt', JSON.stringify(body), contentType);
const valid = { Plaintext: 'aGk=' };

/** Runs the emulator's command, and returns what it prints to standard error, as one line. */
async function runEmulator(...args: string[]): Promise<string> {
  const { stderr } = await run(['node', 'emulator/cli.ts', '--port', '0', ...args]);
  return stderr.trim().replaceAll('\n', ' ');
}

async function callClient(endpoint: string, Plaintext: unknown = new Uint8Array(1)): Promise<string> {
  const client = createClient({ transport: http({ endpoint }), retry: { attempts: 1 } });
  return (await catchError(client.encrypt({ KeyId: 'alias/example', Plaintext: Plaintext as Uint8Array }))).message;
}

async function seal(): Promise<Buffer> {
  const response = await fetch(`${gateway.endpoint}/keys/alias.example/seal`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(valid),
  });
  return Buffer.from(((await response.json()) as { Message: string }).Message, 'base64');
}

const open = (message: Buffer, more: object = {}, path = '/open') =>
  call(path, JSON.stringify({ Message: message.toString('base64'), ...more }));

/** Creates a sealer and uses it. Returns the message of the error. */
async function failSealer(options: object, use: (own: ReturnType<typeof sealer>) => Promise<unknown>): Promise<string> {
  const transport = http({ endpoint: gateway.endpoint });
  return (await catchError((async () => use(sealer({ transport, ...options } as SealerOptions)))())).message;
}

const keyId = 'alias/example';

/** Calls EncryptBatch, and returns the detail of the response or of the first item. */
async function encryptBatch(body: object): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const url = `${gateway.endpoint}/keys/alias.example/encrypt-batch`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const { detail, Results } = (await response.json()) as {
    detail?: string;
    Results?: { Error?: { detail: string } }[];
  };
  return detail ?? Results?.[0]?.Error?.detail ?? '';
}

const generateToken = (body: object) =>
  call('/keys/alias.example/lookup-token', JSON.stringify({ Field: 'name', ...body }));

/** The mistakes on the page. Each function makes the mistake and returns the message. */
const mistakes: Readonly<Record<string, () => Promise<string>>> = {
  'wrong Region': () => call(`/keys/${keyArn('eu-west-1')}/encrypt`, JSON.stringify(valid)),
  'alias without its prefix': () => call('/keys/example/encrypt', JSON.stringify(valid)),
  'unknown alias': () => call('/keys/alias.exmaple/encrypt', JSON.stringify(valid)),
  'wrong content type': () => encrypt(valid, 'text/plain'),
  'plaintext that is too long': () => encrypt({ Plaintext: Buffer.alloc(5_000).toString('base64') }),
  'text instead of base64': () => encrypt({ Plaintext: 'hello!' }),
  'wrong type in the encryption context': () => encrypt({ ...valid, EncryptionContext: { a: 1 } }),
  'another encryption context': async () => {
    const CiphertextBlob = await encrypt({ ...valid, EncryptionContext: { a: '1' } });
    return call('/decrypt', JSON.stringify({ CiphertextBlob }));
  },
  'wrong case of a member': () => encrypt({ plaintext: 'aGk=' }),
  'missing member': () => encrypt({}),
  'body that is not JSON': () => call('/keys/alias.example/encrypt', '{"Plaintext": "aGk="'),
  'another context for Open': async () => open(await seal(), { EncryptionContext: { a: '1' } }),
  'ciphertext of Encrypt': async () => open(Buffer.from(await encrypt(valid), 'base64')),
  'incomplete message': async () => open((await seal()).subarray(0, -1)),
  'message under another key': async () => open(await seal(), {}, '/keys/99999999-9999-4999-8999-999999999999/open'),
  'data outside the items': () => encryptBatch(valid),
  'too many items': () => encryptBatch({ Items: Array.from({ length: 1_866 }, () => valid) }),
  'key in an item': () => encryptBatch({ Items: [{ ...valid, KeyId: keyId }] }),
  'operation that is not a batch': async () => {
    const client = createClient({ transport: http({ endpoint: gateway.endpoint }) });
    return (await catchError(sendInBatches(client, 'encrypt' as never, {} as never, []).next())).message;
  },
  'lookup token with another key': () => generateToken({ Value: 'hi' }),
  'normalization of bytes': () => generateToken({ ValueBytes: 'aGk=', Normalization: ['TRIM'] }),
  'previous key without a new version': () => generateToken({ Value: 'hi', PreviousKeyIds: [keyId] }),
  'idempotency key without the parameter': () => call('/keys', JSON.stringify({ IdempotencyKey: 'a' })),
  'text to seal': () => failSealer({ keyId }, (own) => own.seal('hello' as never)),
  'result of seal': () => failSealer({ keyId }, async (own) => own.open((await own.seal(Buffer.of(1))) as never)),
  'misspelled option': () =>
    failSealer({ keyId }, async (own) => own.open(await seal(), { encryptioncontext: { a: '1' } } as never)),
  'cache without all limits': () => failSealer({ cache: { maxAgeSeconds: 300 } }, async () => {}),
  'URL instead of a transport': () => failSealer({ transport: 'http://localhost:3000' }, async () => {}),
  'sealer without a key': () => failSealer({}, (own) => own.seal(Buffer.of(1))),
  'port of the emulator instead of the API': () => callClient(used.emulator.endpoint),
  'endpoint without its scheme': async () => (await catchError(callClient('localhost:3000'))).message,
  'port on which nothing listens': () => callClient('http://127.0.0.1:1'),
  'text instead of bytes': () => callClient(gateway.endpoint, 'hello'),
  'missing permission': async () => {
    const reader = clientFor(used.emulator.endpoint, { account: 'AKIAREADER' });
    const { message } = await catchError(reader.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('hi') })));
    reader.destroy();
    return message;
  },
  'misspelled access key id': async () => {
    const reader = clientFor(used.emulator.endpoint, { account: 'AKIAREADR' });
    const { name, message } = await catchError(reader.send(new ListKeysCommand({})));
    reader.destroy();
    return `${name}: ${message}`;
  },
  'port in use': async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as { port: number };
    const message = await runEmulator('--in-memory', '--port', String(port));
    holder.close();
    return message;
  },
  'directory that cannot be written': () => runEmulator('--data', '/proc/kms'),
  'wrong member in a seed': () => {
    const file = join(directory.directory, 'seed.json');
    writeFileSync(file, JSON.stringify({ Keys: [{ KeyId, Alias: ['alias/app'] }] }));
    return runEmulator('--in-memory', '--seed', file);
  },
  'wrong flag': () => runEmulator('--prot', '4600'),
  'wrong command': () => runEmulator('npm', 'test'),
  'unknown Region': async () => {
    const warned = new Promise<Error>((resolve) => {
      process.once('warning', resolve);
    });
    const client = clientFor(used.emulator.endpoint, { region: 'us-esat-1' });
    await client.send(new ListKeysCommand({}));
    client.destroy();
    return (await warned).message;
  },
  'old Node.js': async () => {
    const old = join(directory.directory, 'old-node.cjs');
    writeFileSync(old, "Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } });");
    return (await run(['node', '--require', old, join(root, 'emulator/command/bin.cjs')])).stderr.trim();
  },
};

const page = readFileSync('docs/reference/typical-mistakes.md', 'utf8');
const rows = [...page.matchAll(/^\| ([^|`-][^|]*?) \| .*? \| `([^`]+)` \|$/gm)].map(
  ([, mistake = '', message = '']) => [mistake, message] as const,
);

test('docs/reference/typical-mistakes.md lists exactly the mistakes that the tests make', () => {
  expect(rows.map(([mistake]) => mistake)).toEqual(Object.keys(mistakes));
});

// A table cannot contain backquotes in code, so the page omits them.
test.for(rows)('the message for the mistake "%s" is the one on the page', async ([mistake, message]) => {
  const parts = message.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const shown = (await mistakes[mistake]?.())?.replaceAll('`', '');
  expect(shown).toMatch(new RegExp(`^${parts.join('.+')}$`));
});
