import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connect } from 'node:tls';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../emulator/command/program.ts';
import { catchError, clientFor } from '../support/emulator.ts';
import { emulatorCommand } from '../support/emulator-command.ts';
import { holdPort, releasePort } from '../support/fixed-ports.ts';
import { type Finished, Running, run } from '../support/process.ts';
import { root, useDirectory } from '../support/project-copy.ts';
import { isSoak } from '../support/soak.ts';

const used = useDirectory();
const path = (name: string) => join(used.directory, name);

/** Starts the emulator with these arguments and waits until it is ready. */
function start(...args: string[]): Promise<{ process: Running; endpoint: string }> {
  return startBy([...emulatorCommand, '--port', '0', ...args]);
}

async function startBy(line: [string, ...string[]], cwd = root): Promise<{ process: Running; endpoint: string }> {
  const process = new Running(line, { cwd });
  const [, endpoint = ''] = await process.waitFor(/^KMS emulator: (http:\S+)/m);
  return { process, endpoint };
}

/** A failed command's exit code and output. */
type Failed = Pick<Finished, 'code' | 'stderr'>;

/** Runs the command with arguments that it must reject: in this process, or as a program in a full run. */
async function startAndFail(...args: string[]): Promise<Failed> {
  if (isSoak || emulatorCommand[0] !== 'node') return run([...emulatorCommand, ...args]);
  const program = createProgram();
  let stderr = '';
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: (text) => (stderr += text) });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return { code: error.exitCode, stderr };
    throw error;
  }
  throw new Error('The command did not fail.');
}

/** Returns the message of a failed command. It must be one line, without a stack trace. */
function readMessage({ code, stderr }: Failed): string {
  expect(code).toBe(1);
  const [message, ...more] = stderr.split('\n').filter((line) => line !== '');
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

const listKeyIds = (endpoint: string) =>
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
  test('npm run emulator with --version prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(await run([...emulatorCommand, '--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  test('npm run emulator with --in-memory applies the default seed', async () => {
    const { process, endpoint } = await startBy(['npm', 'run', 'emulator', '--', '--port', '0', '--in-memory']);
    expect(process.output).toContain('(in memory)');
    await withClient(endpoint, async (client) => {
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/example' }));
      expect(KeyMetadata?.AWSAccountId).toBe('000000000000');
    });
    expect((await process.end()).code).toBe(0);
  });

  test.each([
    [[], /^\d\d:\d\d:\d\d ListKeys - 000000000000:root ok {2}[\d.]+ ms$/],
    [['--log', 'json'], /^\{"sequence":1,.*"operation":"ListKeys",.*"outcome":"ok",.*\}$/],
    [['--log', 'off'], undefined],
  ])('the emulator with %j prints one line for each request', async (flags, line) => {
    const process = new Running([...emulatorCommand, '--port', '0', '--in-memory', ...flags]);
    const [, endpoint = ''] = await process.waitFor(/KMS emulator: (http:[^ ]+)/);
    await listKeyIds(endpoint);
    await process.end();
    const [notice = '', ...lines] = process.output.trim().split('\n');
    expect(notice).toMatch(flags.includes('json') ? /^\{"message":"KMS emulator: .*"\}$/ : /^KMS emulator: /);
    expect(lines).toEqual(line === undefined ? [] : [expect.stringMatching(line)]);
  });

  test('the emulator continues when the program that reads its output ends', async () => {
    const shell = `${emulatorCommand.join(' ')} --port 0 --in-memory | { read -r line; echo "$line"; }; echo ended`;
    const process = new Running(['sh', '-c', shell]);
    const [, endpoint = ''] = await process.waitFor(/KMS emulator: (http:[^ ]+)/);
    for (let call = 0; call < 3; call += 1) {
      await listKeyIds(endpoint);
      await setTimeout(50);
    }
    const health = await fetch(`${endpoint}/_kms/health`);
    const { pid } = (await health.json()) as { pid: number };
    globalThis.process.kill(pid);
    await process.waitFor(/^ended$/m);
  });

  test('the emulator with --in-memory stores nothing in its working directory', async () => {
    mkdirSync(path('empty'));
    const line = ['node', join(root, 'emulator/cli.ts'), '--port', '0', '--in-memory'] as const;
    const { process } = await startBy([...line], path('empty'));
    expect((await process.end()).code).toBe(0);
    expect(readdirSync(path('empty'))).toEqual([]);
  });

  test('npm run emulator with --seed reads a local-kms file and prints the Region and account of the keys', async () => {
    const { process, endpoint } = await start('--in-memory', '--seed', 'test/emulator/seed/local-kms-v3.yaml');
    expect(process.output).toMatch(/^local-kms seed: 6 keys in Region eu-west-2, account 000000000000 /m);
    const client = clientFor(endpoint, { region: 'eu-west-2' });
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/testing' }));
    expect(KeyMetadata?.KeyState).toBe('Enabled');
    client.destroy();
    expect((await process.end()).code).toBe(0);
  });

  test('npm run emulator with --data keeps keys across restarts after SIGTERM and SIGINT', async () => {
    const first = await start('--data', path('data'), '--no-seed');
    expect(await listKeyIds(first.endpoint)).toEqual([]);
    const key = await withClient(first.endpoint, (client) => client.send(new CreateKeyCommand({})));
    expect((await first.process.end('SIGTERM')).code).toBe(0);
    const second = await start('--data', path('data'), '--no-seed');
    expect(await listKeyIds(second.endpoint)).toEqual([key.KeyMetadata?.KeyId]);
    expect((await second.process.end('SIGINT')).code).toBe(0);
    expect(existsSync(join(path('data'), 'endpoint.json'))).toBe(false);
  });

  test('npm run emulator with --seed reads the same keys from YAML and from JSON', async () => {
    writeFileSync(path('seed.yaml'), yaml);
    writeFileSync(path('seed.json'), JSON.stringify(seed));
    const both = await Promise.all(
      ['seed.yaml', 'seed.json'].map((name) => start('--in-memory', '--seed', path(name))),
    );
    const [fromYaml, fromJson] = both.map(({ endpoint }) => endpoint) as [string, string];
    expect(await listKeyIds(fromYaml)).toEqual([keyId]);
    const { CiphertextBlob } = await withClient(fromYaml, (client) =>
      client.send(new EncryptCommand({ KeyId: 'alias/mine', Plaintext: Buffer.from('hello') })),
    );
    const { Plaintext } = await withClient(fromJson, (client) => client.send(new DecryptCommand({ CiphertextBlob })));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('hello');
    for (const { process } of both) expect((await process.end()).code).toBe(0);
  });

  test('npm run emulator with --verify-signatures accepts only callers whose secret is in the seed', async () => {
    const Arn = 'arn:aws:iam::000000000000:root';
    const Principals = [{ AccessKeyId: 'AKIDEXAMPLE', Arn, SecretAccessKey: 'test' }];
    writeFileSync(path('principals.json'), JSON.stringify({ ...seed, Principals }));
    const { process, endpoint } = await start('--in-memory', '--seed', path('principals.json'), '--verify-signatures');
    const declared = clientFor(endpoint, { account: 'AKIDEXAMPLE' });
    expect((await declared.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
    declared.destroy();
    const other = await withClient(endpoint, (client) => catchError(client.send(new ListKeysCommand({}))));
    expect(other.name).toBe('UnrecognizedClientException');
    expect((await process.end()).code).toBe(0);
  });

  test('npm run emulator with --tls prints the HTTPS URL and how to trust its certificate', async () => {
    const data = path('tls');
    const { process, endpoint } = await start('--data', data, '--tls', '--tls-name', 'a.example', '--tls-name', '::2');
    const caFile = join(data, 'tls', 'ca.pem');
    expect(process.output).toContain(`TLS: ${endpoint.replace('http:', 'https:')}, CA certificate ${caFile}\n`);
    expect(process.output).toMatch(/NODE_EXTRA_CA_CERTS .*AWS_CA_BUNDLE .*SSL_CERT_FILE/);
    const socket = connect({ port: Number(new URL(endpoint).port), ca: readFileSync(caFile), servername: 'a.example' });
    await once(socket, 'secureConnect');
    expect(socket.getPeerX509Certificate()?.checkIP('::2')).toBe('::2');
    socket.destroy();
    expect((await process.end()).code).toBe(0);
  });

  test('npm run emulator with --host 0.0.0.0 starts without a seed', async () => {
    const { process, endpoint } = await start('--in-memory', '--no-seed', '--host', '0.0.0.0');
    const here = endpoint.replace('0.0.0.0', '127.0.0.1');
    expect(await listKeyIds(here)).toEqual([]);
    const missing = await withClient(here, (client) =>
      catchError(client.send(new DescribeKeyCommand({ KeyId: 'alias/example' }))),
    );
    expect(missing.name).toBe('NotFoundException');
    expect((await process.end()).code).toBe(0);
  });
});

describe.concurrent('kms-emulator exec', () => {
  const exec = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    run([...emulatorCommand, 'exec', ...args], { env });
  const printVariables = [
    '--',
    'sh',
    '-c',
    'echo $AWS_REGION $AWS_DEFAULT_REGION $AWS_ACCESS_KEY_ID $AWS_SESSION_TOKEN',
  ];

  test('kms-emulator exec runs a command that uses an emulator in memory, with the default seed', async () => {
    const call = `
      import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
      const { KeyMetadata } = await new KMSClient({}).send(new DescribeKeyCommand({ KeyId: 'alias/example' }));
      console.log(KeyMetadata.Arn, process.env.AWS_ENDPOINT_URL_STS === process.env.AWS_ENDPOINT_URL_KMS);`;
    const { code, stdout, stderr } = await exec(['--', 'node', '--input-type=module', '-e', call], {
      AWS_PROFILE: 'unknown',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\/\S+ true\n$/);
  });

  test.for([
    ['sets a Region and credentials', {}, 'us-east-1 us-east-1 000000000000'],
    ['keeps a Region', { AWS_REGION: 'eu-west-1' }, 'eu-west-1 eu-west-1 000000000000'],
    ['keeps a default Region', { AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1 eu-west-1 000000000000'],
    ['keeps an access key', { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SESSION_TOKEN: 'x' }, 'us-east-1 us-east-1 AKIA x'],
    ['removes a session token without its access key', { AWS_SESSION_TOKEN: 'x' }, 'us-east-1 us-east-1 000000000000'],
  ] as const)('kms-emulator exec %s', async ([, env, printed]) => {
    expect((await exec(printVariables, env)).stdout).toBe(`${printed}\n`);
  });

  test.for([
    ['the exit code of the command', ['--', 'sh', '-c', 'exit 7'], 7, ''],
    ['128 and the number of the signal that ended the command', ['--', 'sh', '-c', 'kill -TERM $$'], 143, ''],
    [
      '127 for a command that does not exist',
      ['no-such-command'],
      127,
      'kms-emulator: cannot run no-such-command: there is no such command on the PATH\n',
    ],
    ['126 for a file that is not a program', ['./README.md'], 126, 'kms-emulator: cannot run ./README.md: spawn'],
    ['126 for a path below a file', ['./README.md/x'], 126, 'kms-emulator: cannot run ./README.md/x: spawn ENOTDIR\n'],
    ['126 for an empty name', ['--', ''], 126, 'kms-emulator: cannot run : '],
    ['1 for a seed that does not exist', ['--seed', 'none.yaml', '--', 'true'], 1, 'cannot read the seed none.yaml'],
  ] as const)('kms-emulator exec returns %s', async ([, args, code, message]) => {
    const finished = await exec(args);
    expect(finished).toMatchObject({ code, stderr: expect.stringContaining(message) });
  });

  test('kms-emulator exec passes flags after the command to the command', async () => {
    expect((await exec(['echo', '--seed', 'x', '--help'])).stdout).toBe('--seed x --help\n');
  });

  test('kms-emulator exec forwards SIGTERM, and ends after the command', async () => {
    const script =
      "process.on('SIGTERM', () => setTimeout(() => process.exit(9), 50)); console.log('ready', process.pid); setInterval(() => {}, 1000)";
    const running = new Running([...emulatorCommand, 'exec', '--', 'node', '-e', script]);
    const [, pid = ''] = await running.waitFor(/ready (\d+)/);
    process.kill(running.pid, 'SIGTERM');
    expect((await running.ended).code).toBe(9);
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });
});

test('kms-emulator health returns 0 while an emulator answers on the port, and 1 afterwards', async () => {
  const { process, endpoint } = await start('--in-memory', '--no-seed');
  const health = () => run([...emulatorCommand, 'health', '--port', new URL(endpoint).port]);
  expect(await health()).toMatchObject({ code: 0, output: '' });
  await process.end();
  expect(await health()).toMatchObject({ code: 1, output: '' });
});

test('KMS_EMULATOR_CONTROL_TOKEN must have at least 16 characters', async () => {
  const env = { KMS_EMULATOR_CONTROL_TOKEN: 'too-short' };
  const finished = await run([...emulatorCommand, '--port', '0', '--in-memory'], { env });
  expect(readMessage(finished)).toBe(
    'kms-emulator: the control token must have at least 16 characters; `openssl rand -hex 16` creates one',
  );
  expect(finished.output).not.toContain('too-short');
});

describe.concurrent('npm run emulator with invalid arguments', () => {
  test("npm run emulator rejects --host 0.0.0.0 with the default seed, because the seed's key material is public", async () => {
    const finished = await run([...emulatorCommand, '--port', '0', '--in-memory', '--host', '0.0.0.0']);
    expect(readMessage(finished)).toBe(
      'kms-emulator: the default seed contains public key material: to listen on 0.0.0.0, use another seed (--seed FILE) or no seed (--no-seed)',
    );
  });

  test('npm run emulator reports a port that is in use', async () => {
    const holder = await holdPort(0);
    const address = holder?.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const finished = await startAndFail('--port', port, '--in-memory');
    expect(readMessage(finished)).toBe(
      `kms-emulator: port ${port} on 127.0.0.1 is already in use: stop the program that uses it, or choose another port (0 selects a free port)`,
    );
    if (holder !== undefined) await releasePort(holder);
  });

  const invalidPorts = ['65536', 'http', '-1', '1.5', ''];
  test.for(isSoak ? invalidPorts : invalidPorts.slice(0, 2))('npm run emulator rejects --port %j', async (port) => {
    const { code, stderr } = await startAndFail(`--port=${port}`, '--in-memory');
    expect(code).toBe(1);
    expect(stderr).toContain('It must be a number from 0 to 65535.');
  });

  test.for([
    [['--in-memory', '--data', 'unused'], "'--in-memory' cannot be used with option '--data <directory>'"],
    [['--seed', 'any.yaml', '--no-seed'], "'--no-seed' cannot be used with option '--seed <file>'"],
    [['--no-seed', '--seed', 'any.yaml'], "'--no-seed' cannot be used with option '--seed <file>'"],
    [['--in-memory', '--verify-signatures'], "'--verify-signatures' requires option '--seed <file>'"],
    [['--tls-cert', 'a.pem'], "'--tls-cert <file>' and option '--tls-key <file>' require each other"],
    [['--tls-name', 'a', '--tls-cert', 'a.pem'], "'--tls-cert <file>' cannot be used with option '--tls-name <name>'"],
    [['--in-memory', '--tls-cert', 'a.pem', '--tls-key', 'b.pem'], 'cannot read the TLS certificate: ENOENT'],
    [['--in-memory', '--cors', 'http://localhost', '--cors', '*'], 'would let every website use the keys'],
    [['--verfy-signatures'], '(Did you mean --verify-signatures?)'],
    [['--latency', '20-5'], 'The range must start with the smaller number, as in 5-20.'],
    [['exce'], "unknown command 'exce'"],
    [['exec', '--data', 'unused', '--', 'true'], "unknown option '--data'"],
    [['exec', '--no-seed', '--verify-signatures', '--', 'true'], "requires option '--seed <file>'"],
    [['exec'], "missing required argument 'command'"],
  ] as const)('npm run emulator rejects the flags %j', async ([flags, message]) => {
    const { code, stderr } = await startAndFail('--port', '0', ...flags);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  test('npm run emulator reports an address that does not belong to this machine', async () => {
    const finished = await startAndFail('--port', '0', '--in-memory', '--no-seed', '--host', '192.0.2.1');
    expect(readMessage(finished)).toMatch(/^kms-emulator: cannot listen on 192\.0\.2\.1:0: /);
  });

  test('npm run emulator reports a seed file that does not exist', async () => {
    const finished = await startAndFail('--port', '0', '--in-memory', '--seed', path('none.yaml'));
    expect(readMessage(finished)).toMatch(/^kms-emulator: cannot read the seed \S+none\.yaml: ENOENT/);
  });

  test.for([
    ['an unknown version', { Version: 2, Keys: [] }, '/Version'],
    ['a key id with a dot', { Version: 1, Keys: [{ KeyId: 'a.b' }] }, '/Keys/0/KeyId'],
    ['an unknown member', { Version: 1, Keys: [{ KeyId: keyId, Color: 'red' }] }, '/Keys/0/Color'],
  ] as const)('npm run emulator reports the location of %s in a seed', async ([name, content, pointer]) => {
    const file = path(`bad-${name.replaceAll(' ', '-')}.json`);
    writeFileSync(file, JSON.stringify(content));
    const finished = await startAndFail('--port', '0', '--in-memory', '--seed', file);
    expect(readMessage(finished)).toContain(`${file}: ${pointer} `);
  });

  test('npm run emulator reports a seed that is neither YAML nor JSON', async () => {
    writeFileSync(path('bad.yaml'), 'Keys: [\n  : : }');
    const finished = await startAndFail('--port', '0', '--in-memory', '--seed', path('bad.yaml'));
    expect(finished.code).toBe(1);
    expect(finished.stderr).toContain(`kms-emulator: ${path('bad.yaml')} is not valid YAML: `);
    expect(finished.stderr).not.toMatch(/^ +at /m);
  });
});
