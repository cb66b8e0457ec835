import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto';
import {
  buildClient,
  CommitmentPolicy,
  getLocalCryptographicMaterialsCache,
  NodeCachingMaterialsManager,
} from '@aws-crypto/client-node';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { startEmulator } from '../emulator/index.ts';
import { createDataKeyCache, type DataKeys, openBuffer, sealBuffer } from '../envelope/index.ts';
import { createKmsKeyring } from '../test/support/aws-encryption-client.ts';
import { createKmsDataKeys } from '../test/support/kms-data-keys.ts';
import type { Benchmark, Effort, Measurement, Row } from './benchmark.ts';
import { compareFiles } from './envelope-files.ts';
import { median, pairRatios, round } from './statistics.ts';

export const envelope: Benchmark = {
  name: 'envelope',
  question:
    "How fast are sealing and opening, compared with AES-256-GCM of Node.js alone, and with AWS's JavaScript library?",
  run: measure,
};

/** The limits that the documentation recommends. */
const cacheLimits = { maxAgeSeconds: 300, maxMessages: 10_000, maxBytes: 1_000_000_000 };

async function measure(effort: Effort): Promise<Measurement> {
  const emulator = await startEmulator();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new KMSClient({ endpoint: emulator.endpoint, region: 'us-east-1', credentials });
  try {
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    const keyArn = KeyMetadata?.Arn as string;
    const countRequests = () => emulator.listRequests().at(-1)?.sequence ?? 0;
    const dataKeys = cacheDataKeys(createKmsDataKeys(client, [keyArn]), keyArn);
    return {
      rows: [
        ...(await compareLargeMessages(dataKeys, effort)),
        ...(await compareSmallMessages(dataKeys, createAwsLibrary(keyArn, emulator.endpoint), effort)),
        ...(await compareFiles(effort)),
        await countCalls(createKmsDataKeys(client, [keyArn]), keyArn, countRequests, effort),
      ],
      notes: [
        'Each row alternates between this code and the other, in one process. The ratio is the median over all pairs: the time of this code divided by the other time.',
        'The CPU ratio counts only the CPU time of the main thread. Load from other programs affects it less than the times, because a long task is interrupted more often than a short one.',
        "Raw AES-256-GCM encrypts the bytes in one call, without frames, header or key derivation. AWS's library is `@aws-crypto/client-node` with its caching materials manager.",
        'Files are streams from a file to a file. Memory is the largest growth of the resident set after the first tenth of the file.',
        'Signed messages and 4 KiB frames have no target.',
      ],
    };
  } finally {
    client.destroy();
    await emulator.close();
  }
}

function cacheDataKeys(dataKeys: DataKeys, keyArn: string): DataKeys {
  return createDataKeyCache(cacheLimits).wrap(dataKeys, { partition: 'bench', keyIds: [keyArn] });
}

type Task = () => unknown;

/** Runs two tasks in turns. The tasks take turns in running first, because the second finds a warmer processor. */
async function compare(what: string, ours: Task, theirs: Task, pairs: number, perBlock = 1): Promise<Row> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  const cpuTimes: typeof times = { ours: [], theirs: [] };
  const run = async (name: keyof typeof times, task: Task, isWarmUp: boolean) => {
    const [start, cpuStart] = [performance.now(), process.threadCpuUsage()];
    for (let index = 0; index < perBlock; index += 1) await task();
    const { user, system } = process.threadCpuUsage(cpuStart);
    if (isWarmUp) return;
    times[name].push((performance.now() - start) / perBlock);
    cpuTimes[name].push(user + system);
  };
  const warmUp = Math.ceil(pairs / 5);
  for (let index = -warmUp; index < pairs; index += 1) {
    const order = [['ours', ours] as const, ['theirs', theirs] as const];
    for (const [name, task] of index % 2 === 0 ? order : order.reverse()) await run(name, task, index < 0);
  }
  return {
    what,
    ms: round(median(times.ours), 3),
    otherMs: round(median(times.theirs), 3),
    ratio: round(median(pairRatios(times.ours, times.theirs)), 2),
    cpuRatio: round(median(pairRatios(cpuTimes.ours, cpuTimes.theirs)), 2),
  };
}

async function compareLargeMessages(dataKeys: DataKeys, effort: Effort): Promise<Row[]> {
  const plaintext = randomBytes(1_000_000);
  const raw = createRawGcm(plaintext);
  const variants = [
    ['0x0478, 64 KiB frames', {}],
    ['0x0478, 4 KiB frames', { frameLength: 4096 }],
    ['0x0578 (signed), 64 KiB frames', { suite: 0x0578 }],
  ] as const;
  const rows: Row[] = [];
  for (const [what, options] of variants) {
    const message = await sealBuffer(plaintext, { dataKeys, ...options });
    const pairs = effort.choose(40, 2);
    rows.push(
      await compare(
        `seal 1 MB, ${what}; raw`,
        () => sealBuffer(plaintext, { dataKeys, ...options }),
        raw.seal,
        pairs,
        10,
      ),
    );
    rows.push(await compare(`open 1 MB, ${what}; raw`, () => openBuffer(message, { dataKeys }), raw.open, pairs, 10));
  }
  return rows;
}

/** AES-256-GCM without a message format. Opening checks the tag. */
function createRawGcm(plaintext: Uint8Array): { readonly seal: Task; readonly open: Task } {
  const [key, iv] = [createSecretKey(randomBytes(32)), randomBytes(12)];
  const seal = () => {
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    return { ciphertext, tag: cipher.getAuthTag() };
  };
  const { ciphertext, tag } = seal();
  const open = () => {
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(tag);
    const opened = decipher.update(ciphertext);
    decipher.final();
    return opened;
  };
  return { seal, open };
}

interface AwsLibrary {
  seal(plaintext: Uint8Array): Promise<Uint8Array>;
  open(message: Uint8Array): Promise<unknown>;
}

function createAwsLibrary(keyArn: string, endpoint: string): AwsLibrary {
  const materials = new NodeCachingMaterialsManager({
    backingMaterials: createKmsKeyring(keyArn, endpoint),
    cache: getLocalCryptographicMaterialsCache(1000),
    maxAge: cacheLimits.maxAgeSeconds * 1000,
    maxMessagesEncrypted: cacheLimits.maxMessages,
    maxBytesEncrypted: cacheLimits.maxBytes,
  });
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  return {
    // Without the length, the library does not cache.
    seal: async (plaintext) =>
      (await encrypt(materials, Buffer.from(plaintext), { suiteId: 0x0478, plaintextLength: plaintext.length })).result,
    open: (message) => decrypt(materials, Buffer.from(message)),
  };
}

async function compareSmallMessages(dataKeys: DataKeys, aws: AwsLibrary, effort: Effort): Promise<Row[]> {
  const plaintext = randomBytes(100);
  const [ours, theirs] = [await sealBuffer(plaintext, { dataKeys }), await aws.seal(plaintext)];
  const pairs = effort.choose(40, 2);
  return [
    await compare(
      "seal 100 bytes; AWS's library",
      () => sealBuffer(plaintext, { dataKeys }),
      () => aws.seal(plaintext),
      pairs,
      50,
    ),
    await compare(
      "open 100 bytes; AWS's library",
      () => openBuffer(ours, { dataKeys }),
      () => aws.open(theirs),
      pairs,
      50,
    ),
  ];
}

/** Counts the requests that the emulator receives for 1,000 messages, with the documented limits of the cache. */
async function countCalls(
  dataKeys: DataKeys,
  keyArn: string,
  countRequests: () => number,
  effort: Effort,
): Promise<Row> {
  const cached = cacheDataKeys(dataKeys, keyArn);
  const messages = effort.choose(10_000, 1_000);
  const before = countRequests();
  for (let index = 0; index < messages; index += 1) await sealBuffer(Buffer.from('a message'), { dataKeys: cached });
  return { what: 'calls to KMS for 1,000 messages', calls: (countRequests() - before) / (messages / 1_000) };
}
