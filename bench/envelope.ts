import { randomBytes } from 'node:crypto';
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
import { compareTasks } from './compare-tasks.ts';
import { compareFiles } from './envelope-files.ts';
import { compareLargeMessages } from './envelope-large.ts';

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
        ...(await compareLargeMessages(effort)),
        ...(await compareSmallMessages(dataKeys, createAwsLibrary(keyArn, emulator.endpoint), effort)),
        ...(await compareFiles(effort)),
        await countCalls(createKmsDataKeys(client, [keyArn]), keyArn, countRequests, effort),
      ],
      notes: [
        'Each row alternates between this code and the other, in one process. The ratio is the median over all pairs: the time of this code divided by the other time.',
        'Messages of 1 MB have a process of their own. In a large heap, the garbage collections that the outputs of both sides cause would take longer than the encryption.',
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
    await compareTasks(
      "seal 100 bytes; AWS's library",
      () => sealBuffer(plaintext, { dataKeys }),
      () => aws.seal(plaintext),
      pairs,
      50,
    ),
    await compareTasks(
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
