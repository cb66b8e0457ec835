import {
  CancelKeyDeletionCommand,
  ConnectCustomKeyStoreCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteCustomKeyStoreCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  DisconnectCustomKeyStoreCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateRandomCommand,
  type KMSClient,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { beforeAll, describe, expect, it } from 'vitest';
import { catchError, useEmulator } from '../../../support/emulator.ts';
import { cloudHsm, createKeyStore, external } from '../../../support/key-stores.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator({});
const dayMs = 24 * 60 * 60 * 1000;
let client: KMSClient;
let hsm: string;
let xks: string;
let disconnected: string;

const connect = (CustomKeyStoreId: string) => client.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId }));
const disconnect = (CustomKeyStoreId: string) => client.send(new DisconnectCustomKeyStoreCommand({ CustomKeyStoreId }));
const getState = async (KeyId: string) => (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;

beforeAll(async () => {
  client = used.client;
  hsm = await createKeyStore(client, cloudHsm());
  xks = await createKeyStore(client, external());
  disconnected = await createKeyStore(client, cloudHsm());
  await connect(hsm);
  await connect(xks);
});

const inHsm = (): CreateKeyCommandInput => ({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: hsm });
const inXks = (XksKeyId: string): CreateKeyCommandInput => ({
  Origin: 'EXTERNAL_KEY_STORE',
  CustomKeyStoreId: xks,
  XksKeyId,
});

describe('CreateKey in a custom key store', () => {
  it('CreateKey returns the custom key store in the key metadata', async () => {
    expect(await createKey(client, inHsm())).toMatchObject({
      Origin: 'AWS_CLOUDHSM',
      CustomKeyStoreId: hsm,
      CloudHsmClusterId: expect.stringMatching(/^cluster-/),
      KeyState: 'Enabled',
      KeySpec: 'SYMMETRIC_DEFAULT',
    });
    const metadata = await createKey(client, inXks('external-1'));
    expect(metadata).toMatchObject({
      Origin: 'EXTERNAL_KEY_STORE',
      CustomKeyStoreId: xks,
      XksKeyConfiguration: { Id: 'external-1' },
    });
    expect(metadata.CloudHsmClusterId).toBeUndefined();
    expect(metadata.CurrentKeyMaterialId).toBeUndefined();
  });

  it('CreateKey in a custom key store creates a key that encrypts and decrypts', async () => {
    const { KeyId } = await createKey(client, inXks('external-2'));
    const { CiphertextBlob } = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('text') }));
    const { Plaintext = new Uint8Array() } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext).toString()).toBe('text');
  });

  it.each<[string, string, () => CreateKeyCommandInput]>([
    ['an unknown key store', 'CustomKeyStoreNotFoundException', () => ({ ...inHsm(), CustomKeyStoreId: 'cks-0' })],
    [
      'a disconnected key store',
      'CustomKeyStoreInvalidStateException',
      () => ({ ...inHsm(), CustomKeyStoreId: disconnected }),
    ],
    ['a key store of the other type', 'UnsupportedOperationException', () => ({ ...inHsm(), CustomKeyStoreId: xks })],
    ['a missing key store', 'ValidationException', () => ({ Origin: 'AWS_CLOUDHSM' })],
    ['a key store for Origin AWS_KMS', 'ValidationException', () => ({ CustomKeyStoreId: hsm })],
    ['a missing external key id', 'ValidationException', () => ({ ...inXks(''), XksKeyId: undefined })],
    ['an external key id for a CloudHSM key store', 'ValidationException', () => ({ ...inHsm(), XksKeyId: 'x' })],
    ['a malformed external key id', 'ValidationException', () => inXks('a b')],
    ['a multi-Region key', 'UnsupportedOperationException', () => ({ ...inHsm(), MultiRegion: true })],
    [
      'a key spec other than SYMMETRIC_DEFAULT',
      'ValidationException',
      () => ({ ...inHsm(), KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
    ],
  ])('CreateKey in a custom key store rejects %s with %s', async (_, name, input) => {
    expect((await catchError(client.send(new CreateKeyCommand(input())))).name).toBe(name);
  });

  it('CreateKey rejects an external key that is already in use', async () => {
    await createKey(client, inXks('external-3'));
    expect((await catchError(createKey(client, inXks('external-3')))).name).toBe('XksKeyAlreadyInUseException');
  });
});

describe('a key in a custom key store', () => {
  it('a key is Unavailable while its key store is disconnected, and Enabled or Disabled after the key store connects', async () => {
    const [enabled, disabled, toDisable, toEnable] = [
      await createKey(client, inHsm()),
      await createKey(client, inHsm()),
      await createKey(client, inHsm()),
      await createKey(client, inHsm()),
    ];
    for (const { KeyId } of [disabled, toEnable]) await client.send(new DisableKeyCommand({ KeyId }));
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: enabled.KeyId, Plaintext: Buffer.from('text') }),
    );
    await disconnect(hsm);
    for (const { KeyId } of [enabled, disabled, toDisable, toEnable]) expect(await getState(KeyId)).toBe('Unavailable');
    expect(await catchError(client.send(new DecryptCommand({ CiphertextBlob })))).toEqual({
      name: 'KMSInvalidStateException',
      message: `${enabled.Arn} is unavailable.`,
    });
    await client.send(new DisableKeyCommand({ KeyId: toDisable.KeyId }));
    await client.send(new EnableKeyCommand({ KeyId: toEnable.KeyId }));
    expect(await getState(toEnable.KeyId)).toBe('Unavailable');
    await connect(hsm);
    expect(await getState(enabled.KeyId)).toBe('Enabled');
    expect(await getState(disabled.KeyId)).toBe('Disabled');
    expect(await getState(toDisable.KeyId)).toBe('Disabled');
    expect(await getState(toEnable.KeyId)).toBe('Enabled');
    await client.send(new DecryptCommand({ CiphertextBlob }));
  });

  it('a key stays PendingDeletion while its key store is disconnected, and becomes Unavailable if the deletion is canceled', async () => {
    const { KeyId } = await createKey(client, inHsm());
    await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await disconnect(hsm);
    expect(await getState(KeyId)).toBe('PendingDeletion');
    await client.send(new CancelKeyDeletionCommand({ KeyId }));
    expect(await getState(KeyId)).toBe('Unavailable');
    await connect(hsm);
    expect(await getState(KeyId)).toBe('Disabled');
  });

  it('a key prevents the deletion of its key store until the key is deleted', async () => {
    const CustomKeyStoreId = await createKeyStore(client, cloudHsm());
    await connect(CustomKeyStoreId);
    const { KeyId } = await createKey(client, { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
    await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await disconnect(CustomKeyStoreId);
    const remove = () => client.send(new DeleteCustomKeyStoreCommand({ CustomKeyStoreId }));
    expect((await catchError(remove())).name).toBe('CustomKeyStoreHasCMKsException');
    used.emulator.clock.advance(8 * dayMs);
    await remove();
  });

  it.each([
    ['EnableKeyRotation', (KeyId: string) => client.send(new EnableKeyRotationCommand({ KeyId }))],
    ['DisableKeyRotation', (KeyId: string) => client.send(new DisableKeyRotationCommand({ KeyId }))],
    ['RotateKeyOnDemand', (KeyId: string) => client.send(new RotateKeyOnDemandCommand({ KeyId }))],
  ])('a key in a custom key store is rejected by %s, whether or not the key store is connected', async (_, call) => {
    const { KeyId, Arn } = await createKey(client, inHsm());
    const expected = {
      name: 'UnsupportedOperationException',
      message: `${Arn} origin is AWS_CLOUDHSM which is not valid for this operation.`,
    };
    expect(await catchError(call(KeyId) as Promise<unknown>)).toEqual(expected);
    await disconnect(hsm);
    expect(await catchError(call(KeyId) as Promise<unknown>)).toEqual(expected);
    await connect(hsm);
  });
});

describe('GenerateRandom in a custom key store', () => {
  const random = (CustomKeyStoreId: string) =>
    client.send(new GenerateRandomCommand({ NumberOfBytes: 16, CustomKeyStoreId }));

  it('GenerateRandom returns bytes from a connected CloudHSM key store', async () => {
    expect((await random(hsm)).Plaintext).toHaveLength(16);
  });

  it.each([
    ['an unknown key store', 'CustomKeyStoreNotFoundException', () => 'cks-0'],
    ['a disconnected key store', 'CustomKeyStoreInvalidStateException', () => disconnected],
    ['an external key store', 'UnsupportedOperationException', () => xks],
  ])('GenerateRandom in a custom key store rejects %s with %s', async (_, name, id) => {
    expect((await catchError(random(id()))).name).toBe(name);
  });
});
