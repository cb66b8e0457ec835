import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
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

const used = useEmulator({});
const dayMs = 86_400_000;

async function newKey(input: ConstructorParameters<typeof CreateKeyCommand>[0] = {}) {
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand(input));
  return KeyMetadata!;
}

test('CreateKey answers the metadata of a symmetric key', async () => {
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

test('a multi-Region key is a primary with an id of its own kind', async () => {
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

describe.each(Object.entries(usages) as [KeySpec, KeyUsageType[]][])('%s', (spec, allowed) => {
  test.each(allUsages)('for %s', async (usage) => {
    const call = newKey({ KeySpec: spec, KeyUsage: usage });
    if (allowed.includes(usage)) expect(await call).toMatchObject({ KeySpec: spec, KeyUsage: usage });
    else expect((await catchError(call)).name).toBe('ValidationException');
  });
});

test.each([
  [
    'no usage for a spec that needs one',
    { KeySpec: KeySpec.HMAC_256 },
    'ValidationException',
    'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
  ],
  [
    'both names of the spec',
    { KeySpec: KeySpec.HMAC_256, CustomerMasterKeySpec: KeySpec.HMAC_256 },
    'ValidationException',
    'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
  ],
  [
    'SM2 outside China',
    { KeySpec: KeySpec.SM2, KeyUsage: 'SIGN_VERIFY' },
    'UnsupportedOperationException',
    'KeySpec SM2 is not supported in this Region',
  ],
  [
    'a tag twice',
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
    'a reserved tag',
    { Tags: [{ TagKey: 'AWS:x', TagValue: '' }] },
    'TagException',
    'Tags beginning with aws: are reserved',
  ],
  ['a policy that is no JSON', { Policy: '{' }, 'MalformedPolicyDocumentException', 'Policy contains invalid JSON'],
] as const)('CreateKey refuses %s, and makes no key', async (_, input, name, message) => {
  const before = (await used.client.send(new ListKeysCommand({ Limit: 1000 }))).Keys?.length;
  expect(await catchError(newKey(input as never))).toEqual({ name, message });
  expect((await used.client.send(new ListKeysCommand({ Limit: 1000 }))).Keys?.length).toBe(before);
});

test('SM2 keys are made in China', async () => {
  const client = clientFor(used.emulator.endpoint, { region: 'cn-north-1' });
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' }));
  expect(KeyMetadata).toMatchObject({
    Arn: expect.stringMatching(/^arn:aws-cn:kms:cn-north-1:/),
    SigningAlgorithms: ['SM2DSA'],
  });
});

describe('a key is found', () => {
  test.each([
    [
      'an unknown id',
      '00000000-0000-0000-0000-000000000000',
      'NotFoundException',
      `Key 'arn:aws:kms:us-east-1:${account}:key/00000000-0000-0000-0000-000000000000' does not exist`,
    ],
    ['no id at all', 'foo', 'NotFoundException', "Invalid keyId 'foo'"],
    [
      'an ARN of an unknown key',
      `arn:aws:kms:us-east-1:${account}:key/00000000-0000-0000-0000-000000000000`,
      'NotFoundException',
      `Key 'arn:aws:kms:us-east-1:${account}:key/00000000-0000-0000-0000-000000000000' does not exist`,
    ],
    ['an ARN with no id', `arn:aws:kms:us-east-1:${account}:key/foo`, 'NotFoundException', 'Invalid keyId foo'],
    [
      'an ARN of another Region',
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
      'an ARN of an unknown alias',
      `arn:aws:kms:us-east-1:${account}:alias/none`,
      'NotFoundException',
      `Alias arn:aws:kms:us-east-1:${account}:alias/none is not found.`,
    ],
  ])('but not by %s', async (_, KeyId, name, message) => {
    expect(await catchError(used.client.send(new DescribeKeyCommand({ KeyId })))).toEqual({ name, message });
  });

  test('not by an alias where AWS takes none', async () => {
    expect(await catchError(used.client.send(new DisableKeyCommand({ KeyId: 'alias/any' })))).toEqual({
      name: 'InvalidArnException',
      message: 'Key Aliases are not supported for this operation.',
    });
  });

  test('only in its own Region and account', async () => {
    const { KeyId } = await newKey();
    for (const other of [{ region: 'eu-west-1' }, { account: '111122223333' }]) {
      const client = clientFor(used.emulator.endpoint, other);
      expect((await catchError(client.send(new DescribeKeyCommand({ KeyId })))).name).toBe('NotFoundException');
    }
  });
});

test('a disabled key does not encrypt until it is enabled', async () => {
  const { KeyId, Arn } = await newKey();
  const encrypt = () => used.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
  await used.client.send(new DisableKeyCommand({ KeyId }));
  expect(await catchError(encrypt())).toEqual({ name: 'DisabledException', message: `${Arn} is disabled.` });
  await used.client.send(new EnableKeyCommand({ KeyId }));
  await encrypt();
});

test('a deletion is scheduled, taken back, scheduled again, and done when its window is over', async () => {
  const { KeyId, Arn } = await newKey();
  const schedule = (PendingWindowInDays?: number) =>
    used.client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
  const describeKey = () => used.client.send(new DescribeKeyCommand({ KeyId }));

  const answer = await schedule(7);
  expect(answer).toMatchObject({ KeyId: Arn, KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
  expect((answer.DeletionDate!.getTime() - used.emulator.clock.now()) / dayMs).toBeCloseTo(7, 1);
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

test.each([6, 31])('a window of %i days is refused', async (PendingWindowInDays) => {
  const { KeyId } = await newKey();
  const call = used.client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
  expect((await catchError(call)).name).toBe('ValidationException');
});

test('UpdateKeyDescription changes the description', async () => {
  const { KeyId } = await newKey({ Description: 'old' });
  await used.client.send(new UpdateKeyDescriptionCommand({ KeyId, Description: 'new' }));
  expect((await used.client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Description).toBe('new');
});

test('ListKeys pages through all keys once, although some come in between', async () => {
  const client = clientFor(used.emulator.endpoint, { account: '222233334444' });
  const make = () => client.send(new CreateKeyCommand({}));
  const made = [];
  for (let n = 0; n < 7; n += 1) made.push((await make()).KeyMetadata?.KeyId);
  const listed: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListKeysCommand({ Limit: 3, Marker }));
    expect(page.Truncated).toBe(page.NextMarker !== undefined);
    listed.push(...(page.Keys ?? []).map(({ KeyId }) => KeyId));
    Marker = page.NextMarker;
    if (made.length < 9) made.push((await make()).KeyMetadata?.KeyId);
  } while (Marker !== undefined);
  expect(listed).toEqual(made);
});

test.each(['x', 'AAAAAAAAAAAAAAAAAAAA'])('the marker %s is not valid', async (Marker) => {
  expect((await catchError(used.client.send(new ListKeysCommand({ Marker })))).name).toBe('InvalidMarkerException');
});
