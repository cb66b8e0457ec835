import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { clientFor, errorOf } from '../support/emulator.ts';
import { hold, release } from '../support/fixed-ports.ts';
import { type Finished, Running, run } from '../support/process.ts';
import { useDirectory } from '../support/project-copy.ts';

const used = useDirectory();
const path = (name: string) => join(used.directory, name);

/** `npm run emulator -- …`, ready: its address, and what it said. */
async function start(...args: string[]): Promise<{ process: Running; endpoint: string }> {
  const process = new Running(['npm', 'run', 'emulator', '--', '--port', '0', ...args]);
  const [, endpoint = ''] = await process.waitFor(/^KMS emulator: (http:\S+)/m);
  return { process, endpoint };
}

function fail(...args: string[]): Promise<Finished> {
  return run(['npm', 'run', 'emulator', '--', ...args]);
}

/** The message of a command that failed, which must be one line and no stack. */
function messageOf({ code, stderr }: Finished): string {
  expect(code).toBe(1);
  const [message, ...more] = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('npm '));
  expect(more).toEqual([]);
  return String(message);
}

async function withClient<T>(endpoint: string, use: (client: ReturnType<typeof clientFor>) => Promise<T>): Promise<T> {
  const client = clientFor(endpoint);
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}

const keysAt = (endpoint: string) =>
  withClient(endpoint, async (client) => (await client.send(new ListKeysCommand({}))).Keys?.map(({ KeyId }) => KeyId));

const keyId = '5eed0000-0000-4000-8000-000000000001';
const seed = {
  Version: 1,
  Keys: [{ KeyId: keyId, Aliases: ['alias/mine'], Material: Buffer.alloc(32, 1).toString('base64') }],
};
const yaml = `
Version: 1
Keys:
  - KeyId: ${keyId}
    Aliases: [alias/mine]
    Material: ${seed.Keys[0]?.Material}
`;

describe('npm run emulator', () => {
  test('--in-memory keeps nothing on disk, and has the default seed', async () => {
    const { process, endpoint } = await start('--in-memory', '--data', path('unused'));
    expect(process.output).toContain('(in memory)');
    await withClient(endpoint, async (client) => {
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/example' }));
      expect(KeyMetadata?.AWSAccountId).toBe('000000000000');
    });
    expect((await process.end()).code).toBe(0);
    expect(existsSync(path('unused'))).toBe(false);
  });

  test('--seed takes a file made for local-kms, and says where its keys are', async () => {
    const { process, endpoint } = await start('--in-memory', '--seed', 'test/emulator/seed/local-kms-v3.yaml');
    expect(process.output).toMatch(/^A seed of local-kms: 6 keys in eu-west-2 of account 000000000000 /m);
    const client = clientFor(endpoint, { region: 'eu-west-2' });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/testing' }));
    expect(KeyMetadata?.KeyState).toBe('Enabled');
    client.destroy();
    expect((await process.end()).code).toBe(0);
  });

  test('--data keeps keys from one start to the next, however it was ended', async () => {
    const first = await start('--data', path('data'), '--no-seed');
    expect(await keysAt(first.endpoint)).toEqual([]);
    const key = await withClient(first.endpoint, (client) => client.send(new CreateKeyCommand({})));
    expect((await first.process.end('SIGTERM')).code).toBe(0);
    const second = await start('--data', path('data'), '--no-seed');
    expect(await keysAt(second.endpoint)).toEqual([key.KeyMetadata?.KeyId]);
    expect((await second.process.end('SIGINT')).code).toBe(0);
    expect(existsSync(join(path('data'), 'endpoint.json'))).toBe(false);
  });

  test('--seed takes YAML and JSON: the same keys, so the one decrypts what the other encrypted', async () => {
    writeFileSync(path('seed.yaml'), yaml);
    writeFileSync(path('seed.json'), JSON.stringify(seed));
    const both = await Promise.all(
      ['seed.yaml', 'seed.json'].map((name) => start('--in-memory', '--seed', path(name))),
    );
    const [fromYaml, fromJson] = both.map(({ endpoint }) => endpoint) as [string, string];
    expect(await keysAt(fromYaml)).toEqual([keyId]);
    const { CiphertextBlob } = await withClient(fromYaml, (client) =>
      client.send(new EncryptCommand({ KeyId: 'alias/mine', Plaintext: Buffer.from('hello') })),
    );
    const { Plaintext } = await withClient(fromJson, (client) => client.send(new DecryptCommand({ CiphertextBlob })));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('hello');
    for (const { process } of both) expect((await process.end()).code).toBe(0);
  });

  test('--verify-signatures lets in whose secret the seed has, and nobody else', async () => {
    const Arn = 'arn:aws:iam::000000000000:root';
    const Principals = [{ AccessKeyId: 'AKIDEXAMPLE', Arn, SecretAccessKey: 'test' }];
    writeFileSync(path('principals.json'), JSON.stringify({ ...seed, Principals }));
    const { process, endpoint } = await start('--in-memory', '--seed', path('principals.json'), '--verify-signatures');
    const declared = clientFor(endpoint, { account: 'AKIDEXAMPLE' });
    expect((await declared.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
    declared.destroy();
    const other = await withClient(endpoint, (client) => errorOf(client.send(new ListKeysCommand({}))));
    expect(other.name).toBe('UnrecognizedClientException');
    expect((await process.end()).code).toBe(0);
  });

  test('--host 0.0.0.0 is taken with no seed, and with one of your own', async () => {
    const { process, endpoint } = await start('--in-memory', '--no-seed', '--host', '0.0.0.0');
    const here = endpoint.replace('0.0.0.0', '127.0.0.1');
    expect(await keysAt(here)).toEqual([]);
    const missing = await withClient(here, (client) =>
      errorOf(client.send(new DescribeKeyCommand({ KeyId: 'alias/example' }))),
    );
    expect(missing.name).toBe('NotFoundException');
    expect((await process.end()).code).toBe(0);
  });
});

describe.concurrent('npm run emulator fails in one clear line', () => {
  test('--host 0.0.0.0 with the default seed, whose material is public', async () => {
    const finished = await fail('--port', '0', '--in-memory', '--host', '0.0.0.0');
    expect(messageOf(finished)).toBe(
      'kms-emulator: the default seed is public: on 0.0.0.0 give a seed of your own, or none',
    );
  });

  test('a taken port, named', async () => {
    const holder = await hold(0);
    const address = holder?.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const finished = await fail('--port', port, '--in-memory');
    expect(messageOf(finished)).toBe(`kms-emulator: port ${port} of 127.0.0.1 is taken`);
    if (holder !== undefined) await release(holder);
  });

  test.for(['65536', '-1', 'http', '1.5', ''])('--port %j', async (port) => {
    const { code, stderr } = await fail(`--port=${port}`, '--in-memory');
    expect(code).toBe(1);
    expect(stderr).toContain('Give a number from 0 to 65535.');
  });

  test('an address that is not of this machine', async () => {
    const finished = await fail('--port', '0', '--in-memory', '--no-seed', '--host', '192.0.2.1');
    expect(messageOf(finished)).toMatch(/^kms-emulator: cannot listen on 192\.0\.2\.1:0: /);
  });

  test('a seed that is not there', async () => {
    const finished = await fail('--port', '0', '--in-memory', '--seed', path('none.yaml'));
    expect(messageOf(finished)).toMatch(/^kms-emulator: cannot read the seed \S+none\.yaml: ENOENT/);
  });

  test.for([
    ['another version', { Version: 2, Keys: [] }, '/Version'],
    ['an id with a dot', { Version: 1, Keys: [{ KeyId: 'a.b' }] }, '/Keys/0/KeyId'],
    ['a member that there is not', { Version: 1, Keys: [{ KeyId: keyId, Colour: 'red' }] }, '/Keys/0/Colour'],
  ] as const)('a seed with %s, and where', async ([name, content, pointer]) => {
    const file = path(`bad-${name.replaceAll(' ', '-')}.json`);
    writeFileSync(file, JSON.stringify(content));
    const finished = await fail('--port', '0', '--in-memory', '--seed', file);
    expect(messageOf(finished)).toContain(`${file}: ${pointer} `);
  });

  test('a seed that is neither YAML nor JSON', async () => {
    writeFileSync(path('bad.yaml'), 'Keys: [\n  : : }');
    const finished = await fail('--port', '0', '--in-memory', '--seed', path('bad.yaml'));
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain('cannot read the seed');
    expect(finished.stderr).not.toMatch(/^ +at /m);
  });
});
