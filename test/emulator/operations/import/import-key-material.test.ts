import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AlgorithmSpec,
  CreateKeyCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateMacCommand,
  GetParametersForImportCommand,
  GetPublicKeyCommand,
  ImportKeyMaterialCommand,
  type KeySpec,
  type KeyUsageType,
  ScheduleKeyDeletionCommand,
  type WrappingKeySpec,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { keySpecs } from '../../../../emulator/crypto/key-specs.ts';
import { catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import {
  createExternalKey,
  describeKey,
  getImportParameters,
  importMaterial,
  wrapMaterial,
} from '../../../support/import.ts';

const used = useEmulator({});
const getMetadata = (KeyId: string) => describeKey(used.client, KeyId);
const dayMs = 24 * 60 * 60 * 1000;

describe('a key with Origin EXTERNAL', () => {
  test('a key with Origin EXTERNAL is created without material, and is usable after an import', async () => {
    const KeyId = await createExternalKey(used.client);
    const before = await getMetadata(KeyId);
    expect(before).toMatchObject({ Origin: 'EXTERNAL', KeyState: 'PendingImport', Enabled: false });
    expect(before).not.toHaveProperty('ExpirationModel');
    expect(before).not.toHaveProperty('CurrentKeyMaterialId');

    const material = randomBytes(32);
    const imported = await importMaterial(used.client, KeyId, material);
    expect(imported).toMatchObject({ KeyId: before.Arn, KeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const after = await getMetadata(KeyId);
    expect(after).toMatchObject({
      KeyState: 'Enabled',
      Enabled: true,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      CurrentKeyMaterialId: imported.KeyMaterialId,
    });
    expect(after).not.toHaveProperty('ValidTo');
    const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
    const { KeyMaterialId, Plaintext } = await used.client.send(new DecryptCommand({ CiphertextBlob }));
    expect({ KeyMaterialId, text: Buffer.from(Plaintext ?? []).toString() }).toEqual({
      KeyMaterialId: imported.KeyMaterialId,
      text: 'x',
    });
  });

  test.for<[AlgorithmSpec, WrappingKeySpec]>([
    ['RSAES_OAEP_SHA_1', 'RSA_2048'],
    ['RSAES_OAEP_SHA_256', 'RSA_3072'],
    ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048'],
    ['RSA_AES_KEY_WRAP_SHA_256', 'RSA_4096'],
  ])(
    'ImportKeyMaterial accepts a private key that is wrapped with %s under %s',
    async ([algorithm, wrappingKeySpec]) => {
      const KeyId = await createExternalKey(used.client, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const parameters = await getImportParameters(used.client, KeyId, algorithm, wrappingKeySpec);
      const bits = createPublicKey({ key: Buffer.from(parameters.PublicKey), format: 'der', type: 'spki' });
      expect(bits.asymmetricKeyDetails?.modulusLength).toBe(Number(wrappingKeySpec.slice(4)));
      const material = privateKey.export({ format: 'der', type: 'pkcs8' });
      // AWS returns a material id only for symmetric encryption keys.
      expect(await importMaterial(used.client, KeyId, material, {}, parameters)).not.toHaveProperty('KeyMaterialId');
      const { PublicKey } = await used.client.send(new GetPublicKeyCommand({ KeyId }));
      expect(Buffer.from(PublicKey ?? [])).toEqual(publicKey.export({ format: 'der', type: 'spki' }));
    },
  );

  test.for((Object.keys(keySpecs) as KeySpec[]).filter((spec) => !/^(RSA_[34]|SM2|ML_DSA)/.test(spec)))(
    'a key with Origin EXTERNAL can have key spec %s',
    async (spec) => {
      const row = keySpecs[spec as keyof typeof keySpecs];
      const KeyUsage = Object.keys(row.algorithms)[0] as KeyUsageType;
      const KeyId = await createExternalKey(used.client, { KeySpec: spec, KeyUsage });
      const algorithm = row.rawBytes === undefined ? 'RSA_AES_KEY_WRAP_SHA_256' : 'RSAES_OAEP_SHA_256';
      const parameters = await getImportParameters(used.client, KeyId, algorithm);
      await importMaterial(used.client, KeyId, await row.generateMaterial(), {}, parameters);
      expect((await getMetadata(KeyId)).KeyState).toBe('Enabled');
    },
  );

  test('ImportKeyMaterial accepts material wrapped with SM2PKE only in Regions in China', async () => {
    const china = clientFor(used.emulator.endpoint, { region: 'cn-north-1' });
    const request = { WrappingAlgorithm: 'SM2PKE', WrappingKeySpec: 'SM2' } as const;
    const KeyId = await createExternalKey(china);
    const { PublicKey } = await china.send(new GetParametersForImportCommand({ ...request, KeyId }));
    expect(PublicKey).toHaveLength(91);
    china.destroy();
    const here = new GetParametersForImportCommand({ ...request, KeyId: await createExternalKey(used.client) });
    expect(await catchError(used.client.send(here))).toMatchObject({ name: 'UnsupportedOperationException' });
  });
});

const openssl = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '';

test.skipIf(!openssl.startsWith('OpenSSL 3'))(
  'ImportKeyMaterial accepts material wrapped with the OpenSSL command line',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kms-functions-import-'));
    const file = (name: string) => join(folder, name);
    try {
      const KeyId = await createExternalKey(used.client, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
      const { ImportToken, PublicKey } = await getImportParameters(used.client, KeyId);
      const material = randomBytes(32);
      writeFileSync(file('material'), material);
      writeFileSync(file('public'), PublicKey);
      const oaep = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'];
      execFileSync('openssl', [
        ...['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', file('public')],
        ...['-in', file('material'), '-out', file('wrapped')],
        ...oaep.flatMap((option) => ['-pkeyopt', option]),
      ]);
      const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE';
      const EncryptedKeyMaterial = readFileSync(file('wrapped'));
      const request = { KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel } as const;
      await used.client.send(new ImportKeyMaterialCommand(request));
      const Message = Buffer.from('message');
      const { Mac } = await used.client.send(new GenerateMacCommand({ KeyId, Message, MacAlgorithm: 'HMAC_SHA_256' }));
      expect(Buffer.from(Mac ?? [])).toEqual(createHmac('sha256', material).update(Message).digest());
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

describe('importing material again', () => {
  test('a reimport after a deletion requires the same material and makes the key usable again', async () => {
    const KeyId = await createExternalKey(used.client);
    const material = randomBytes(32);
    const { KeyMaterialId } = await importMaterial(used.client, KeyId, material);
    const { CiphertextBlob } = await used.client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
    const deleted = await used.client.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
    expect(deleted).toMatchObject({ KeyId: (await getMetadata(KeyId)).Arn, KeyMaterialId });
    const without = await getMetadata(KeyId);
    expect(without).toMatchObject({ KeyState: 'PendingImport', Enabled: false });
    expect(without).not.toHaveProperty('ExpirationModel');
    expect(await catchError(used.client.send(new DecryptCommand({ CiphertextBlob })))).toEqual({
      name: 'KMSInvalidStateException',
      message: `${without.Arn} is pending import.`,
    });
    // A second deletion changes nothing.
    await used.client.send(new DeleteImportedKeyMaterialCommand({ KeyId }));

    expect(await catchError(importMaterial(used.client, KeyId, randomBytes(32)))).toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    expect(await importMaterial(used.client, KeyId, material, { KeyMaterialId })).toMatchObject({ KeyMaterialId });
    const { Plaintext } = await used.client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('x');
  });

  test('a reimport changes the expiration date and enables a disabled key', async () => {
    const KeyId = await createExternalKey(used.client);
    const material = randomBytes(32);
    await importMaterial(used.client, KeyId, material);
    await used.client.send(new DisableKeyCommand({ KeyId }));
    const ValidTo = new Date(Math.ceil(used.emulator.clock.now() / 1000 + 3600) * 1000);
    await importMaterial(used.client, KeyId, material, { ValidTo });
    expect(await getMetadata(KeyId)).toMatchObject({
      KeyState: 'Enabled',
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo,
    });
    await importMaterial(used.client, KeyId, material);
    expect(await getMetadata(KeyId)).not.toHaveProperty('ValidTo');
  });

  test('a reimport into an HMAC key requires the same material and rejects the members for symmetric encryption keys', async () => {
    const KeyId = await createExternalKey(used.client, { KeySpec: 'HMAC_224', KeyUsage: 'GENERATE_VERIFY_MAC' });
    await importMaterial(used.client, KeyId, randomBytes(28));
    expect(await catchError(importMaterial(used.client, KeyId, randomBytes(28)))).toMatchObject({
      name: 'IncorrectKeyMaterialException',
    });
    for (const request of [
      { ImportType: 'NEW_KEY_MATERIAL' },
      { KeyMaterialDescription: 'none' },
      { KeyMaterialId: '0'.repeat(64) },
    ] as const) {
      expect(await catchError(importMaterial(used.client, KeyId, randomBytes(28), request))).toMatchObject({
        name: 'ValidationException',
      });
    }
  });
});

describe('import errors', () => {
  const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE';
  const some = { ImportToken: Buffer.of(1), EncryptedKeyMaterial: Buffer.of(1), ExpirationModel } as const;
  const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
  const commands: [string, (KeyId: string) => object][] = [
    ['GetParametersForImport', (KeyId) => new GetParametersForImportCommand({ KeyId, ...wrapping })],
    ['ImportKeyMaterial', (KeyId) => new ImportKeyMaterialCommand({ KeyId, ...some })],
    ['DeleteImportedKeyMaterial', (KeyId) => new DeleteImportedKeyMaterialCommand({ KeyId })],
  ];

  test.for(commands)('%s checks the origin before the key state, and rejects aliases', async ([, createCommand]) => {
    const send = (KeyId: string) => catchError(used.client.send(createCommand(KeyId) as DisableKeyCommand));
    const { KeyMetadata } = await used.client.send(new CreateKeyCommand({}));
    await used.client.send(new ScheduleKeyDeletionCommand({ KeyId: KeyMetadata?.KeyId }));
    expect(await send(KeyMetadata?.KeyId ?? '')).toEqual({
      name: 'UnsupportedOperationException',
      message: `${KeyMetadata?.Arn} origin is AWS_KMS which is not valid for this operation.`,
    });
    expect(await send('alias/none')).toMatchObject({ name: 'InvalidArnException' });
    expect(await send('7ffffff0-0000-4000-8000-000000000000')).toMatchObject({ name: 'NotFoundException' });
  });

  test.for(commands)(
    'only DeleteImportedKeyMaterial accepts a key that is pending deletion (%s)',
    async ([name, createCommand]) => {
      const KeyId = await createExternalKey(used.client);
      const material = randomBytes(32);
      await importMaterial(used.client, KeyId, material);
      await used.client.send(new ScheduleKeyDeletionCommand({ KeyId }));
      const call = () => used.client.send(createCommand(KeyId) as DisableKeyCommand);
      if (name === 'DeleteImportedKeyMaterial') {
        await call();
        expect((await getMetadata(KeyId)).KeyState).toBe('PendingDeletion');
      } else {
        const { Arn } = await getMetadata(KeyId);
        expect(await catchError(call())).toEqual({
          name: 'KMSInvalidStateException',
          message: `${Arn} is pending deletion.`,
        });
      }
    },
  );

  test.for<[string, object, string]>([
    ['a missing ValidTo', {}, 'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES'],
    ['a ValidTo in the past', { ValidTo: new Date(1000) }, 'ValidTo must be in the future'],
    [
      'a ValidTo more than 365 days in the future',
      { ValidTo: new Date(Date.now() + 366 * dayMs) },
      'ValidTo must be less than 365 days in the future',
    ],
    [
      'a ValidTo for material that does not expire',
      { ExpirationModel, ValidTo: new Date(Date.now() + dayMs) },
      'A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE',
    ],
    [
      'a KeyMaterialId for new material',
      { ExpirationModel, ImportType: 'NEW_KEY_MATERIAL', KeyMaterialId: '0'.repeat(64) },
      'Input parameter keyMaterialId cannot be used with NEW_KEY_MATERIAL importType.',
    ],
  ])('ImportKeyMaterial rejects %s, and the import token stays valid', async ([, request, message]) => {
    const KeyId = await createExternalKey(used.client);
    const parameters = await getImportParameters(used.client, KeyId);
    const { ImportToken } = parameters;
    const EncryptedKeyMaterial = wrapMaterial(parameters, randomBytes(32));
    const invalid = new ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ...request });
    expect(await catchError(used.client.send(invalid))).toEqual({ name: 'ValidationException', message });
    const valid = new ImportKeyMaterialCommand({ KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel });
    await used.client.send(valid);
  });

  test('ImportKeyMaterial throws InvalidImportTokenException for a changed token or a token for another key', async () => {
    const [KeyId, other] = [await createExternalKey(used.client), await createExternalKey(used.client)];
    const parameters = await getImportParameters(used.client, other);
    for (const ImportToken of [parameters.ImportToken, parameters.ImportToken.subarray(1), Buffer.of(1)]) {
      const call = importMaterial(used.client, KeyId, randomBytes(32), { ImportToken }, parameters);
      expect(await catchError(call)).toMatchObject({ name: 'InvalidImportTokenException' });
    }
  });

  test('ImportKeyMaterial throws ExpiredImportTokenException after 24 hours', async () => {
    const KeyId = await createExternalKey(used.client);
    const parameters = await getImportParameters(used.client, KeyId);
    used.emulator.clock.advance(dayMs);
    try {
      expect(await catchError(importMaterial(used.client, KeyId, randomBytes(32), {}, parameters))).toMatchObject({
        name: 'ExpiredImportTokenException',
      });
    } finally {
      used.emulator.clock.advance(-dayMs);
    }
  });

  test('ImportKeyMaterial throws InvalidCiphertextException for material wrapped under another key', async () => {
    const KeyId = await createExternalKey(used.client);
    const { ImportToken } = await getImportParameters(used.client, KeyId);
    const foreign = await getImportParameters(used.client, KeyId);
    expect(await catchError(importMaterial(used.client, KeyId, randomBytes(32), { ImportToken }, foreign))).toEqual({
      name: 'InvalidCiphertextException',
      message: expect.stringMatching(/^(UnknownError)?$/),
    });
  });

  test.for<[string, KeySpec, KeyUsageType, Uint8Array]>([
    ['material of the wrong length', 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', randomBytes(16)],
    ['bytes that are not a private key', 'ECC_NIST_P256', 'SIGN_VERIFY', randomBytes(32)],
    [
      'a private key on another curve',
      'ECC_NIST_P256',
      'SIGN_VERIFY',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ format: 'der', type: 'pkcs8' }),
    ],
  ])('ImportKeyMaterial throws InvalidCiphertextException for %s', async ([, KeySpec, KeyUsage, material]) => {
    const KeyId = await createExternalKey(used.client, { KeySpec, KeyUsage });
    expect(await catchError(importMaterial(used.client, KeyId, material))).toMatchObject({
      name: 'InvalidCiphertextException',
    });
    expect((await getMetadata(KeyId)).KeyState).toBe('PendingImport');
  });

  test('GetParametersForImport rejects a wrapping algorithm that the key spec does not support', async () => {
    const KeyId = await createExternalKey(used.client);
    for (const WrappingAlgorithm of ['RSAES_PKCS1_V1_5', 'RSA_AES_KEY_WRAP_SHA_256', 'SM2PKE'] as const) {
      expect(await catchError(getImportParameters(used.client, KeyId, WrappingAlgorithm))).toMatchObject({
        name: 'ValidationException',
      });
    }
  });
});
