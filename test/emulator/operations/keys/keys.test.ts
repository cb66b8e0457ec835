import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  KeySpec,
  type KeyUsageType,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { account, catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator({});
const dayMs = 86_400_000;

const newKey = (input: CreateKeyCommandInput = {}) => createKey(used.client, input);

test('CreateKey returns the metadata of a symmetric key', async () => {
  const key = await newKey({ Description: 'mine', Tags: [{ TagKey: 'a', TagValue: 'b' }] });
  expect(key).toEqual({
    AWSAccountId: account,
    KeyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    Arn: `arn:aws:kms:us-east-1:${account}:key/${key.KeyId}`,
    CreationDate: expect.any(Date),
    Enabled: true,
    Description: 'mine',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: 'Enabled',
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: false,
    CurrentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect((await used.client.send(new DescribeKeyCommand({ KeyId: key.Arn }))).KeyMetadata).toEqual(key);
});

test('CreateKey creates a multi-Region key as a primary key with an id that starts with mrk-', async () => {
  const key = await newKey({ MultiRegion: true });
  expect(key.KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
  expect(key.MultiRegionConfiguration).toEqual({
    MultiRegionKeyType: 'PRIMARY',
    PrimaryKey: { Arn: key.Arn, Region: 'us-east-1' },
    ReplicaKeys: [],
  });
});

const usages: Partial<Record<KeySpec, KeyUsageType[]>> = {
  RSA_2048: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  ECC_NIST_P256: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_NIST_P384: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_NIST_P521: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  ECC_SECG_P256K1: ['SIGN_VERIFY'],
  ECC_NIST_EDWARDS25519: ['SIGN_VERIFY'],
  HMAC_224: ['GENERATE_VERIFY_MAC'],
  HMAC_256: ['GENERATE_VERIFY_MAC'],
  HMAC_384: ['GENERATE_VERIFY_MAC'],
  HMAC_512: ['GENERATE_VERIFY_MAC'],
  ML_DSA_44: ['SIGN_VERIFY'],
  ML_DSA_65: ['SIGN_VERIFY'],
  ML_DSA_87: ['SIGN_VERIFY'],
  ML_KEM_512: ['ENCAPSULATE_DECAPSULATE'],
  ML_KEM_768: ['ENCAPSULATE_DECAPSULATE'],
  ML_KEM_1024: ['ENCAPSULATE_DECAPSULATE'],
  SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT'],
};
const allUsages: KeyUsageType[] = [
  'ENCRYPT_DECRYPT',
  'SIGN_VERIFY',
  'GENERATE_VERIFY_MAC',
  'KEY_AGREEMENT',
  'ENCAPSULATE_DECAPSULATE',
];

describe.each(Object.entries(usages) as [KeySpec, KeyUsageType[]][])('CreateKey with key spec %s', (spec, allowed) => {
  test.each(allUsages)('CreateKey accepts usage %s only if the key spec supports the usage', async (usage) => {
    const call = newKey({ KeySpec: spec, KeyUsage: usage });
    if (allowed.includes(usage)) expect(await call).toMatchObject({ KeySpec: spec, KeyUsage: usage });
    else expect((await catchError(call)).name).toBe('ValidationException');
  });
});

test.each([
  [
    'a missing KeyUsage for a key spec that requires it',
    { KeySpec: KeySpec.HMAC_256 },
    'ValidationException',
    'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
  ],
  [
    'both KeySpec and CustomerMasterKeySpec',
    { KeySpec: KeySpec.HMAC_256, CustomerMasterKeySpec: KeySpec.HMAC_256 },
    'ValidationException',
    'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
  ],
  [
    'SM2 in a Region outside China',
    { KeySpec: KeySpec.SM2, KeyUsage: 'SIGN_VERIFY' },
    'UnsupportedOperationException',
    'KeySpec SM2 is not supported in this Region',
  ],
  [
    'a duplicate tag',
    { Tags: [1, 2].map((n) => ({ TagKey: 'a', TagValue: `${n}` })) },
    'TagException',
    'Duplicate tag keys',
  ],
  [
    'too many tags',
    { Tags: Array.from({ length: 51 }, (_, n) => ({ TagKey: `${n}`, TagValue: '' })) },
    'TagException',
    'Too many tags',
  ],
  [
    'a reserved tag key',
    { Tags: [{ TagKey: 'AWS:x', TagValue: '' }] },
    'TagException',
    'Tags beginning with aws: are reserved',
  ],
  ['a policy that is not JSON', { Policy: '{' }, 'MalformedPolicyDocumentException', 'Policy contains invalid JSON'],
] as const)('CreateKey rejects %s and does not create a key', async (_, input, name, message) => {
  const before = (await used.client.send(new ListKeysCommand({ Limit: 1000 }))).Keys?.length;
  expect(await catchError(newKey(input as never))).toEqual({ name, message });
  expect((await used.client.send(new ListKeysCommand({ Limit: 1000 }))).Keys?.length).toBe(before);
});

test('CreateKey creates SM2 keys in Regions in China', async () => {
  const client = clientFor(used.emulator.endpoint, { region: 'cn-north-1' });
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' }));
  expect(KeyMetadata).toMatchObject({
    Arn: expect.stringMatching(/^arn:aws-cn:kms:cn-north-1:/),
    SigningAlgorithms: ['SM2DSA'],
  });
});

describe('a key identifier', () => {
  test.each([
    [
      'an unknown id',
      '00000000-0000-0000-0000-000000000000',
      'NotFoundException',
      `Key 'arn:aws:kms:us-east-1:${account}:key/00000000-0000-0000-0000-000000000000' does not exist`,
    ],
    ['a malformed id', 'foo', 'NotFoundException', "Invalid keyId 'foo'"],
    [
      'the ARN of an unknown key',
      `arn:aws:kms:us-east-1:${account}:key/00000000-0000-0000-0000-000000000000`,
      'NotFoundException',
      `Key 'arn:aws:kms:us-east-1:${account}:key/00000000-0000-0000-0000-000000000000' does not exist`,
    ],
    [
      'an ARN with a malformed id',
      `arn:aws:kms:us-east-1:${account}:key/foo`,
      'NotFoundException',
      'Invalid keyId foo',
    ],
    [
      'an ARN in another Region',
      `arn:aws:kms:us-west-2:${account}:key/00000000-0000-0000-0000-000000000000`,
      'NotFoundException',
      'Invalid arn us-west-2',
    ],
    [
      'an unknown alias',
      'alias/none',
      'NotFoundException',
      `Alias arn:aws:kms:us-east-1:${account}:alias/none is not found.`,
    ],
    [
      'the ARN of an unknown alias',
      `arn:aws:kms:us-east-1:${account}:alias/none`,
      'NotFoundException',
      `Alias arn:aws:kms:us-east-1:${account}:alias/none is not found.`,
    ],
  ])('a key identifier is rejected if it is %s', async (_, KeyId, name, message) => {
    expect(await catchError(used.client.send(new DescribeKeyCommand({ KeyId })))).toEqual({ name, message });
  });

  test('an alias is rejected if the operation does not accept aliases', async () => {
    expect(await catchError(used.client.send(new DisableKeyCommand({ KeyId: 'alias/any' })))).toEqual({
      name: 'InvalidArnException',
      message: 'Key Aliases are not supported for this operation.',
    });
  });

  test('a key identifier is unknown in other Regions and accounts', async () => {
    const { KeyId } = await newKey();
    for (const other of [{ region: 'eu-west-1' }, { account: '111122223333' }]) {
      const client = clientFor(used.emulator.endpoint, other);
      expect((await catchError(client.send(new DescribeKeyCommand({ KeyId })))).name).toBe('NotFoundException');
    }
  });
});

test('a disabled key cannot encrypt until it is enabled', async () => {
  const { KeyId, Arn } = await newKey();
  const encrypt = () => used.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
  await used.client.send(new DisableKeyCommand({ KeyId }));
  expect(await catchError(encrypt())).toEqual({ name: 'DisabledException', message: `${Arn} is disabled.` });
  await used.client.send(new EnableKeyCommand({ KeyId }));
  await encrypt();
});

test('a key deletion can be scheduled and canceled, and takes place at the end of the waiting period', async () => {
  const { KeyId, Arn } = await newKey();
  const schedule = (PendingWindowInDays?: number) =>
    used.client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
  const describeKey = () => used.client.send(new DescribeKeyCommand({ KeyId }));

  const scheduled = await schedule(7);
  expect(scheduled).toMatchObject({ KeyId: Arn, KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
  expect((scheduled.DeletionDate!.getTime() - used.emulator.clock.now()) / dayMs).toBeCloseTo(7, 1);
  expect(await catchError(schedule(7))).toEqual({
    name: 'KMSInvalidStateException',
    message: `${Arn} is pending deletion.`,
  });
  const encrypt = used.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
  expect(await catchError(encrypt)).toEqual({
    name: 'KMSInvalidStateException',
    message: `${Arn} is pending deletion.`,
  });

  expect(await used.client.send(new CancelKeyDeletionCommand({ KeyId }))).toMatchObject({ KeyId: Arn });
  expect((await describeKey()).KeyMetadata).toMatchObject({ KeyState: 'Disabled', Enabled: false });
  expect(await catchError(used.client.send(new CancelKeyDeletionCommand({ KeyId })))).toEqual({
    name: 'KMSInvalidStateException',
    message: `${Arn} is not pending deletion.`,
  });

  await schedule();
  expect((await describeKey()).KeyMetadata?.KeyState).toBe('PendingDeletion');
  used.emulator.clock.advance(30 * dayMs);
  expect((await catchError(describeKey())).name).toBe('NotFoundException');
});

test.each([6, 31])('ScheduleKeyDeletion rejects a waiting period of %i days', async (PendingWindowInDays) => {
  const { KeyId } = await newKey();
  const call = used.client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
  expect((await catchError(call)).name).toBe('ValidationException');
});

test('UpdateKeyDescription changes the description', async () => {
  const { KeyId } = await newKey({ Description: 'old' });
  await used.client.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'new' }));
  expect((await used.client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Description).toBe('new');
});

test('ListKeys returns every key once, in pages, while keys are created', async () => {
  const client = clientFor(used.emulator.endpoint, { account: '222233334444' });
  const created: string[] = [];
  for (let n = 0; n < 7; n += 1) created.push((await createKey(client)).KeyId);
  const listed: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListKeysCommand({ Limit: 3, Marker }));
    expect(page.Truncated).toBe(page.NextMarker !== undefined);
    listed.push(...(page.Keys ?? []).map(({ KeyId }) => KeyId));
    Marker = page.NextMarker;
    if (created.length < 9) created.push((await createKey(client)).KeyId);
  } while (Marker !== undefined);
  expect(listed).toEqual(created);
});

test.each(['x', 'AAAAAAAAAAAAAAAAAAAA'])('ListKeys rejects the marker %s', async (Marker) => {
  expect((await catchError(used.client.send(new ListKeysCommand({ Marker })))).name).toBe('InvalidMarkerException');
});
