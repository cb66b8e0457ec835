import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CreateKeyCommand, DisableKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Interrupted } from '../../../cli/exit-codes.ts';
import { readHeader } from '../../../client/sealer/index.ts';
import { allOperations } from '../../../functions/all-operations.ts';
import { type ApiGateway, startApiGateway } from '../../support/api-gateway.ts';
import { type Invocation, type Result, runCommandLine } from '../../support/command-line.ts';
import { useEmulator } from '../../support/emulator.ts';
import { findPython } from '../../support/encryption-sdk-python/client.ts';
import { loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { run as runProcess } from '../../support/process.ts';
import { root, useDirectory } from '../../support/project-copy.ts';
import { isSoak } from '../../support/soak.ts';

const used = useEmulator();
const folder = useDirectory();
let gateway: ApiGateway;
const path = (name: string) => join(folder.directory, name);
/** Several frames of 64 KiB, and a part of one. */
const plaintext = randomBytes(200_000);
const key = ['--key', 'alias/example'];

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  gateway = await startApiGateway({ operations: allOperations, loadHandler });
  writeFileSync(path('report.pdf'), plaintext);
});
beforeEach(() => {
  gateway.requests.length = 0;
});
afterAll(() => gateway.close());

function run(args: readonly string[], invocation: Invocation = {}): Promise<Result> {
  return runCommandLine(args, { ...invocation, env: { KMS_FUNCTIONS_URL: gateway.endpoint } });
}

async function succeed(args: readonly string[], invocation?: Invocation): Promise<Result> {
  const result = await run(args, invocation);
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
  return result;
}

const sealToBytes = async (...flags: string[]) =>
  (await succeed(['seal', '-', ...key, ...flags], { stdin: plaintext })).bytes;

describe('seal and open', () => {
  test('seal adds the ending .sealed, and open removes it', async () => {
    const sealed = await succeed(['seal', path('report.pdf'), ...key]);
    expect(sealed.stdout).toMatch(
      /^Sealed 200\.0 kB as \S+report\.pdf\.sealed under arn:aws:kms:us-east-1:\d+:key\/\S+\.$/m,
    );
    expect(readFileSync(path('report.pdf.sealed')).includes(plaintext.subarray(0, 16))).toBe(false);
    const opened = await succeed(['open', path('report.pdf.sealed'), '--out', path('copy.pdf')]);
    expect(opened.stdout).toMatch(/^Opened 200\.0 kB as \S+copy\.pdf with arn:aws:kms:us-east-1:\d+:key\/\S+\.$/m);
    expect(readFileSync(path('copy.pdf')).equals(plaintext)).toBe(true);
    const existing = await run(['open', path('report.pdf.sealed')]);
    expect(existing.code).toBe(4);
    expect(existing.stderr).toContain('report.pdf exists. To replace it, add --force.');
    await succeed(['open', path('report.pdf.sealed'), '--force']);
    expect(readFileSync(path('report.pdf')).equals(plaintext)).toBe(true);
  });

  test('the bytes of a sealed file never reach the service, which is called once for each message', async () => {
    const message = await sealToBytes();
    const opened = await succeed(['open', '-'], { stdin: message });
    expect(opened.bytes.equals(plaintext)).toBe(true);
    expect(gateway.requests.map(({ path: requested }) => requested.split('/').at(-1))).toEqual(['data-key', 'decrypt']);
    const sent = gateway.requests.map(({ body }) => body).join('');
    expect(sent).not.toContain(plaintext.subarray(0, 30).toString('base64'));
    expect(sent.length).toBeLessThan(2_000);
  });

  test('an empty file is sealed and opened', async () => {
    const { bytes } = await succeed(['seal', '-', ...key], { stdin: '' });
    expect((await succeed(['open', '-'], { stdin: bytes })).bytes).toHaveLength(0);
  });

  test('without a file, seal and open read standard input', async () => {
    const { bytes } = await succeed(['seal', ...key], { stdin: 'piped' });
    expect((await succeed(['open'], { stdin: bytes })).stdout).toBe('piped');
  });

  test('--json prints the facts about the message, and --context must match when it is opened', async () => {
    const context = ['--context', 'app=orders', '--context', 'note=a=b'];
    const sealed = await succeed(['seal', path('report.pdf'), ...key, ...context, '--out', path('c.sealed'), '--json']);
    expect(JSON.parse(sealed.stdout)).toMatchObject({
      File: path('c.sealed'),
      KeyIds: [expect.stringMatching(/^arn:aws:kms:us-east-1:\d+:key\//)],
      EncryptionContext: { app: 'orders', note: 'a=b' },
      AlgorithmSuite: 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY',
      PlaintextBytes: plaintext.length,
      MessageBytes: readFileSync(path('c.sealed')).length,
    });
    const opened = await succeed(['open', path('c.sealed'), '--context', 'app=orders', '--out', path('c'), '--json']);
    expect(JSON.parse(opened.stdout)).toMatchObject({
      EncryptionContext: { app: 'orders', note: 'a=b' },
      PlaintextBytes: plaintext.length,
    });
    const other = await run(['open', path('c.sealed'), '--context', 'app=other', '--out', path('d'), '--json']);
    expect(other.code).toBe(5);
    expect(JSON.parse(other.stderr)).toMatchObject({ code: 'EncryptionContextMismatch' });
    expect(existsSync(path('d'))).toBe(false);
  });

  test('each additional key opens the message', async () => {
    const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
    const first = KeyMetadata?.KeyId ?? '';
    const sealed = await succeed(['seal', '-', '--key', first, '--additional-key', 'alias/example'], { stdin: 'both' });
    await used.client.send(new DisableKeyCommand({ KeyId: first }));
    expect((await succeed(['open', '-'], { stdin: sealed.bytes })).stdout).toBe('both');
    expect((await succeed(['open', '-', ...key], { stdin: sealed.bytes })).stdout).toBe('both');
    const refused = await run(['open', '-', '--key', first], { stdin: sealed.bytes });
    expect(refused.code).toBe(1);
  });

  test('a signed message is opened only to a file, which appears after the signature is verified', async () => {
    const message = await sealToBytes('--signed');
    writeFileSync(path('signed.sealed'), message);
    await succeed(['open', path('signed.sealed')]);
    expect(readFileSync(path('signed')).equals(plaintext)).toBe(true);
    const streamed = await run(['open', '-'], { stdin: message });
    expect(streamed).toMatchObject({ code: 5, stdout: '' });
    expect(streamed.stderr).toContain('SignedMessageInStream: The message has a signature at its end');
    writeFileSync(path('forged.sealed'), Buffer.concat([message.subarray(0, -1), Buffer.from([message.at(-1)! ^ 1])]));
    const forged = await run(['open', path('forged.sealed')]);
    expect(forged.code).toBe(5);
    expect(existsSync(path('forged'))).toBe(false);
  });
});

describe('a damaged message', () => {
  test.each<[string, (message: Buffer) => Buffer]>([
    ['in its last frame', (message) => Buffer.concat([message.subarray(0, -1), Buffer.from([message.at(-1)! ^ 1])])],
    ['by truncation', (message) => message.subarray(0, 150_000)],
    ['by a trailing byte', (message) => Buffer.concat([message, Buffer.from([0])])],
    [
      'in its header',
      (message) => Buffer.concat([message.subarray(0, 4), Buffer.from([message[4]! ^ 1]), message.subarray(5)]),
    ],
    ['because it is another file', () => plaintext],
    ['because it is empty', () => Buffer.alloc(0)],
  ])('a message that is damaged %s leaves no file', async (name, damage) => {
    const files = readdirSync(folder.directory);
    writeFileSync(path('damaged.sealed'), damage(await sealToBytes()));
    const { code, stdout, stderr } = await run(['open', path('damaged.sealed')]);
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(new Set(readdirSync(folder.directory))).toEqual(new Set([...files, 'damaged.sealed']));
    expect(name).not.toBe('');
  });

  test('a damaged data key is a damaged message, and no wrong encryption context', async () => {
    const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
    for (const flags of [[], ['--additional-key', KeyMetadata?.KeyId ?? '']]) {
      const message = Buffer.from(await sealToBytes(...flags));
      for (const { ciphertext } of readHeader(message)?.encryptedDataKeys ?? []) {
        message[message.indexOf(ciphertext) + ciphertext.length - 1]! ^= 1;
      }
      const { code, stdout, stderr } = await run(['open', '-'], { stdin: message });
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
      expect(stderr).toContain('KMS cannot decrypt the data key of the message.');
      expect(stderr).toContain('The message was changed, or it was sealed for another stage or tenant.');
      expect(stderr).not.toContain('Decrypt with the encryption context');
    }
  });

  test('open points to decrypt for a ciphertext of KMS, and decrypt points to open for a message', async () => {
    const encrypted = await run(['encrypt', ...key], { stdin: 'short' });
    const opened = await run(['open', '-'], { stdin: encrypted.bytes });
    expect(opened.code).toBe(5);
    expect(opened.stderr).toMatch(
      /NotAMessage: .+ If `kms-functions encrypt` wrote the file, use `kms-functions decrypt`/,
    );
    const { bytes } = await succeed(['seal', '-', ...key], { stdin: 'short' });
    gateway.requests.length = 0;
    const decrypted = await run(['decrypt'], { stdin: bytes });
    expect(decrypted.code).toBe(2);
    expect(decrypted.stderr).toContain('standard input is a sealed message. Use `kms-functions open`.');
    expect(gateway.requests).toEqual([]);
    const text = await run(['open', '-'], { stdin: bytes.toString('base64') });
    expect(text.code).toBe(5);
    expect(text.stderr).toContain('base64 --decode');
    expect(text.stderr).not.toContain('kms-functions decrypt');
  });

  test('a message that fails before its first frame has nothing to discard', async () => {
    const { code, stdout, stderr } = await run(['open'], { stdin: (await sealToBytes()).subarray(0, 1_000) });
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toBe('kms-functions: MessageTruncated: The message ends too early.\n');
  });

  test('open with a key that did not seal the message explains what happens without --key', async () => {
    const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
    const opened = await run(['open', '--key', KeyMetadata?.KeyId ?? ''], { stdin: await sealToBytes() });
    expect(opened.code).toBe(1);
    expect(opened.stderr).toMatch(
      /IncorrectKeyException: .+ The message was sealed under another key\. Without --key,/,
    );
  });

  test('a truncated message on standard output is reported, after only verified bytes', async () => {
    const { code, bytes, stderr } = await run(['open', '-'], { stdin: (await sealToBytes()).subarray(0, 150_000) });
    expect(code).toBe(5);
    expect(bytes.length).toBe(2 * 65_536);
    expect(bytes.equals(plaintext.subarray(0, bytes.length))).toBe(true);
    expect(stderr).toContain('Discard what the command has written to standard output.');
  });
});

describe('an interrupted or impossible command', () => {
  test('Ctrl-C in the middle removes the temporary file', async () => {
    const controller = new AbortController();
    const files = readdirSync(folder.directory);
    async function* produce() {
      yield randomBytes(200_000);
      controller.abort(new Interrupted('SIGINT'));
      yield randomBytes(200_000);
    }
    const result = await run(['seal', '-', ...key, '--out', path('interrupted')], {
      stdin: Readable.from(produce()),
      signal: controller.signal,
    });
    expect(result).toMatchObject({ code: 130, stdout: '', stderr: '' });
    expect(readdirSync(folder.directory)).toEqual(files);
  });

  test.each([
    [['seal', 'FOLDER/absent', ...key], 4, 'absent does not exist.'],
    [['seal', 'FOLDER', ...key], 4, 'is a directory.'],
    [['seal', 'FOLDER/report.pdf', ...key, '--out', 'FOLDER'], 4, 'is a directory.'],
    [['seal', 'FOLDER/report.pdf', ...key, '--out', 'FOLDER/no/x'], 4, 'The folder FOLDER/no does not exist.'],
    [['seal', 'FOLDER/report.pdf', '--key', 'alias/absent', '--out', 'FOLDER/n'], 1, 'NotFoundException'],
    [['seal', 'FOLDER/report.pdf'], 2, 'The flag --key is missing.'],
    [['seal', '-', ...key, '--json'], 2, 'Standard output cannot contain both'],
    [['seal', '-', ...key, '--context', 'aws-crypto-x=1'], 2, 'aws-crypto-'],
    [['open', 'FOLDER/report.pdf'], 2, 'does not end in .sealed. Add --out <file> or --out -.'],
  ])('%j fails before it writes a file', async (args, code, message) => {
    const files = readdirSync(folder.directory);
    const result = await run(args.map((arg) => arg.replace('FOLDER', folder.directory)));
    expect(result).toMatchObject({ code, stdout: '' });
    expect(result.stderr).toContain(message.replace('FOLDER', folder.directory));
    expect(readdirSync(folder.directory)).toEqual(files);
  });

  test.runIf(existsSync('/dev/full'))('a full device is an error of the file', async () => {
    const device = await run(['seal', path('report.pdf'), ...key, '--out', '/dev/full']);
    expect(device).toMatchObject({ code: 4, stdout: '' });
    expect(device.stderr).toBe('kms-functions: FileError: /dev/full cannot be written, because the disk is full.\n');
  });

  test('seal does not write bytes to a terminal', async () => {
    const result = await run(['seal', '-', ...key], { stdin: 'hi', terminals: ['stdout'] });
    expect(result.code).toBe(2);
    expect(gateway.requests).toEqual([]);
  });
});

describe('the progress bar', () => {
  const seal = ['seal', '-', ...key, '--out', '/dev/null'];

  test.each<[string, readonly string[], readonly 'stderr'[], boolean]>([
    ['appears on a terminal', [], ['stderr'], true],
    ['does not appear in a file', [], [], false],
    ['appears with --progress', ['--progress'], [], true],
    ['does not appear with --no-progress', ['--no-progress'], ['stderr'], false],
  ])('the progress bar %s', async (_, flags, terminals, isShown) => {
    const { code, stderr } = await run([...seal, ...flags], { stdin: plaintext, terminals });
    expect(code).toBe(0);
    expect(stderr.endsWith('\n')).toBe(isShown);
    expect(stderr.includes('standard input  200.0 kB')).toBe(isShown);
  });

  test.each<[string, readonly string[], readonly ('stdout' | 'stderr')[], boolean]>([
    ['does not appear on a terminal that shows the plaintext', [], ['stdout', 'stderr'], false],
    ['does not appear there with --progress', ['--progress'], ['stdout', 'stderr'], false],
    ['appears if the plaintext goes elsewhere', [], ['stderr'], true],
  ])('the progress bar of open %s', async (_, flags, terminals, isShown) => {
    const message = await sealToBytes();
    const { bytes, stderr } = await run(['open', '-', '--out', '-', ...flags], { stdin: message, terminals });
    expect(bytes.equals(plaintext)).toBe(true);
    expect(stderr !== '').toBe(isShown);
  });

  test('the progress bar ends at 100 percent, and shows the control characters in a name as text', async () => {
    writeFileSync(path('red\u001b[31m'), plaintext);
    const { stderr } = await run(['seal', path('red\u001b[31m'), ...key, '--progress']);
    expect(stderr).toContain('red\\u001b[31m  [');
    expect(stderr).toMatch(/\] {2}100% {2}200\.0 kB of 200\.0 kB[^\r]*\n$/);
  });

  test('control characters in the name of a file are shown as text in results, JSON and errors', async () => {
    const name = 'a\u001b[31m\u009b\u202e';
    const shown = 'a\\u001b[31m\\u009b\\u202e';
    writeFileSync(path(name), plaintext);
    expect((await succeed(['seal', path(name), ...key])).stdout).toContain(`${shown}.sealed under`);
    expect((await succeed(['open', path(`${name}.sealed`), '--force'])).stdout).toContain(`${shown} with`);
    const { stdout } = await succeed(['open', path(`${name}.sealed`), '--force', '--json']);
    expect(stdout).toContain(`${shown}"`);
    expect(JSON.parse(stdout).File).toBe(path(name));
    const errors = [
      await run(['open', `${name}.none`, '--out', '-']),
      await run([name]),
      await run(['seal', `--${name}`]),
    ];
    for (const { code, stderr } of errors) {
      expect(code).toBeGreaterThan(0);
      expect(stderr).toContain(shown);
    }
  });
});

// The Python program takes seconds to start.
const python = isSoak ? findPython('aws_encryption_sdk') : undefined;

describe.skipIf(python === undefined)('the AWS Encryption SDK for Python', { timeout: 120_000 }, () => {
  const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001';

  async function callPython(action: 'seal' | 'open', source: string, target: string): Promise<string> {
    const program = join(root, 'test/support/encryption-sdk-python/kms_file.py');
    const env = {
      AWS_ENDPOINT_URL_KMS: used.emulator.endpoint,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
    const command = [python as string, program, action, keyArn, path(source), path(target)] as const;
    const { code, output } = await runProcess([...command], { env, timeoutMs: 60_000 });
    expect(code, output).toBe(0);
    return output.trim();
  }

  test.each([[[]], [['--signed']]])('Python opens a file that seal wrote with %j', async (flags) => {
    const args = ['seal', path('report.pdf'), ...key, '--context', 'app=orders', '--force', ...flags];
    await succeed([...args, '--out', path('for-python.sealed')]);
    expect(await callPython('open', 'for-python.sealed', 'from-python')).toBe('orders');
    expect(readFileSync(path('from-python')).equals(readFileSync(path('report.pdf')))).toBe(true);
  });

  test('open opens a file that Python sealed', async () => {
    await callPython('seal', 'report.pdf', 'python.sealed');
    await succeed(['open', path('python.sealed'), '--context', 'app=orders']);
    expect(readFileSync(path('python')).equals(readFileSync(path('report.pdf')))).toBe(true);
  });
});
