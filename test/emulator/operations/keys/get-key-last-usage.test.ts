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
const getUsage = async (client: KMSClient, KeyId: string) => client.send(new GetKeyLastUsageCommand({ KeyId }));

test('GetKeyLastUsage returns an empty usage for an unused key', async () => {
  expect(await getUsage(used.client, second)).toMatchObject({
    KeyId: second,
    KeyLastUsage: {},
    TrackingStartDate: new Date(Date.UTC(2024, 0, 1)),
    KeyCreationDate: new Date(Date.UTC(2024, 0, 1)),
  });
});

test('the emulator records only successful cryptographic operations', async () => {
  await used.client.send(new GetKeyPolicyCommand({ KeyId: second }));
  const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId: first, Plaintext: Buffer.of(1) }));
  await catchError(used.client.send(new DecryptCommand({ KeyId: first, CiphertextBlob: CiphertextBlob?.subarray(1) })));
  expect((await getUsage(used.client, first)).KeyLastUsage?.Operation).toBe('Encrypt');
  expect((await getUsage(used.client, second)).KeyLastUsage).toEqual({});
  await used.client.send(new DecryptCommand({ CiphertextBlob }));
  expect((await getUsage(used.client, first)).KeyLastUsage?.Operation).toBe('Decrypt');
});

test('the emulator records ReEncrypt for both keys', async () => {
  const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId: first, Plaintext: Buffer.of(1) }));
  const { $metadata } = await used.client.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: second }));
  for (const key of [first, second]) {
    const { KeyLastUsage } = await getUsage(used.client, key);
    expect(KeyLastUsage).toMatchObject({ Operation: 'ReEncrypt', KmsRequestId: $metadata.requestId });
  }
});

test('a reset clears the last usage, and a snapshot restores it', async () => {
  await used.client.send(new EncryptCommand({ KeyId: first, Plaintext: Buffer.of(1) }));
  const snapshot = used.emulator.snapshot();
  await used.emulator.reset();
  expect((await getUsage(used.client, first)).KeyLastUsage).toEqual({});
  used.emulator.restore(snapshot);
  expect((await getUsage(used.client, first)).KeyLastUsage?.Operation).toBe('Encrypt');
});

test('GetKeyLastUsage rejects an alias', async () => {
  expect(await catchError(getUsage(used.client, 'alias/example'))).toEqual({
    name: 'InvalidArnException',
    message: 'Key Aliases are not supported for this operation.',
  });
});

test('the emulator keeps the last usage when it restarts', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kms-functions-usage-'));
  const usages: unknown[] = [];
  try {
    for (const isFirst of [true, false]) {
      const emulator = await startEmulator({ directory, seed: 'default' });
      const client = clientFor(emulator.endpoint);
      if (isFirst) await client.send(new EncryptCommand({ KeyId: first, Plaintext: Buffer.of(1) }));
      usages.push((await getUsage(client, first)).KeyLastUsage);
      client.destroy();
      await emulator.close();
    }
    expect(usages[0]).toMatchObject({ Operation: 'Encrypt' });
    expect(usages[1]).toEqual(usages[0]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
