import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import {
  CreateKeyCommand,
  type DataKeyPairSpec,
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { catchError, clientFor, useEmulator } from '../../../support/emulator.ts';
import { buildAttestationDocument } from '../../crypto/attestation.ts';

const used = useEmulator();
const KeyId = 'alias/example';
const EncryptionContext = { purpose: 'test' };
const shared = { KeyId, EncryptionContext };

const createRecipient = () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
    AttestationDocument: buildAttestationDocument(publicKey.export({ format: 'der', type: 'spki' })),
  } as const;
};

async function decrypt(CiphertextBlob: Uint8Array | undefined) {
  return used.client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
}

describe('GenerateDataKey (with and without plaintext)', () => {
  test.for([
    [{ KeySpec: 'AES_128' }, 16],
    [{ KeySpec: 'AES_256' }, 32],
    [{ NumberOfBytes: 1 }, 1],
    [{ NumberOfBytes: 1024 }, 1024],
  ] as const)(
    'GenerateDataKey with %o returns a data key of length %i and a ciphertext that decrypts to the same key',
    async ([size, bytes]) => {
      const generated = await used.client.send(new GenerateDataKeyCommand({ ...shared, ...size }));
      expect(generated.Plaintext).toHaveLength(bytes);
      const { KeyMetadata } = await used.client.send(new DescribeKeyCommand({ KeyId }));
      expect(generated).toMatchObject({ KeyId: KeyMetadata?.Arn, KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId });
      expect((await decrypt(generated.CiphertextBlob)).Plaintext).toEqual(generated.Plaintext);

      const other = await used.client.send(new GenerateDataKeyWithoutPlaintextCommand({ ...shared, ...size }));
      expect(Object.keys(other).sort()).toEqual(['$metadata', 'CiphertextBlob', 'KeyId', 'KeyMaterialId']);
      expect((await decrypt(other.CiphertextBlob)).Plaintext).toHaveLength(bytes);
    },
  );

  test.for([[{}], [{ KeySpec: 'AES_256', NumberOfBytes: 32 }]] as const)(
    'GenerateDataKey rejects %o, with neither or both of KeySpec and NumberOfBytes, before it checks the key usage or state',
    async ([size]) => {
      const error = { name: 'ValidationException', message: 'Please specify either number of bytes or key spec.' };
      for (const key of [KeyId, 'alias/example-sign', '5a4d1e00-0000-4000-8000-000000000102']) {
        for (const Command of [GenerateDataKeyCommand, GenerateDataKeyWithoutPlaintextCommand]) {
          expect(await catchError(used.client.send(new Command({ ...size, KeyId: key }) as never))).toEqual(error);
        }
      }
      const missing = new GenerateDataKeyCommand({ ...size, KeyId: 'alias/none' });
      expect(await catchError(used.client.send(missing))).toMatchObject({ name: 'NotFoundException' });
    },
  );

  test.for([0, 1025])('GenerateDataKey rejects a size of %i bytes', async (NumberOfBytes) => {
    const limit = NumberOfBytes === 0 ? 'greater than or equal to 1' : 'less than or equal to 1024';
    expect(await catchError(used.client.send(new GenerateDataKeyCommand({ KeyId, NumberOfBytes })))).toEqual({
      name: 'ValidationException',
      message: `1 validation error detected: Value '${NumberOfBytes}' at 'numberOfBytes' failed to satisfy constraint: Member must have value ${limit}`,
    });
  });

  test('the error from GenerateDataKey for an unknown KeySpec lists the CreateKey key specs, as in AWS KMS', async () => {
    const request = { KeyId, KeySpec: 'AES_192' as 'AES_256' };
    expect(await catchError(used.client.send(new GenerateDataKeyCommand(request)))).toEqual({
      name: 'ValidationException',
      message: expect.stringMatching(/enum value set: \[RSA_2048, .*, ECC_NIST_EDWARDS25519, SYMMETRIC_DEFAULT, .*\]$/),
    });
  });

  test('GenerateDataKey rejects asymmetric encryption keys', async () => {
    const created = new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
    const { KeyMetadata } = await used.client.send(created);
    const error = {
      name: 'InvalidKeyUsageException',
      message: 'You cannot generate a data key with an asymmetric CMK',
    };
    const rsa = { KeyId: KeyMetadata?.KeyId, KeySpec: 'AES_256' } as const;
    expect(await catchError(used.client.send(new GenerateDataKeyCommand(rsa)))).toEqual(error);
    const pair = { KeyId: KeyMetadata?.KeyId, KeyPairSpec: 'ECC_NIST_P256' } as const;
    expect(await catchError(used.client.send(new GenerateDataKeyPairCommand(pair)))).toEqual({
      ...error,
      message: 'You cannot generate a data key pair with an asymmetric CMK',
    });
  });

  test('GenerateDataKey returns CiphertextForRecipient instead of the plaintext if the request contains a recipient', async () => {
    const Recipient = createRecipient();
    const generated = await used.client.send(new GenerateDataKeyCommand({ ...shared, KeySpec: 'AES_256', Recipient }));
    expect(generated.Plaintext).toBeUndefined();
    expect(generated.CiphertextForRecipient?.length).toBeGreaterThan(32);
    expect((await decrypt(generated.CiphertextBlob)).Plaintext).toHaveLength(32);
  });
});

describe('GenerateDataKeyPair (with and without plaintext)', () => {
  const specs: DataKeyPairSpec[] = [
    'RSA_2048',
    'ECC_NIST_P256',
    'ECC_NIST_P384',
    'ECC_NIST_P521',
    'ECC_SECG_P256K1',
    'ECC_NIST_EDWARDS25519',
    'ML_KEM_512',
    'ML_KEM_768',
    'ML_KEM_1024',
  ];

  test.for(specs)(
    'GenerateDataKeyPair with %s returns a key pair and an encrypted private key that decrypts to the plaintext private key',
    async (KeyPairSpec) => {
      const generated = await used.client.send(new GenerateDataKeyPairCommand({ ...shared, KeyPairSpec }));
      expect(generated).toMatchObject({ KeyPairSpec, KeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/) });
      const der = { format: 'der', type: 'pkcs8' } as const;
      const privateKey = createPrivateKey({ key: Buffer.from(generated.PrivateKeyPlaintext ?? []), ...der });
      const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
      expect(Buffer.compare(spki, generated.PublicKey ?? new Uint8Array())).toBe(0);
      expect((await decrypt(generated.PrivateKeyCiphertextBlob)).Plaintext).toEqual(generated.PrivateKeyPlaintext);

      const other = await used.client.send(new GenerateDataKeyPairWithoutPlaintextCommand({ ...shared, KeyPairSpec }));
      expect(other).not.toHaveProperty('PrivateKeyPlaintext');
      const { Plaintext } = await decrypt(other.PrivateKeyCiphertextBlob);
      expect(createPrivateKey({ key: Buffer.from(Plaintext ?? []), ...der }).type).toBe('private');
    },
  );

  test('GenerateDataKeyPair accepts SM2 only in Regions in China', async () => {
    const request = { KeyId, KeyPairSpec: 'SM2' } as const;
    const error = { name: 'UnsupportedOperationException', message: 'KeySpec SM2 is not supported in this Region' };
    expect(await catchError(used.client.send(new GenerateDataKeyPairCommand(request)))).toEqual(error);
    const china = clientFor(used.emulator.endpoint, { region: 'cn-north-1' });
    const { KeyMetadata } = await china.send(new CreateKeyCommand({}));
    const generated = await china.send(new GenerateDataKeyPairCommand({ ...request, KeyId: KeyMetadata?.KeyId }));
    expect(generated.PublicKey).toHaveLength(91);
    china.destroy();
  });

  test('GenerateDataKeyPair returns CiphertextForRecipient instead of the private key if the request contains a recipient', async () => {
    const request = { ...shared, KeyPairSpec: 'ECC_NIST_P256', Recipient: createRecipient() } as const;
    const generated = await used.client.send(new GenerateDataKeyPairCommand(request));
    expect(generated.PrivateKeyPlaintext).toBeUndefined();
    expect(generated.CiphertextForRecipient?.length).toBeGreaterThan(100);
  });
});
