import {
  type CreateKeyCommandInput,
  DecryptCommand,
  type DecryptCommandInput,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateRandomCommand,
  ReEncryptCommand,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import { createKey } from '../../../support/keys.ts';

const used = useEmulator();
const KeyId = 'alias/example';
const Plaintext = Buffer.from('a plaintext');
const EncryptionContext = { a: '1', b: '2' };

const newKey = (input: CreateKeyCommandInput = {}) => createKey(used.client, input);
const encrypt = (input: Partial<ConstructorParameters<typeof EncryptCommand>[0]> = {}) =>
  used.client.send(new EncryptCommand({ KeyId, Plaintext, ...input }));
const decrypt = (input: DecryptCommandInput) => used.client.send(new DecryptCommand(input));
const invalidCiphertext = { name: 'InvalidCiphertextException', message: 'UnknownError' };

test('Decrypt returns the plaintext with and without a KeyId', async () => {
  const { CiphertextBlob, KeyId: Arn, EncryptionAlgorithm } = await encrypt({ EncryptionContext });
  const key = (await used.client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
  expect([Arn, EncryptionAlgorithm]).toEqual([key?.Arn, 'SYMMETRIC_DEFAULT']);
  for (const named of [{}, { KeyId }, { KeyId: key?.Arn }, { KeyId: key?.KeyId }]) {
    const decrypted = await decrypt({ CiphertextBlob, EncryptionContext: { b: '2', a: '1' }, ...named });
    expect(Buffer.from(decrypted.Plaintext!)).toEqual(Plaintext);
    expect(decrypted).toMatchObject({ KeyId: Arn, KeyMaterialId: key?.CurrentKeyMaterialId });
  }
});

test('Encrypt and Decrypt support any plaintext of 1 to 4,096 bytes and any encryption context', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 4096 }),
      fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 5, noNullPrototype: true }),
      async (bytes, context) => {
        const { CiphertextBlob } = await encrypt({ Plaintext: bytes, EncryptionContext: context });
        expect(CiphertextBlob!.length).toBeLessThanOrEqual(6144);
        expect(Buffer.from((await decrypt({ CiphertextBlob, EncryptionContext: context })).Plaintext!)).toEqual(
          Buffer.from(bytes),
        );
      },
    ),
    { numRuns: 50 },
  );
});

test('Encrypt returns a different ciphertext each time', async () => {
  const [one, two] = await Promise.all([encrypt(), encrypt()]);
  expect(one.CiphertextBlob).not.toEqual(two.CiphertextBlob);
});

test('Decrypt rejects a ciphertext if any byte was changed', async () => {
  const { CiphertextBlob } = await encrypt();
  for (let index = 0; index < CiphertextBlob!.length; index += 1) {
    const changed = Uint8Array.from(CiphertextBlob!);
    changed[index]! ^= 1;
    expect((await catchError(decrypt({ CiphertextBlob: changed }))).name).toMatch(
      /^(InvalidCiphertext|AccessDenied)Exception$/,
    );
  }
});

test.each([
  ['no pairs', undefined],
  ['a different value', { a: '1', b: '3' }],
  ['a missing pair', { a: '1' }],
  ['an additional pair', { ...EncryptionContext, c: '3' }],
  ['a key in different case', { A: '1', b: '2' }],
  ['the same text in different pairs', { a: '1b2' }],
])('Decrypt rejects an encryption context with %s', async (_, other) => {
  const { CiphertextBlob } = await encrypt({ EncryptionContext });
  expect(await catchError(decrypt({ CiphertextBlob, EncryptionContext: other }))).toEqual(invalidCiphertext);
});

describe('Decrypt', () => {
  test('Decrypt rejects a KeyId other than that of the key that encrypted the ciphertext', async () => {
    const { CiphertextBlob } = await encrypt();
    const others = [await newKey(), await newKey({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' })];
    for (const other of others) {
      expect(await catchError(decrypt({ CiphertextBlob, KeyId: other.KeyId }))).toEqual({
        name: 'IncorrectKeyException',
        message: 'The key ID in the request does not identify a CMK that can perform this operation.',
      });
    }
  });

  test('Decrypt rejects a ciphertext from another Region', async () => {
    const { CiphertextBlob } = await encrypt();
    const elsewhere = clientFor(used.emulator.endpoint, { region: 'eu-west-1' });
    expect((await catchError(elsewhere.send(new DecryptCommand({ CiphertextBlob })))).name).toBe(
      'AccessDeniedException',
    );
  });

  test.each([
    ['arbitrary bytes', Buffer.from('garbage')],
    ['a ciphertext with a later version', Buffer.concat([Buffer.of(2), Buffer.alloc(100)])],
    ['a ciphertext with only a header', Buffer.concat([Buffer.of(1), Buffer.alloc(60)])],
  ])('Decrypt rejects %s', async (_, CiphertextBlob) => {
    expect(await catchError(decrypt({ CiphertextBlob }))).toEqual(invalidCiphertext);
  });

  test('Decrypt requires a ciphertext', async () => {
    expect(await catchError(decrypt({ KeyId }))).toEqual({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
    });
  });
});

test('Encrypt uses the new material after each rotation, and Decrypt still accepts earlier ciphertexts', async () => {
  const key = await newKey();
  const ciphertexts = [];
  for (let n = 0; n < 3; n += 1) {
    ciphertexts.push((await encrypt({ KeyId: key.KeyId })).CiphertextBlob);
    await used.client.send(new RotateKeyOnDemandCommand({ KeyId: key.KeyId }));
  }
  const materials = new Set<string | undefined>();
  for (const CiphertextBlob of ciphertexts) {
    const decrypted = await decrypt({ CiphertextBlob });
    expect(Buffer.from(decrypted.Plaintext!)).toEqual(Plaintext);
    materials.add(decrypted.KeyMaterialId);
  }
  expect(materials.size).toBe(3);
});

test.each([
  ['RSAES_OAEP_SHA_1', 214],
  ['RSAES_OAEP_SHA_256', 190],
] as const)('Encrypt with %s and RSA_2048 accepts at most %i bytes', async (EncryptionAlgorithm, maxBytes) => {
  const key = await newKey({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
  const input = { KeyId: key.KeyId, EncryptionAlgorithm };
  const { CiphertextBlob } = await encrypt({ ...input, Plaintext: Buffer.alloc(maxBytes, 7) });
  expect(Buffer.from((await decrypt({ ...input, CiphertextBlob })).Plaintext!)).toEqual(Buffer.alloc(maxBytes, 7));
  expect(await catchError(encrypt({ ...input, Plaintext: Buffer.alloc(maxBytes + 1) }))).toEqual({
    name: 'ValidationException',
    message: `Algorithm ${EncryptionAlgorithm} and key spec RSA_2048 cannot encrypt data larger than ${maxBytes} bytes.`,
  });
  expect((await catchError(encrypt({ ...input, EncryptionContext }))).name).toBe('ValidationException');
  expect(await catchError(encrypt({ KeyId: key.KeyId }))).toEqual({
    name: 'InvalidKeyUsageException',
    message: 'Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.',
  });
  expect(await catchError(decrypt({ CiphertextBlob, EncryptionAlgorithm }))).toEqual({
    name: 'ValidationException',
    message: 'KeyId must not be null',
  });
});

test('Encrypt rejects a key with another key usage', async () => {
  const key = await newKey({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
  expect(await catchError(encrypt({ KeyId: key.KeyId }))).toEqual({
    name: 'InvalidKeyUsageException',
    message: `${key.Arn} key usage is SIGN_VERIFY which is not valid for Encrypt.`,
  });
});

test('ReEncrypt changes the key and the encryption context of a ciphertext', async () => {
  const destination = await newKey();
  const { CiphertextBlob, KeyId: SourceArn } = await encrypt({ EncryptionContext });
  const moved = await used.client.send(
    new ReEncryptCommand({
      CiphertextBlob,
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: destination.KeyId,
      DestinationEncryptionContext: { c: '3' },
    }),
  );
  expect(moved).toMatchObject({
    SourceKeyId: SourceArn,
    KeyId: destination.Arn,
    SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    DestinationKeyMaterialId: destination.CurrentKeyMaterialId,
  });
  const decrypted = await decrypt({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext: { c: '3' } });
  expect([Buffer.from(decrypted.Plaintext!), decrypted.KeyId]).toEqual([Plaintext, destination.Arn]);
});

test('ReEncrypt moves a ciphertext from a symmetric key to an asymmetric key and back', async () => {
  const { KeyId: DestinationKeyId } = await newKey({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
  const { CiphertextBlob } = await encrypt();
  const algorithm = 'RSAES_OAEP_SHA_256' as const;
  const there = await used.client.send(
    new ReEncryptCommand({ CiphertextBlob, DestinationKeyId, DestinationEncryptionAlgorithm: algorithm }),
  );
  const back = await used.client.send(
    new ReEncryptCommand({
      CiphertextBlob: there.CiphertextBlob,
      SourceKeyId: DestinationKeyId,
      SourceEncryptionAlgorithm: algorithm,
      DestinationKeyId: KeyId,
    }),
  );
  expect(Buffer.from((await decrypt({ CiphertextBlob: back.CiphertextBlob })).Plaintext!)).toEqual(Plaintext);
});

describe('a dry run', () => {
  const wouldSucceed = {
    name: 'DryRunOperationException',
    message: 'The request would have succeeded, but the DryRun option is set.',
  };

  test('a dry run reports that the request would succeed', async () => {
    const { CiphertextBlob } = await encrypt();
    expect(await catchError(encrypt({ DryRun: true }))).toEqual(wouldSucceed);
    expect(await catchError(decrypt({ CiphertextBlob, DryRun: true }))).toEqual(wouldSucceed);
    const move = new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: KeyId, DryRun: true });
    expect(await catchError(used.client.send(move))).toEqual(wouldSucceed);
  });

  test('a dry run reports why the request would fail', async () => {
    expect((await catchError(encrypt({ KeyId: 'alias/none', DryRun: true }))).name).toBe('NotFoundException');
    expect(await catchError(decrypt({ CiphertextBlob: Buffer.from('x'), DryRun: true }))).toEqual(invalidCiphertext);
  });

  test('a dry run with IGNORE_CIPHERTEXT requires a key but no ciphertext', async () => {
    const DryRunModifiers = ['IGNORE_CIPHERTEXT' as const];
    expect(await catchError(decrypt({ KeyId, DryRun: true, DryRunModifiers }))).toEqual(wouldSucceed);
    expect((await catchError(decrypt({ DryRun: true, DryRunModifiers }))).name).toBe('ValidationException');
  });
});

test('GenerateRandom returns the requested number of bytes', async () => {
  const random = (NumberOfBytes?: number) => used.client.send(new GenerateRandomCommand({ NumberOfBytes }));
  expect((await random(1024)).Plaintext?.length).toBe(1024);
  expect(await catchError(random())).toEqual({ name: 'ValidationException', message: 'NumberOfBytes is required.' });
});
