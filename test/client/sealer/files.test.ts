import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node';
import { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Progress, type Sealer, type SealInfo, sealer } from '../../../client/sealer/index.ts';
import { useSealing } from '../../support/sealing.ts';
import { isSoak } from '../../support/soak.ts';

const used = useSealing();
const root = mkdtempSync(join(tmpdir(), 'kms-functions-sealer-'));
const plaintext = randomBytes(700_000);
let keyArn: string;
let own: Sealer;
let folder: string;
let source: string;

beforeAll(async () => {
  keyArn = await used.createKey();
  own = sealer({ client: used.client, keyId: keyArn });
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'test-'));
  source = join(folder, 'source');
  writeFileSync(source, plaintext);
});
afterAll(() => rm(root, { recursive: true }));

const inFolder = (name: string) => join(folder, name);
const readMode = (file: string) => statSync(file).mode & 0o777;

/** Seals the source into a file, and returns its path. */
async function sealSource(options?: Parameters<Sealer['sealFile']>[2]): Promise<string> {
  const sealed = inFolder('sealed');
  await own.sealFile(source, sealed, options);
  return sealed;
}

describe('sealFile and openFile', () => {
  test('open what they sealed, and report context, key, suite and lengths', async () => {
    const encryptionContext = { document: '42' };
    const sealed = inFolder('sealed');
    const suite = 'ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY';
    expect(await own.sealFile(source, pathToFileURL(sealed), { encryptionContext })).toEqual({
      ...{ encryptionContext, keyArns: [keyArn], suite, isCached: false },
      plaintextBytes: plaintext.length,
      messageBytes: statSync(sealed).size,
    });
    expect(await own.openFile(sealed, inFolder('opened'), { encryptionContext })).toEqual({
      ...{ encryptionContext, keyArn, suite, isCached: false },
      plaintextBytes: plaintext.length,
      messageBytes: statSync(sealed).size,
    });
    expect(readFileSync(inFolder('opened')).equals(plaintext)).toBe(true);
    expect((await own.open(readFileSync(sealed))).plaintext).toHaveLength(plaintext.length);
  });

  test('replace a file by its own sealed form and back', async () => {
    await own.sealFile(source, source);
    expect(readFileSync(source).includes(plaintext.subarray(0, 32))).toBe(false);
    await own.openFile(source, source);
    expect(readFileSync(source).equals(plaintext)).toBe(true);
  });

  test('accept a stream as input', async () => {
    const sealed = inFolder('sealed');
    const { plaintextBytes } = await own.sealFile(Readable.from([plaintext, plaintext]), sealed);
    expect(plaintextBytes).toBe(2 * plaintext.length);
    await own.openFile(Readable.from([readFileSync(sealed)]), inFolder('opened'));
    expect(readFileSync(inFolder('opened'))).toHaveLength(2 * plaintext.length);
  });

  test('open signed files, which streams reject, because the target appears after the verification', async () => {
    const signing = sealer({ client: used.client, keyId: keyArn, suite: 0x0578 });
    const sealed = inFolder('sealed');
    await signing.sealFile(source, sealed);
    await own.openFile(sealed, inFolder('opened'));
    expect(readFileSync(inFolder('opened')).equals(plaintext)).toBe(true);
    const bytes = readFileSync(sealed);
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    writeFileSync(sealed, bytes);
    await expect(own.openFile(sealed, inFolder('changed'))).rejects.toMatchObject({ code: 'SignatureInvalid' });
    expect(existsSync(inFolder('changed'))).toBe(false);
  });

  test('seal and open empty files', async () => {
    writeFileSync(source, '');
    await own.openFile(await sealSource(), inFolder('opened'));
    expect(statSync(inFolder('opened')).size).toBe(0);
  });

  test('report the progress from 0 to the length of the input', async () => {
    const seen: Progress[] = [];
    const sealed = await sealSource({ onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(3);
    expect(seen[0]).toEqual({ doneBytes: 0, totalBytes: plaintext.length });
    expect(seen.at(-1)).toEqual({ doneBytes: plaintext.length, totalBytes: plaintext.length });
    expect(seen.map(({ doneBytes }) => doneBytes)).toEqual(
      seen.map(({ doneBytes }) => doneBytes).toSorted((a, b) => a - b),
    );
    const opening: Progress[] = [];
    await own.openFile(createInput(sealed), inFolder('opened'), { onProgress: (progress) => opening.push(progress) });
    expect(opening.at(-1)).toEqual({ doneBytes: statSync(sealed).size, totalBytes: undefined });
  });

  test('use the cache, because the length of a file is known', async () => {
    const cache = { maxAgeSeconds: 300, maxMessages: 100, maxBytes: 10_000_000 };
    const cached = sealer({ client: used.client, keyId: keyArn, cache });
    used.takeCalls();
    await cached.sealFile(source, inFolder('one'));
    expect((await cached.sealFile(source, inFolder('two'))).isCached).toBe(true);
    expect(used.takeCalls()).toHaveLength(1);
  });
});

test("AWS's library opens a sealed file", async () => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const keyring = new KmsKeyringNode({
    keyIds: [keyArn],
    // The library's type for KMS clients does not allow `undefined` in optional members.
    clientProvider: (region) => new KMS({ endpoint: used.endpoint, region, credentials }) as never,
  });
  const { decryptStream } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const opened: Buffer[] = [];
  for await (const part of createReadStream(await sealSource()).pipe(decryptStream(keyring))) opened.push(part);
  expect(Buffer.concat(opened).equals(plaintext)).toBe(true);
});

const createInput = (file: string) => Readable.from([readFileSync(file)]);

describe('the target', () => {
  test('has the mode of a new file, or keeps its own mode', async () => {
    const usual = inFolder('usual');
    writeFileSync(usual, '');
    expect(readMode(await sealSource())).toBe(readMode(usual));
    chmodSync(inFolder('sealed'), 0o640);
    expect(readMode(await sealSource())).toBe(0o640);
  });

  test('is behind a link if its path is a link', async () => {
    writeFileSync(inFolder('real'), 'old');
    symlinkSync('real', inFolder('link'));
    await own.sealFile(source, inFolder('link'));
    await own.openFile(inFolder('real'), inFolder('opened'));
    expect(readFileSync(inFolder('opened')).equals(plaintext)).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(['link', 'opened', 'real', 'source']);
  });

  test('is not replaced with `overwrite: false`', async () => {
    writeFileSync(inFolder('sealed'), 'old');
    used.takeCalls();
    await expect(sealSource({ overwrite: false })).rejects.toMatchObject({ code: 'EEXIST' });
    expect(used.takeCalls()).toEqual([]);
    expect(readFileSync(inFolder('sealed'), 'utf8')).toBe('old');
    await own.sealFile(source, inFolder('new'), { overwrite: false });
    expect(readdirSync(folder).toSorted()).toEqual(['new', 'sealed', 'source']);
  });

  test('is not replaced with `overwrite: false` even if it appears during the call', async () => {
    const onProgress = () => writeFileSync(inFolder('sealed'), 'other');
    await expect(sealSource({ overwrite: false, onProgress })).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(inFolder('sealed'), 'utf8')).toBe('other');
    expect(readdirSync(folder).toSorted()).toEqual(['sealed', 'source']);
  });

  test.for([
    ['a device', '/dev/null', 'InvalidOption'],
    ['a folder', '.', 'InvalidOption'],
    ['in a missing folder', 'missing/file', 'ENOENT'],
  ] as const)('is rejected before any call if it is %s', async ([, path, code]) => {
    used.takeCalls();
    const target = path.startsWith('/') ? path : join(folder, path);
    await expect(own.sealFile(source, target)).rejects.toMatchObject({ code });
    expect(used.takeCalls()).toEqual([]);
    expect(readdirSync(folder)).toEqual(['source']);
  });

  test.for(['missing', 'folder'])('stays absent if the input is a %s', async (input) => {
    mkdirSync(inFolder('folder'));
    await expect(own.sealFile(inFolder(input), inFolder('sealed'))).rejects.toMatchObject({
      code: input === 'missing' ? 'ENOENT' : 'EISDIR',
    });
    expect(readdirSync(folder).toSorted()).toEqual(['folder', 'source']);
  });

  test.for([
    ['is incomplete', (bytes: Buffer) => bytes.subarray(0, -1), 'MessageTruncated'],
    ['has other bytes at its end', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('x')]), 'TrailingBytes'],
    ['was changed in its last frame', (bytes: Buffer) => flipByte(bytes, -20), 'FrameAuthenticationFailed'],
    ['is not a message', () => Buffer.from('hello'), 'NotAMessage'],
  ] as const)('stays unchanged if the message %s', async ([, change, code]) => {
    const sealed = await sealSource();
    writeFileSync(sealed, change(readFileSync(sealed)));
    writeFileSync(inFolder('opened'), 'old');
    await expect(own.openFile(sealed, inFolder('opened'))).rejects.toMatchObject({ code });
    expect(readFileSync(inFolder('opened'), 'utf8')).toBe('old');
    expect(readdirSync(folder).toSorted()).toEqual(['opened', 'sealed', 'source']);
  });

  test('stays absent if the service rejects the call', async () => {
    const missing = sealer({ client: used.client, keyId: 'alias/missing' });
    await expect(missing.sealFile(source, inFolder('sealed'))).rejects.toMatchObject({ code: 'NotFoundException' });
    expect(readdirSync(folder)).toEqual(['source']);
  });

  test('stays absent if the input changes its length during the call', async () => {
    const grow = ({ doneBytes }: Progress) => {
      if (doneBytes === 0) writeFileSync(source, randomBytes(10));
    };
    await expect(sealSource({ onProgress: grow })).rejects.toMatchObject({ code: 'PlaintextLengthMismatch' });
    expect(readdirSync(folder)).toEqual(['source']);
  });

  test('stays absent if `onProgress` throws', async () => {
    const onProgress = () => {
      throw new Error('no terminal');
    };
    await expect(sealSource({ onProgress })).rejects.toThrow('no terminal');
    expect(readdirSync(folder)).toEqual(['source']);
  });

  test.for(['sealFile', 'openFile'] as const)('stays absent if %s is aborted in the middle', async (method) => {
    const sealed = await sealSource();
    const controller = new AbortController();
    const onProgress = ({ doneBytes }: Progress) => {
      if (doneBytes > 0) controller.abort(new Error('stopped'));
    };
    const input = method === 'sealFile' ? source : sealed;
    const running = own[method](input, inFolder('target'), { onProgress, signal: controller.signal });
    await expect(running).rejects.toThrow('stopped');
    expect(readdirSync(folder).toSorted()).toEqual(['sealed', 'source']);
  });

  test('stays absent if the call is aborted while it waits for input', async () => {
    const controller = new AbortController();
    const waiting = new Readable({ read: () => {} });
    const running = own.sealFile(waiting, inFolder('target'), { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('stopped')), 20);
    await expect(running).rejects.toThrow('stopped');
    expect(waiting.destroyed).toBe(true);
    expect(readdirSync(folder)).toEqual(['source']);
  });

  test('stays unchanged if the process is killed, and the temporary file is private', async () => {
    const target = inFolder('target');
    writeFileSync(target, 'old');
    const child = spawnSealing('seal', target);
    // The write can fail with EPIPE when the process is killed.
    child.stdin?.on('error', () => {}).write(randomBytes(1_000_000));
    const findTemporary = () => readdirSync(folder).find((name) => name.endsWith('.tmp'));
    await expect
      .poll(() => statSize(inFolder(findTemporary() ?? 'none')), { timeout: 20_000 })
      .toBeGreaterThan(100_000);
    const temporary = inFolder(findTemporary() ?? '');
    expect(readMode(temporary)).toBe(0o600);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(readFileSync(target, 'utf8')).toBe('old');
  });
});

function flipByte(bytes: Buffer, index: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[changed.length + index] = (changed.at(index) as number) ^ 1;
  return changed;
}

function statSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Starts a process that seals or opens its input, a JavaScript expression. Prints its peak memory at the end, in KB. */
function spawnSealing(method: 'seal' | 'open', target: string, from = 'process.stdin'): ChildProcess {
  const module = pathToFileURL('client/sealer/index.ts').href;
  const client = pathToFileURL('client/index.ts').href;
  const script = `
    import { readFileSync } from 'node:fs';
    import { http } from '${client}';
    import { sealer } from '${module}';
    const own = sealer({ transport: http({ endpoint: '${used.gateway.endpoint}' }), keyId: '${keyArn}' });
    await own.${method}File(${from}, ${JSON.stringify(target)});
    // On Linux, maxRSS includes the memory of the process that started this one.
    const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
    console.log(/VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS);`;
  return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['pipe', 'pipe', 'inherit'] });
}

describe('streams', () => {
  const chunk = randomBytes(1024 * 1024);

  test('seal and open 64 MB, and keep less than 4 MB of it in memory', async () => {
    const chunks = 64;
    let sent = 0;
    let kept = 0;
    async function* produce(): AsyncGenerator<Buffer> {
      for (let index = 0; index < chunks; index += 1) {
        yield chunk;
        sent += chunk.length;
      }
    }
    let received = 0;
    let different = 0;
    const infos: unknown[] = [];
    const onHeader = ({ suite }: Pick<SealInfo, 'suite'>) => infos.push(suite);
    await pipeline(produce, own.sealStream({ onHeader }), own.openStream({ onHeader }), async (opened) => {
      for await (const part of opened as AsyncIterable<Buffer>) {
        // Frames divide the chunks evenly, so each part is within one chunk.
        const start = received % chunk.length;
        if (!part.equals(chunk.subarray(start, start + part.length))) different += 1;
        received += part.length;
        kept = Math.max(kept, sent - received);
      }
    });
    expect({ received, different }).toEqual({ received: chunks * chunk.length, different: 0 });
    expect(kept).toBeLessThan(4 * 1024 * 1024);
    expect(infos).toEqual(Array(2).fill('ALG_AES_256_GCM_HKDF_SHA512_COMMIT_KEY'));
  });

  test('of the Web platform seal and open', async () => {
    const encryptionContext = { document: '42' };
    const sealed = new Blob([plaintext]).stream().pipeThrough(own.sealWebStream({ encryptionContext }));
    const opened = sealed.pipeThrough(own.openWebStream({ encryptionContext }));
    expect(Buffer.from(await new Response(opened).arrayBuffer()).equals(plaintext)).toBe(true);
  });

  test('of the Web platform fail if the message was changed', async () => {
    const { message } = await own.seal(plaintext);
    const opened = new Blob([flipByte(Buffer.from(message), -20)]).stream().pipeThrough(own.openWebStream());
    await expect(new Response(opened).arrayBuffer()).rejects.toMatchObject({ code: 'FrameAuthenticationFailed' });
  });

  test('reject signed messages unless `releaseBeforeSignature` is set', async () => {
    const signing = sealer({ client: used.client, keyId: keyArn, suite: 0x0578 });
    const { message } = await signing.seal(plaintext);
    const collect = async (stream: Transform) => Buffer.concat(await Readable.from([message]).pipe(stream).toArray());
    await expect(collect(own.openStream())).rejects.toMatchObject({ code: 'SignedMessageInStream' });
    expect((await collect(own.openStream({ releaseBeforeSignature: true }))).equals(plaintext)).toBe(true);
  });

  test("fail with the signal's reason when the signal is aborted", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const stopAfter = new Transform({
      transform(part, _, callback) {
        controller.abort(new Error('stopped'));
        callback(null, part);
      },
    });
    const sealing = pipeline(Readable.from([chunk, chunk]), own.sealStream({ signal }), stopAfter.resume());
    await expect(sealing).rejects.toThrow('stopped');
    await expect(own.openStream({ signal }).toArray()).rejects.toThrow('stopped');
  });
});

test.runIf(isSoak)(
  'files of 1 GB need at most 64 MB more memory than files of 64 MB',
  { timeout: 240_000 },
  async () => {
    const measure = async (bytes: number) => {
      truncateSync(source, bytes);
      const peaksMb: number[] = [];
      for (const [method, from, to] of [
        ['seal', source, inFolder('sealed')],
        ['open', inFolder('sealed'), inFolder('opened')],
      ] as const) {
        const output = await spawnSealing(method, to, JSON.stringify(from)).stdout?.toArray();
        peaksMb.push(Number(Buffer.concat(output as Buffer[]).toString()) / 1024);
      }
      expect(statSync(inFolder('opened')).size).toBe(bytes);
      return peaksMb;
    };
    const small = await measure(64 * 1024 ** 2);
    const large = await measure(1024 ** 3);
    for (const [index, peakMb] of large.entries()) expect(peakMb - (small[index] as number)).toBeLessThan(64);
  },
);
