import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DecryptCommand,
  EncryptCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  type KMSClient,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { expect, test } from 'vitest';
import { startEmulator } from '../../../../emulator/index.ts';
import { catchError, clientFor, useEmulator } from '../../../support/emulator.ts';

const used = useEmulator();
const first = '5a4d1e00-0000-4000-8000-000000000001';
const second = '5a4d1e00-0000-4000-8000-000000000103';
const usageOf = async (client: KMSClient, KeyId: string) => client.send(new GetKeyLastUsageCommand({ KeyId }));

test('a key that was never used has an empty usage', async () => {
  expect(await usageOf(used.client, second)).toMatchObject({
    KeyId: second,
    KeyLastUsage: {},
    TrackingStartDate: new Date(Date.UTC(2024, 0, 1)),
    KeyCreationDate: new Date(Date.UTC(2024, 0, 1)),
  });
});

test('only cryptographic operations count, and only those that succeed', async () => {
  await used.client.send(new GetKeyPolicyCommand({ KeyId: second }));
  const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId: first, Plaintext: Buffer.of(1) }));
  await catchError(used.client.send(new DecryptCommand({ KeyId: first, CiphertextBlob: CiphertextBlob?.subarray(1) })));
  expect((await usageOf(used.client, first)).KeyLastUsage?.Operation).toBe('Encrypt');
  expect((await usageOf(used.client, second)).KeyLastUsage).toEqual({});
  await used.client.send(new DecryptCommand({ CiphertextBlob }));
  expect((await usageOf(used.client, first)).KeyLastUsage?.Operation).toBe('Decrypt');
});

test('ReEncrypt counts for both keys', async () => {
  const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId: first, Plaintext: Buffer.of(1) }));
  const { $metadata } = await used.client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: second }));
  for (const key of [first, second]) {
    const { KeyLastUsage } = await usageOf(used.client, key);
    expect(KeyLastUsage).toMatchObject({ Operation: 'ReEncrypt', KmsRequestId: $metadata.requestId });
  }
});

test('a reset forgets the last use, and a snapshot keeps it', async () => {
  await used.client.send(new EncryptCommand({ KeyId: first, Plaintext: Buffer.of(1) }));
  const snapshot = used.emulator.snapshot();
  await used.emulator.reset();
  expect((await usageOf(used.client, first)).KeyLastUsage).toEqual({});
  used.emulator.restore(snapshot);
  expect((await usageOf(used.client, first)).KeyLastUsage?.Operation).toBe('Encrypt');
});

test('takes no alias', async () => {
  expect(await catchError(usageOf(used.client, 'alias/example'))).toEqual({
    name: 'InvalidArnException',
    message: 'Key Aliases are not supported for this operation.',
  });
});

test('what was used is known after the emulator has ended', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kms-functions-usage-'));
  const usages: unknown[] = [];
  try {
    for (const isFirst of [true, false]) {
      const emulator = await startEmulator({ directory, seed: 'default' });
      const client = clientFor(emulator.endpoint);
      if (isFirst) await client.send(new EncryptCommand({ KeyId: first, Plaintext: Buffer.of(1) }));
      usages.push((await usageOf(client, first)).KeyLastUsage);
      client.destroy();
      await emulator.close();
    }
    expect(usages[0]).toMatchObject({ Operation: 'Encrypt' });
    expect(usages[1]).toEqual(usages[0]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
