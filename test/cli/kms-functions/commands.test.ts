import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CreateAliasCommand, CreateKeyCommand, DescribeKeyCommand, GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { allOperations } from '../../../functions/all-operations.ts';
import { encrypt as encryptOperation } from '../../../functions/crypto/encrypt/operation.ts';
import { readFunctionConfig } from '../../../shared/config/function-config.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { type ApiGateway, startApiGateway } from '../../support/api-gateway.ts';
import { type Invocation, type Result, runCommandLine } from '../../support/command-line.ts';
import { useEmulator } from '../../support/emulator.ts';
import { createContext, loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { loadIdempotentHandler, startTable } from '../../support/idempotency.ts';
import { startLambdaServer } from '../../support/lambda-server.ts';
import { useDirectory } from '../../support/project-copy.ts';

const used = useEmulator();
const folder = useDirectory();
let gateway: ApiGateway;
const path = (name: string) => join(folder.directory, name);
const canary = 'canary-plaintext-3f9d';

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  gateway = await startApiGateway({ operations: allOperations, loadHandler });
});
beforeEach(() => {
  gateway.requests.length = 0;
  gateway.reject = () => undefined;
});
afterAll(() => gateway.close());

function run(args: readonly string[], invocation: Invocation = {}): Promise<Result> {
  return runCommandLine(args, { ...invocation, env: { KMS_FUNCTIONS_URL: gateway.endpoint, ...invocation.env } });
}

/** Runs a command that must succeed, and returns its standard output. */
async function succeed(args: readonly string[], invocation?: Invocation): Promise<string> {
  const { code, stdout, stderr } = await run(args, invocation);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

async function createKey(input: ConstructorParameters<typeof CreateKeyCommand>[0] = {}): Promise<string> {
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand(input));
  return KeyMetadata?.KeyId ?? '';
}

describe('encrypt and decrypt', () => {
  test('encrypt and decrypt keep every byte value, from file to file', async () => {
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256));
    writeFileSync(path('bytes'), bytes);
    await succeed(['encrypt', path('bytes'), '--key', 'alias/example', '--out', path('bytes.bin')]);
    await succeed(['decrypt', path('bytes.bin'), '--out', path('bytes.out')]);
    expect(readFileSync(path('bytes.out')).equals(bytes)).toBe(true);
    expect(readFileSync(path('bytes.bin')).includes(bytes.subarray(0, 32))).toBe(false);
  });

  test('encrypt and decrypt read standard input and write bytes to standard output', async () => {
    const bytes = randomBytes(100);
    const encrypted = await run(['encrypt', '--key', 'alias/example'], { stdin: bytes });
    const decrypted = await run(['decrypt', '-'], { stdin: encrypted.bytes });
    expect(decrypted.bytes.equals(bytes)).toBe(true);
  });

  test('--base64 writes and reads a ciphertext as text, with its encryption context', async () => {
    const context = ['--context', 'app=orders', '--context', 'note=a=b'];
    const text = await succeed(['encrypt', '--key', 'alias/example', '--base64', ...context], { stdin: canary });
    expect(text).toMatch(/^[A-Za-z0-9+/]+=*\n$/);
    expect(await succeed(['decrypt', '--base64', ...context], { stdin: text })).toBe(canary);
    const other = await run(['decrypt', '--base64'], { stdin: text });
    expect(other).toMatchObject({ code: 1, stdout: '' });
    expect(other.stderr).toMatch(/^kms-functions: InvalidCiphertextException: .+\(request id [\w-]+\)/);
  });

  test('--json prints the response of KMS', async () => {
    const encrypted = JSON.parse(await succeed(['encrypt', '--key', 'alias/example', '--json'], { stdin: 'hi' }));
    expect(encrypted).toMatchObject({ EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    const stdin = Buffer.from(encrypted.CiphertextBlob, 'base64');
    expect(JSON.parse(await succeed(['decrypt', '--json'], { stdin }))).toMatchObject({ Plaintext: 'aGk=' });
  });

  test('--json with --out writes the bytes to the file, and prints the rest of the response', async () => {
    writeFileSync(path('secret'), canary);
    const key = await createKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const to = (name: string) => ['--json', '--out', path(name)];
    const encrypted = await succeed(['encrypt', path('secret'), '--key', 'alias/example', ...to('secret.bin')]);
    expect(Object.keys(JSON.parse(encrypted))).toEqual(['File', 'KeyId', 'EncryptionAlgorithm']);
    const decrypted = await succeed(['decrypt', path('secret.bin'), ...to('secret.txt')]);
    expect(JSON.parse(decrypted)).toMatchObject({ File: path('secret.txt'), EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' });
    expect(JSON.parse(decrypted)).not.toHaveProperty('Plaintext');
    expect(readFileSync(path('secret.txt'), 'utf8')).toBe(canary);
    const signed = await succeed(['sign', path('secret'), '--key', key, ...to('secret.sig')]);
    expect(JSON.parse(signed)).not.toHaveProperty('Signature');
    await succeed(['verify', path('secret'), '--key', key, '--signature', path('secret.sig')]);
  });

  test('encrypt uses the key in KMS_FUNCTIONS_KEY', async () => {
    const env = { KMS_FUNCTIONS_KEY: 'alias/example' };
    expect(await run(['encrypt', '--base64'], { stdin: 'hi', env })).toMatchObject({ code: 0 });
  });

  test.each([
    [
      ['encrypt', '--key', 'alias/example'],
      'x'.repeat(4097),
      2,
      'has more than 4,096 bytes, which is the limit of KMS',
    ],
    [['encrypt', '--key', 'alias/example'], '', 2, 'standard input is empty'],
    [['decrypt'], 'x'.repeat(20_000), 4, 'standard input is too large for a ciphertext of KMS'],
    [['decrypt', '--base64'], 'bytes \u0001', 2, 'standard input is not base64 text'],
    [['encrypt', '--key', 'alias/example', '--out', '/nowhere/x'], 'hi', 4, 'The folder /nowhere does not exist.'],
  ])('%j rejects its input or output without a result', async (args, stdin, code, message) => {
    const result = await run(args, { stdin });
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toContain(message);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
  });

  test('encrypt does not write bytes to a terminal, and does not call the service', async () => {
    const result = await run(['encrypt', '--key', 'alias/example'], { stdin: canary, terminals: ['stdout'] });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('Add --base64 or --out <file>.');
    expect(gateway.requests).toEqual([]);
    const text = await run(['encrypt', '--key', 'alias/example', '--base64'], { stdin: 'hi', terminals: ['stdout'] });
    expect(text.code).toBe(0);
  });

  test('no error contains the plaintext, the ciphertext or the token', async () => {
    const results = await Promise.all([
      run(['encrypt', '--key', 'alias/absent'], { stdin: canary }),
      run(['encrypt', '--key', 'alias/absent', '--json'], { stdin: canary }),
      run(['call', 'Encrypt', 'KeyId=alias/absent', `Plaintext=${canary}`]),
      run(['call', 'Encrypt', '--json', `{"Plaintext": "${canary}`]),
      run(['call', 'Encrypt', '--json', `{"Plaintext": "${canary}"}`]),
      run(['call', 'Encrypt', `Plaintext:=${canary}`]),
      run(['call', canary.replaceAll('-', ' ')]).then((result) => ({ ...result, stderr: '' })),
      run(['keys', 'list'], { env: { KMS_FUNCTIONS_TOKEN: `${canary} with spaces` } }),
      run(['keys', 'list'], { env: { KMS_FUNCTIONS_TOKEN: canary, KMS_FUNCTIONS_URL: 'http://127.0.0.1:9' } }),
    ]);
    for (const { code, stdout, stderr } of results) {
      expect(code).not.toBe(0);
      expect(stdout + stderr).not.toContain(canary);
    }
  });
});

describe('sign and verify', () => {
  test('a signature of a long file equals the signature that OpenSSL accepts over the whole file', async () => {
    const key = await createKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const message = randomBytes(300_000);
    writeFileSync(path('release.tar'), message);
    // The key has one algorithm, so the flag is not needed.
    await succeed(['sign', path('release.tar'), '--key', key, '--out', path('release.sig')]);
    const { PublicKey } = await used.client.send(new GetPublicKeyCommand({ KeyId: key }));
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
    expect(verify('sha256', message, publicKey, readFileSync(path('release.sig')))).toBe(true);
    const flags = ['--key', key, '--signature', path('release.sig')];
    expect(await succeed(['verify', path('release.tar'), ...flags])).toBe('The signature is valid.\n');
    const changed = await run(['verify', ...flags], { stdin: message.subarray(1) });
    expect(changed.code).toBe(1);
    expect(changed.stderr).toContain('KMSInvalidSignatureException');
  });

  test.each([
    ['RSA_2048', 'RSASSA_PSS_SHA_512', 10],
    ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_384', 5000],
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', 4096],
    ['ECC_NIST_EDWARDS25519', 'ED25519_PH_SHA_512', 10],
    ['ECC_NIST_EDWARDS25519', 'ED25519_PH_SHA_512', 5000],
  ] as const)('a %s key signs and verifies with %s a message of %d bytes', async (KeySpec, algorithm, bytes) => {
    const key = await createKey({ KeySpec, KeyUsage: 'SIGN_VERIFY' });
    const flags = ['--key', key, '--algorithm', algorithm, '--base64'];
    const stdin = createHash('sha512').update(algorithm).digest().toString('hex').repeat(40).slice(0, bytes);
    writeFileSync(path(`${algorithm}.sig`), await succeed(['sign', ...flags], { stdin }));
    const valid = await succeed(['verify', ...flags, '--signature', path(`${algorithm}.sig`), '--json'], { stdin });
    expect(JSON.parse(valid)).toMatchObject({ SignatureValid: true, SigningAlgorithm: algorithm });
  });

  test('sign rejects a long message if the algorithm needs the whole message', async () => {
    const key = await createKey({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' });
    const result = await run(['sign', '--key', key, '--algorithm', 'ED25519_SHA_512'], { stdin: 'x'.repeat(4097) });
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('more than 4,096 bytes, which is the limit of KMS for ED25519_SHA_512');
  });

  test('sign names the algorithms of a key that has several, and rejects a key that cannot sign', async () => {
    const key = await createKey({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
    const several = await run(['sign', '--key', key], { stdin: 'hi' });
    expect(several.code).toBe(2);
    expect(several.stderr).toContain('Add --algorithm with one of RSASSA_PKCS1_V1_5_SHA_256,');
    const none = await run(['sign', '--key', 'alias/example'], { stdin: 'hi' });
    expect(none.stderr).toContain('The key cannot sign.');
  });

  test('verify rejects a message and a signature that both come from standard input', async () => {
    const result = await run(['verify', '--key', 'alias/example-sign', '--signature', '-'], { stdin: 'hi' });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('cannot both come from standard input');
  });
});

describe('keys', () => {
  test('keys create creates a key with the flags, and an alias for it', async () => {
    const flags = ['--description', 'For orders', '--tag', 'team=payments', '--alias', 'alias/cli-orders'];
    const output = await succeed(['keys', 'create', ...flags, '--spec', 'HMAC_256', '--usage', 'GENERATE_VERIFY_MAC']);
    const [, id = ''] = /^KeyId +([\w-]+)$/m.exec(output) ?? [];
    const { KeyMetadata } = await used.client.send(new DescribeKeyCommand({ KeyId: 'alias/cli-orders' }));
    expect(KeyMetadata).toMatchObject({ KeyId: id, Description: 'For orders', KeySpec: 'HMAC_256' });
    expect(JSON.parse(await succeed(['call', 'ListResourceTags', `KeyId=${id}`])).Tags).toContainEqual({
      TagKey: 'team',
      TagValue: 'payments',
    });
  });

  test('keys create sends the idempotency key, which a deployment without idempotency keys rejects', async () => {
    const { code, stdout, stderr } = await run(['keys', 'create', '--idempotency-key', 'customer-7']);
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toContain('/IdempotencyKey is not supported by this deployment');
  });

  test('keys create with an idempotency key and an alias can be repeated, but not with the alias of another key', async () => {
    const table = await startTable();
    onTestFinished(() => table.close());
    const load = (operation: Operation) =>
      operation.name === 'CreateKey'
        ? loadIdempotentHandler(table.endpoint, used.emulator.endpoint)
        : loadHandler(operation);
    const deployed = await startApiGateway({ operations: allOperations, loadHandler: load });
    onTestFinished(() => deployed.close());
    const create = (key: string, alias: string) =>
      run(['keys', 'create', '--idempotency-key', key, '--alias', alias, '--json'], {
        env: { KMS_FUNCTIONS_URL: deployed.endpoint },
      });
    const first = await create('customer-7', 'alias/cli-customer-7');
    const second = await create('customer-7', 'alias/cli-customer-7');
    expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: '' });
    expect(second.stdout).toBe(first.stdout);
    const other = await create('customer-8', 'alias/cli-customer-7');
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('AlreadyExistsException');
    expect(other.stderr).toContain(`The key ${JSON.parse(other.stdout).KeyMetadata.KeyId} exists without an alias.`);
    const old = await create('customer-9', 'alias/example');
    expect(old).toMatchObject({ code: 2, stdout: '' });
    expect(old.stderr).toContain('No key was created.');
  });

  test('keys create prints the key and what to do with it if its alias cannot be created', async () => {
    // The caller may not describe the alias, so that the command finds the conflict too late.
    gateway.reject = ({ method, path: requested }) =>
      method === 'GET' && requested.includes('alias') ? 403 : undefined;
    const { code, stdout, stderr } = await run(['keys', 'create', '--alias', 'alias/example', '--json']);
    const { KeyId, KeyState } = JSON.parse(stdout).KeyMetadata;
    expect(KeyState).toBe('Enabled');
    const error = JSON.parse(stderr);
    expect(error).toMatchObject({ code: 'AlreadyExistsException', status: 409 });
    expect(error.hint).toContain(`The key ${KeyId} exists without an alias.`);
    expect(error.hint).toContain(`kms-functions keys schedule-deletion ${KeyId}`);
    expect(code).toBe(1);
  });

  test.each([
    ['alias/example', 'alias/example exists, for the key 5a4d1e00-0000-4000-8000-000000000001. No key was created.'],
    ['app9', 'The name of an alias starts with alias/. Did you mean `alias/app9`?'],
    ['alias/', 'The name of an alias is alias/ and letters, digits, slashes, underscores and dashes'],
    ['alias/a b', 'The name of an alias is alias/ and letters'],
    [`alias/${'a'.repeat(251)}`, 'with at most 256 characters'],
    ['alias/aws/app', 'Names that start with alias/aws/ belong to AWS.'],
  ])('keys create --alias %s creates no key', async (alias, message) => {
    const { code, stdout, stderr } = await run(['keys', 'create', '--alias', alias]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(gateway.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('every command that changes a key accepts an alias name and an alias ARN', async () => {
    const key = await createKey();
    await used.client.send(new CreateAliasCommand({ AliasName: 'alias/cli-change', TargetKeyId: key }));
    const state = async () => (await used.client.send(new DescribeKeyCommand({ KeyId: key }))).KeyMetadata?.KeyState;
    for (const alias of ['alias/cli-change', 'arn:aws:kms:us-east-1:000000000000:alias/cli-change']) {
      expect(await succeed(['keys', 'rotate', alias])).toContain(key);
      expect(await succeed(['keys', 'disable', alias])).toContain(`key/${key} is disabled.`);
      expect(await state()).toBe('Disabled');
      await succeed(['keys', 'enable', alias]);
      await succeed(['keys', 'schedule-deletion', alias, '--yes']);
      expect(await state()).toBe('PendingDeletion');
      await succeed(['keys', 'cancel-deletion', alias]);
      await succeed(['keys', 'enable', alias, '--json']);
      expect(await state()).toBe('Enabled');
    }
  });

  test('an alias that the caller may not describe has a hint at the key id', async () => {
    gateway.reject = ({ method }) => (method === 'GET' ? 403 : undefined);
    const { code, stderr } = await run(['keys', 'disable', 'alias/example']);
    expect(code).toBe(1);
    expect(stderr).toContain('With a key id, it does not.');
    expect(gateway.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('keys list shows every key with its aliases, and with --details what the key is for', async () => {
    const ids = await Promise.all(['many', 'many', 'many'].map((Description) => createKey({ Description })));
    await used.client.send(new CreateAliasCommand({ AliasName: 'alias/cli-a', TargetKeyId: ids[0] }));
    await used.client.send(new CreateAliasCommand({ AliasName: 'alias/cli-b', TargetKeyId: ids[0] }));
    const table = await succeed(['keys', 'list']);
    expect(table.split('\n')[0]).toMatch(/^KEY ID {32}ALIASES$/);
    for (const id of ids) expect(table).toContain(id);
    expect(table).toMatch(new RegExp(`^${ids[0]}  alias/cli-a, alias/cli-b$`, 'm'));
    const details = await succeed(['keys', 'list', '--details']);
    expect(details).toMatch(
      new RegExp(`^${ids[0]}  Enabled +SYMMETRIC_DEFAULT +ENCRYPT_DECRYPT +alias/cli-a, alias/cli-b +many$`, 'm'),
    );
    const { Keys } = JSON.parse(await succeed(['keys', 'list', '--json']));
    expect(Keys).toContainEqual(expect.objectContaining({ KeyId: ids[0], Aliases: ['alias/cli-a', 'alias/cli-b'] }));
  });

  test('keys list works without aliases if the caller may not list them', async () => {
    gateway.reject = ({ path: requested }) => (requested === '/aliases' ? 403 : undefined);
    const { code, stdout, stderr } = await run(['keys', 'list']);
    expect(code).toBe(0);
    expect(stdout).toContain('KEY ID');
    expect(stderr).toBe('kms-functions: The list contains no aliases, because this caller may not list them.\n');
  });

  test('keys describe escapes the control characters in a description', async () => {
    const key = await createKey({ Description: 'red \u001b[31m \u202e text\nKeyState  Disabled' });
    const output = await succeed(['keys', 'describe', key]);
    expect(output).toContain('Description            red \\u001b[31m \\u202e text\\u000aKeyState  Disabled\n');
    expect(output).toMatch(/^KeyState {15}Enabled$/m);
  });

  test('keys rotate, disable and enable change the key', async () => {
    const key = await createKey();
    expect(await succeed(['keys', 'rotate', key])).toContain('has started');
    expect(JSON.parse(await succeed(['call', 'ListKeyRotations', `KeyId=${key}`])).Rotations).toHaveLength(1);
    const state = async () => (await used.client.send(new DescribeKeyCommand({ KeyId: key }))).KeyMetadata?.KeyState;
    expect(await succeed(['keys', 'disable', key])).toBe(`${key} is disabled.\n`);
    expect(await state()).toBe('Disabled');
    const encrypted = await run(['encrypt', '--key', key, '--base64'], { stdin: 'hi' });
    expect(encrypted.stderr).toContain('`kms-functions keys enable` enables the key.');
    expect(await succeed(['keys', 'enable', key])).toBe(`${key} is enabled.\n`);
    expect(await state()).toBe('Enabled');
  });
});

describe('keys schedule-deletion', () => {
  const state = async (KeyId: string) =>
    (await used.client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;

  test('keys schedule-deletion without a terminal requires --yes, and cancel-deletion keeps the key', async () => {
    const key = await createKey();
    const refused = await run(['keys', 'schedule-deletion', key]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain('add --yes');
    expect(await state(key)).toBe('Enabled');
    const output = await succeed(['keys', 'schedule-deletion', key, '--days', '7', '--yes']);
    expect(output).toMatch(new RegExp(`^arn:aws:kms:us-east-1:\\d{12}:key/${key} will be deleted on \\d{4}-`));
    expect(await state(key)).toBe('PendingDeletion');
    await succeed(['keys', 'cancel-deletion', key]);
    expect(await state(key)).toBe('Disabled');
  });

  test('on a terminal, keys schedule-deletion shows the key behind an alias and asks for its id', async () => {
    const key = await createKey({ Description: 'old orders' });
    await used.client.send(new CreateAliasCommand({ AliasName: 'alias/cli-old', TargetKeyId: key }));
    const answers = [
      { stdin: 'yes\n', expected: { code: 2, state: 'Enabled' } },
      { stdin: '', expected: { code: 2, state: 'Enabled' } },
      { stdin: `${key}\n`, expected: { code: 0, state: 'PendingDeletion' } },
    ];
    for (const { stdin, expected } of answers) {
      const result = await run(['keys', 'schedule-deletion', 'alias/cli-old'], { stdin, terminals: ['stdin'] });
      expect(result.stderr).toContain(`${key} (Enabled) old orders`);
      expect({ code: result.code, state: await state(key) }).toEqual(expected);
    }
  });

  test('keys usage shows the last use, aliases and grants of a key', async () => {
    const key = await createKey();
    await used.client.send(new CreateAliasCommand({ AliasName: 'alias/cli-usage', TargetKeyId: key }));
    expect(await succeed(['keys', 'usage', 'alias/cli-usage'])).toMatch(/^LastUse +none since \d{4}-.*Z$/m);
    await succeed(['encrypt', '--key', key, '--base64'], { stdin: 'hi' });
    const output = await succeed(['keys', 'usage', key]);
    expect(output).toMatch(/^LastUse +Encrypt at \d{4}-.*Z$/m);
    expect(output).toMatch(/^Aliases +alias\/cli-usage$/m);
    expect(output).toMatch(/^Grants +none$/m);
    expect(output).toMatch(/^KmsRequestId +[\w-]{36}$/m);
    expect(output).toMatch(/^CloudTrailEventId +[\w-]{36}$/m);
    expect(output).toMatch(/^Deletion +not checked by this deployment$/m);
    const { LastUse } = JSON.parse(await succeed(['keys', 'usage', key, '--json']));
    expect(LastUse).toMatchObject({ Status: 'USED', Operation: 'Encrypt' });
  });

  test('keys schedule-deletion refuses a used key of a deployed stage, unless --ignore-use is given', async () => {
    const key = await createKey();
    await succeed(['encrypt', '--key', key, '--base64'], { stdin: 'hi' });
    const config = { ...readFunctionConfig(), deletionGuardDays: 7 };
    const loadGuarded = (operation: Operation) => loadHandler(operation, config);
    const deployed = await startApiGateway({ operations: allOperations, loadHandler: loadGuarded });
    onTestFinished(() => deployed.close());
    const guarded = { env: { KMS_FUNCTIONS_URL: deployed.endpoint } };
    // A key without material is in the state PendingImport, which is no deletion.
    for (const unused of [await createKey(), await createKey({ Origin: 'EXTERNAL' })])
      expect((await run(['keys', 'usage', unused], guarded)).stdout).toMatch(/^Deletion +accepted$/m);
    expect((await run(['keys', 'usage', key], guarded)).stdout).toMatch(
      /^Deletion +rejected without --ignore-use, because the key was used by Encrypt in us-east-1 at .+, in the last 7 days$/m,
    );
    const refused = await run(['keys', 'schedule-deletion', key, '--yes'], guarded);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('KeyInUseError');
    expect(refused.stderr).toContain('add --ignore-use');
    expect(await state(key)).toBe('Enabled');
    const forced = await run(['keys', 'schedule-deletion', key, '--yes', '--ignore-use'], guarded);
    expect(forced).toMatchObject({ code: 0, stderr: '' });
    expect(await state(key)).toBe('PendingDeletion');
    expect((await run(['keys', 'usage', key], guarded)).stdout).toMatch(/^Deletion +already scheduled$/m);
  });

  test('Ctrl-C at the question leaves the key unchanged', async () => {
    const key = await createKey();
    const { Interrupted } = await import('../../../cli/exit-codes.ts');
    const controller = new AbortController();
    const stdin = new Readable({ read: () => controller.abort(new Interrupted('SIGINT')) });
    const result = await run(['keys', 'schedule-deletion', key], {
      stdin,
      terminals: ['stdin'],
      signal: controller.signal,
    });
    expect(result).toMatchObject({ code: 130, stdout: '' });
    expect(await state(key)).toBe('Enabled');
  });
});

describe('call', () => {
  test('call sends members with the types of the declaration, and prints AWS JSON', async () => {
    writeFileSync(path('plain.bin'), Buffer.from([0, 255, 10]));
    const args = ['KeyId=alias/example', `Plaintext=@${path('plain.bin')}`, 'EncryptionContext:={"app":"orders"}'];
    const { CiphertextBlob } = JSON.parse(await succeed(['call', 'Encrypt', ...args]));
    const decrypted = await succeed(['call', 'decrypt', '--json', '-'], {
      stdin: JSON.stringify({ CiphertextBlob, EncryptionContext: { app: 'orders' } }),
    });
    expect(JSON.parse(decrypted)).toMatchObject({ Plaintext: 'AP8K' });
    const listed = JSON.parse(await succeed(['call', 'list-keys', 'Limit=2']));
    expect(listed.Keys).toHaveLength(2);
    expect(listed.Truncated).toBe(true);
  });

  test('call --print prints a member: text as it is, and other values as JSON', async () => {
    const members = ['KeyMetadata.KeyId', 'KeyMetadata.MultiRegion', 'KeyMetadata.EncryptionAlgorithms'];
    const printed = await Promise.all(
      members.map((member) => succeed(['call', 'DescribeKey', 'KeyId=alias/example', '--print', member])),
    );
    expect(printed).toEqual([expect.stringMatching(/^[0-9a-f-]{36}\n$/), 'false\n', '[\n  "SYMMETRIC_DEFAULT"\n]\n']);
    const policy = await succeed(['call', 'GetKeyPolicy', `KeyId=${printed[0]?.trim()}`, '--print', 'Policy']);
    expect(policy.split('\n').length).toBeGreaterThan(5);
    const { code, stderr } = await run(['call', 'ListKeys', '--print', 'NextMarker']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('does not contain NextMarker') });
  });

  test('call --save writes bytes to a file instead of printing them, and replaces it only with --force', async () => {
    const file = path('data-key.bin');
    const request = [
      'call',
      'GenerateDataKey',
      'KeyId=alias/example',
      'KeySpec=AES_256',
      '--save',
      `Plaintext=${file}`,
    ];
    const { CiphertextBlob, ...rest } = JSON.parse(await succeed(request));
    expect(rest).not.toHaveProperty('Plaintext');
    const Plaintext = readFileSync(file).toString('base64');
    const printed = await succeed(['call', 'Decrypt', `CiphertextBlob=${CiphertextBlob}`, '--print', 'Plaintext']);
    expect(printed).toBe(`${Plaintext}\n`);
    expect((await run(request)).code).toBe(4);
    const args = [...request, '--force', '--save', `KeyId=${path('key-id')}`, '--print', 'CiphertextBlob'];
    expect(Buffer.from(await succeed(args), 'base64').length).toBeGreaterThan(100);
    expect(readFileSync(file).toString('base64')).not.toBe(Plaintext);
    expect(readFileSync(path('key-id'), 'utf8')).toMatch(/^arn:aws:kms:/);
  });

  test('call imports key material that openssl wrapped', async () => {
    const key = (await succeed(['call', 'CreateKey', 'Origin=EXTERNAL', '--print', 'KeyMetadata.KeyId'])).trim();
    const [wrapping, token, material, wrapped] = ['wrapping.der', 'token', 'material', 'wrapped'].map(path);
    const algorithms = ['WrappingAlgorithm=RSAES_OAEP_SHA_256', 'WrappingKeySpec=RSA_2048'];
    const files = ['--save', `PublicKey=${wrapping}`, '--save', `ImportToken=${token}`];
    await succeed(['call', 'GetParametersForImport', `KeyId=${key}`, ...algorithms, ...files]);
    execFileSync('openssl', ['rand', '-out', material!, '32'], { stdio: 'pipe' });
    const padding = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'];
    const args = ['-pubin', '-keyform', 'DER', '-inkey', wrapping!, '-in', material!, '-out', wrapped!];
    execFileSync('openssl', ['pkeyutl', '-encrypt', ...args, ...padding.flatMap((option) => ['-pkeyopt', option])]);
    const bytes = [`EncryptedKeyMaterial=@${wrapped}`, `ImportToken=@${token}`];
    const model = 'ExpirationModel=KEY_MATERIAL_DOES_NOT_EXPIRE';
    await succeed(['call', 'ImportKeyMaterial', `KeyId=${key}`, ...bytes, model]);
    expect(await succeed(['call', 'DescribeKey', `KeyId=${key}`, '--print', 'KeyMetadata.KeyState'])).toBe('Enabled\n');
  });

  test('call serves the operations that AWS KMS does not have', async () => {
    expect(JSON.parse(await succeed(['call', 'Health']))).toMatchObject({ status: 'ok' });
  });

  test('call prints the results of a batch, and fails if at least one item failed', async () => {
    const items = ['YQ==', 'Yg=='].map((Plaintext) => ({ Plaintext }));
    const encrypt = ['call', 'EncryptBatch', 'KeyId=alias/example', `Items:=${JSON.stringify(items)}`];
    const encrypted = JSON.parse(await succeed(encrypt)).Results;
    const list = [{ CiphertextBlob: 'AQID' }, ...encrypted.map(({ CiphertextBlob }: never) => ({ CiphertextBlob }))];
    const result = await run(['call', 'DecryptBatch', 'KeyId=alias/example', `Items:=${JSON.stringify(list)}`]);
    expect(JSON.parse(result.stdout).Results).toMatchObject([
      { Error: { code: 'InvalidCiphertextException' } },
      { Plaintext: 'YQ==' },
      { Plaintext: 'Yg==' },
    ]);
    expect(result.stderr).toBe(
      'kms-functions: ItemsFailedError: 1 of 3 items failed. Their results contain `Error`.\n',
    );
    expect(result.code).toBe(1);
  });

  test('call sends an alias as it is, and explains how to find its key id', async () => {
    const { code, stderr } = await run(['call', 'DisableKey', 'KeyId=alias/example']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/InvalidArnException: .+ `kms-functions keys describe` prints the key id of an alias\.\n$/);
  });

  test('call --all joins the lists of all pages', async () => {
    const all = JSON.parse(await succeed(['call', 'ListAliases', 'Limit=1', '--all']));
    const page = JSON.parse(await succeed(['call', 'ListAliases', 'Limit=1000']));
    expect(all.Aliases.length).toBeGreaterThan(2);
    expect(all).toEqual(page);
    expect(gateway.requests.length).toBeGreaterThan(all.Aliases.length);
  });

  test.each([
    [
      ['Encrypt', '--json', '{"KeyID":"alias/example","Plaintext":"aGk="}'],
      '/KeyID is not a known member. Did you mean `KeyId`?',
    ],
    [['Encrypt', 'KeyId=alias/example'], '/Plaintext is required'],
    [['Encrypt', 'KeyId=alias/example', 'Plaintext=*'], '/Plaintext must be base64'],
    [['Encrypt', 'keyid=alias/example'], 'Encrypt has no member keyid. Did you mean `KeyId`?'],
    [['Encrypt', 'EncryptionContext=app'], 'EncryptionContext is a list or an object. Write it as JSON'],
    [['Encrypt', 'KeyId'], 'NAME=TEXT, NAME=@FILE or NAME:=JSON'],
    [['Encrypt', '--json', '[]'], 'The request must be a JSON object'],
    [['Encrypt', 'Plaintext=@/nowhere'], '/nowhere does not exist'],
    [['Encrpyt'], 'There is no operation Encrpyt. Did you mean `Encrypt`?'],
    [['Encrypt', 'KeyId=a', 'Plaintext=aGk=', '--all'], 'Encrypt does not return pages.'],
    [['CreateKey', '--print', 'KeyMetadata.Keyid'], 'has no member KeyMetadata.Keyid. Did you mean `KeyId`?'],
    [['CreateKey', '--print', 'KeyMetadata.KeyId.length'], 'has no member KeyMetadata.KeyId.length.'],
    [['GenerateRandom', 'NumberOfBytes=8', '--save', 'plaintext=x.bin'], 'has no member plaintext. Did you mean'],
    [['GenerateRandom', 'NumberOfBytes=8', '--save', 'Plaintext=-'], 'use --print Plaintext instead of --save'],
    [['GenerateRandom', 'NumberOfBytes=8', '--save', 'Plaintext=/nowhere/x'], 'The folder /nowhere does not exist'],
    [['GenerateRandom', 'NumberOfBytes=8', '--save', 'Plaintext=package.json'], 'package.json exists'],
  ])('call %j explains the wrong request before it calls the service', async (args, message) => {
    const { code, stdout, stderr } = await run(['call', ...args]);
    expect({ code: code === 2 || code === 4, stdout }).toEqual({ code: true, stdout: '' });
    expect(stderr).toContain(message);
    expect(gateway.requests).toEqual([]);
  });
});

describe('errors', () => {
  test('an error of the service is one line with code, detail, request id and hint', async () => {
    const { code, stderr } = await run(['keys', 'describe', 'alias/absent']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^kms-functions: NotFoundException: .+alias\/absent.+ \(request id [\w-]+\) `kms-functions keys list` lists the keys\.\n$/,
    );
  });

  test('an error with --json is a JSON document', async () => {
    const { stderr } = await run(['keys', 'describe', 'alias/absent', '--json']);
    expect(JSON.parse(stderr)).toMatchObject({
      code: 'NotFoundException',
      status: 404,
      retryable: false,
      requestId: expect.any(String),
      hint: expect.any(String),
    });
  });

  test.each([
    [401, 'Check the token'],
    [403, 'Check the credentials'],
  ] as const)('an answer %d of the gateway has a hint', async (status, hint) => {
    gateway.reject = () => status;
    const { code, stderr } = await run(['call', 'Health']);
    expect(code).toBe(1);
    expect(stderr).toContain('kms-functions: GatewayError: ');
    expect(stderr).toContain(hint);
  });

  test('a service that cannot be reached has its own exit code and a hint', async () => {
    const { code, stderr } = await run(['call', 'Health', '--timeout', '2'], {
      env: { KMS_FUNCTIONS_URL: 'http://127.0.0.1:9' },
    });
    expect(code).toBe(3);
    expect(stderr).toContain('http://127.0.0.1:9');
    expect(stderr).toContain('npm start');
  });
});

describe('authorization', () => {
  test('a token comes from the variable or from the file, and is renewed', async () => {
    await succeed(['call', 'Health'], { env: { KMS_FUNCTIONS_TOKEN: 'first.token' } });
    writeFileSync(path('token'), 'second.token\n');
    await succeed(['call', 'Health', '--token-file', path('token')], { env: { KMS_FUNCTIONS_TOKEN: 'first.token' } });
    await succeed(['call', 'Health'], { env: { KMS_FUNCTIONS_TOKEN_FILE: path('token') } });
    await succeed(['call', 'Health', '--auth', 'none'], { env: { KMS_FUNCTIONS_TOKEN: 'first.token' } });
    expect(gateway.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first.token',
      'Bearer second.token',
      'Bearer second.token',
      undefined,
    ]);
  });

  test('--auth sigv4 signs with the access key in the environment', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' };
    await succeed(['call', 'Health', '--auth', 'sigv4', '--region', 'eu-west-1'], { env });
    const { headers } = gateway.requests[0]!;
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-west-1\/execute-api\/aws4_request/,
    );
    expect(headers['x-amz-security-token']).toBe('session');
  });

  test('--profile signs with the credentials of an AWS profile', async () => {
    const credentials = '[work]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n';
    writeFileSync(path('credentials'), credentials);
    writeFileSync(path('config'), '');
    // The SDK warns about an access key next to a profile.
    delete process.env.AWS_ACCESS_KEY_ID;
    process.env.AWS_SHARED_CREDENTIALS_FILE = path('credentials');
    process.env.AWS_CONFIG_FILE = path('config');
    try {
      await succeed(['call', 'Health', '--auth', 'sigv4', '--region', 'eu-west-1', '--profile', 'work']);
      expect(gateway.requests[0]?.headers.authorization).toContain('Credential=AKIAPROFILE/');
      const absent = await run(['call', 'Health', '--auth', 'sigv4', '--region', 'eu-west-1', '--profile', 'absent']);
      expect(absent.code).toBe(2);
      expect(absent.stderr).toMatch(
        /^kms-functions: CredentialsError: There are no AWS credentials in the AWS profile absent: .+\. Set AWS_PROFILE/,
      );
    } finally {
      process.env.AWS_ACCESS_KEY_ID = 'test';
      delete process.env.AWS_SHARED_CREDENTIALS_FILE;
      delete process.env.AWS_CONFIG_FILE;
    }
  });

  test('--lambda kms-functions-local invokes the functions of npm start, without credentials and a Region', async () => {
    const invoked: string[] = [];
    const server = await startLambdaServer({
      invoke: async ({ FunctionName }) => {
        invoked.push(FunctionName);
        return { Payload: new TextEncoder().encode('{"Keys":[],"Truncated":false}') };
      },
    });
    try {
      const local = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_REGION: '', KMS_FUNCTIONS_URL: '' };
      const env = { ...local, AWS_ENDPOINT_URL_LAMBDA: server.endpoint };
      await succeed(['call', 'ListKeys', '--lambda', 'kms-functions-local'], { env });
      expect(invoked).toEqual(['kms-functions-local-listKeys']);
      await server.close();
      const stopped = await run(['call', 'ListKeys', '--lambda', 'kms-functions-local'], { env });
      expect(stopped.code).toBe(3);
      expect(stopped.stderr).toContain('To start the local stage, run `npm start` in the clone.');
    } finally {
      await server.close();
    }
  });

  test('--lambda invokes the functions with the prefix, with the encoded request', async () => {
    const invoked: string[] = [];
    const server = await startLambdaServer({
      invoke: async ({ FunctionName, Payload }) => {
        invoked.push(FunctionName);
        const handler = await loadHandler(encryptOperation);
        const response = await handler(JSON.parse(new TextDecoder().decode(Payload)), createContext());
        return { Payload: new TextEncoder().encode(JSON.stringify(response)) };
      },
    });
    process.env.AWS_ENDPOINT_URL_LAMBDA = server.endpoint;
    process.env.AWS_CONFIG_FILE = path('no-config');
    try {
      const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', KMS_FUNCTIONS_URL: '' };
      const args = ['encrypt', '--key', 'alias/example', '--base64', '--lambda', 'kms-functions-dev'];
      const text = await succeed([...args, '--region', 'us-east-1'], { stdin: 'by invocation', env });
      expect(invoked).toEqual(['kms-functions-dev-encrypt']);
      expect(await succeed(['decrypt', '--base64'], { stdin: text })).toBe('by invocation');
      delete process.env.AWS_REGION;
      const withoutRegion = await run(args, { stdin: 'hi', env });
      expect(withoutRegion.code).toBe(2);
      expect(withoutRegion.stderr).toContain('The Region is unknown. Add --region <region>, or set AWS_REGION.');
    } finally {
      delete process.env.AWS_ENDPOINT_URL_LAMBDA;
      delete process.env.AWS_CONFIG_FILE;
      process.env.AWS_REGION = 'us-east-1';
      await server.close();
    }
  });
});
