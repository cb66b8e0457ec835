import { buildClient, CommitmentPolicy } from '@aws-crypto/client-node';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { beforeAll, describe, expect, test } from 'vitest';
import { createDataKeyCache, openBuffer, rewrapMessage, sealBuffer } from '../../envelope/index.ts';
import { createKmsKeyring } from '../support/aws-encryption-client.ts';
import { useEmulator } from '../support/emulator.ts';
import { createKmsDataKeys } from '../support/kms-data-keys.ts';

const kms = useEmulator({});
const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const plaintext = Buffer.from('a contract');
const encryptionContext = { tenant: 'acme' };
let keys: readonly string[];

beforeAll(async () => {
  const created = await Promise.all([0, 1].map(() => kms.client.send(new CreateKeyCommand({}))));
  keys = created.map(({ KeyMetadata }) => KeyMetadata?.Arn as string);
});

const key = (index: number) => keys[index] as string;
const createKeyring = (keyId: string) => createKmsKeyring(keyId, kms.emulator.endpoint);

describe('messages with data keys of KMS', () => {
  test.for([0x0478, 0x0578])("are read by AWS's library, and the reverse (suite %i)", async (suite) => {
    const dataKeys = createKmsDataKeys(kms.client, [key(0)]);
    const ours = await sealBuffer(plaintext, { dataKeys, suite, encryptionContext });
    const opened = await decrypt(createKeyring(key(0)), Buffer.from(ours));
    expect(opened.plaintext.equals(plaintext)).toBe(true);
    const { result } = await encrypt(createKeyring(key(0)), plaintext, { suiteId: suite, encryptionContext });
    const { encryptedDataKey, ...theirs } = await openBuffer(result, { dataKeys, encryptionContext });
    expect(Buffer.compare(theirs.plaintext, plaintext)).toBe(0);
    expect(encryptedDataKey?.providerInfo).toBe(key(0));
  });

  test('open with each of several keys', async () => {
    const dataKeys = createKmsDataKeys(kms.client, [key(0), key(1)]);
    const message = await sealBuffer(plaintext, { dataKeys, encryptionContext });
    for (const index of [0, 1]) {
      const oneKey = createKmsDataKeys(kms.client, [key(index)]);
      const opened = await openBuffer(message, { dataKeys: oneKey });
      expect(opened.encryptedDataKey?.providerInfo).toBe(key(index));
      expect((await decrypt(createKeyring(key(index)), Buffer.from(message))).plaintext.equals(plaintext)).toBe(true);
    }
  });

  test("are read by AWS's library after they were sealed again under another key", async () => {
    const message = await sealBuffer(plaintext, {
      dataKeys: createKmsDataKeys(kms.client, [key(0)]),
      encryptionContext,
    });
    const rewrapped = await rewrapMessage(message, {
      dataKeys: createKmsDataKeys(kms.client, [key(0)]),
      newDataKeys: createKmsDataKeys(kms.client, [key(1)]),
    });
    const opened = await decrypt(createKeyring(key(1)), Buffer.from(rewrapped));
    expect(opened.plaintext.equals(plaintext)).toBe(true);
    expect(opened.messageHeader.encryptionContext).toEqual(encryptionContext);
  });

  test('cause one call to KMS for 1,000 messages with the documented limits of the cache', async () => {
    const cache = createDataKeyCache({ maxAgeSeconds: 300, maxMessages: 10_000, maxBytes: 1_000_000_000 });
    const scope = { partition: 'tests', keyIds: [key(0)] };
    const dataKeys = cache.wrap(createKmsDataKeys(kms.client, [key(0)]), scope);
    const countRequests = () => kms.emulator.listRequests().at(-1)?.sequence ?? 0;
    const before = countRequests();
    const messages: Uint8Array[] = [];
    for (let index = 0; index < 1_000; index += 1) messages.push(await sealBuffer(plaintext, { dataKeys }));
    expect(countRequests() - before).toBe(1);
    for (const message of messages) await openBuffer(message, { dataKeys });
    expect(countRequests() - before).toBe(2);
  });
});
