import { createHmac, createPublicKey, decapsulate, diffieHellman, encapsulate, generateKeyPairSync } from 'node:crypto';
import {
  DecapsulateCommand,
  DeriveSharedSecretCommand,
  EncapsulateCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  type MacAlgorithmSpec,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { parseSeed } from '../../../../emulator/seed/read-seed.ts';
import { catchError, useEmulator } from '../../../support/emulator.ts';
import { buildAttestationDocument } from '../../crypto/attestation.ts';

/** Compares MACs, derived secrets and encapsulated secrets with the results of node:crypto. */
const macs = [224, 256, 384, 512].map((bits) => ({ bits, material: Buffer.alloc(bits / 8, bits % 251) }));
const curves = { ECC_NIST_P256: 'P-256', ECC_NIST_P384: 'P-384', ECC_NIST_P521: 'P-521' } as const;
const kems = ['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const;
const rows = [
  ...macs.map(({ bits, material }) => ({ KeySpec: `HMAC_${bits}`, Material: material.toString('base64') })),
  ...Object.keys(curves).map((KeySpec) => ({ KeySpec, KeyUsage: 'KEY_AGREEMENT' })),
  ...kems.map((KeySpec) => ({ KeySpec })),
];
const Keys = rows.map((row, index) => ({
  ...row,
  KeyId: `00000000-0000-4000-8000-0000000000${10 + index}`,
  Aliases: [`alias/${row.KeySpec}`],
}));
const used = useEmulator({ seed: parseSeed({ Version: 1, Keys }, 'the test seed') });

const Message = Buffer.from('message');
const invalid = (name: string) => ({ name, message: expect.stringMatching(/^(UnknownError)?$/) });

async function getPublicKey(KeyId: string) {
  const { PublicKey = new Uint8Array() } = await used.client.send(new GetPublicKeyCommand({ KeyId }));
  return createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
}

describe('HMAC operations', () => {
  test.for(macs)(
    'GenerateMac and VerifyMac with an HMAC_$bits key agree with node:crypto',
    async ({ bits, material }) => {
      const request = { KeyId: `alias/HMAC_${bits}`, Message, MacAlgorithm: `HMAC_SHA_${bits}` as MacAlgorithmSpec };
      const generated = await used.client.send(new GenerateMacCommand(request));
      const expected = createHmac(`sha${bits}`, material).update(Message).digest();
      expect(Buffer.from(generated.Mac ?? [])).toEqual(expected);
      expect(generated).toMatchObject({ MacAlgorithm: request.MacAlgorithm, KeyId: expect.stringMatching(/^arn:/) });
      expect(await used.client.send(new VerifyMacCommand({ ...request, Mac: expected }))).toMatchObject({
        MacValid: true,
        MacAlgorithm: request.MacAlgorithm,
      });
      for (const change of [{ Mac: expected.subarray(1) }, { Mac: expected, Message: Buffer.of(1) }]) {
        expect(await catchError(used.client.send(new VerifyMacCommand({ ...request, ...change })))).toEqual(
          invalid('KMSInvalidMacException'),
        );
      }
    },
  );

  test('GenerateMac and VerifyMac throw InvalidKeyUsageException for an algorithm that does not match the key spec', async () => {
    const request = { KeyId: 'alias/HMAC_224', Message, MacAlgorithm: 'HMAC_SHA_256' } as const;
    const error = {
      name: 'InvalidKeyUsageException',
      message: 'Algorithm HMAC_SHA_256 is incompatible with key spec HMAC_224.',
    };
    expect(await catchError(used.client.send(new GenerateMacCommand(request)))).toEqual(error);
    expect(await catchError(used.client.send(new VerifyMacCommand({ ...request, Mac: Message })))).toEqual(error);
  });
});

describe('DeriveSharedSecret', () => {
  const createPeer = (namedCurve: string) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve });
    return { privateKey, PublicKey: publicKey.export({ format: 'der', type: 'spki' }) };
  };

  test.for(Object.entries(curves))(
    'DeriveSharedSecret derives the same secret as node:crypto with %s',
    async ([spec, curve]) => {
      const { privateKey, PublicKey } = createPeer(curve);
      const request = { KeyId: `alias/${spec}`, KeyAgreementAlgorithm: 'ECDH', PublicKey } as const;
      const derived = await used.client.send(new DeriveSharedSecretCommand(request));
      const expected = diffieHellman({ privateKey, publicKey: await getPublicKey(request.KeyId) });
      expect(Buffer.from(derived.SharedSecret ?? [])).toEqual(expected);
      expect(derived).toMatchObject({ KeyAgreementAlgorithm: 'ECDH', KeyOrigin: 'AWS_KMS' });
    },
  );

  test.for([
    ['a public key on another curve', createPeer('P-384').PublicKey],
    ['bytes that are not a public key', Buffer.from('no key')],
  ] as const)('DeriveSharedSecret throws ValidationException for %s, even in a dry run', async ([, PublicKey]) => {
    const request = { KeyId: 'alias/ECC_NIST_P256', KeyAgreementAlgorithm: 'ECDH', PublicKey } as const;
    for (const DryRun of [false, true]) {
      expect(await catchError(used.client.send(new DeriveSharedSecretCommand({ ...request, DryRun })))).toMatchObject({
        name: 'ValidationException',
      });
    }
  });

  test('DeriveSharedSecret returns CiphertextForRecipient instead of the secret if the request contains a recipient', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const AttestationDocument = buildAttestationDocument(publicKey.export({ format: 'der', type: 'spki' }));
    const derived = await used.client.send(
      new DeriveSharedSecretCommand({
        KeyId: 'alias/ECC_NIST_P256',
        KeyAgreementAlgorithm: 'ECDH',
        PublicKey: createPeer('P-256').PublicKey,
        Recipient: { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument },
      }),
    );
    expect(derived.SharedSecret).toBeUndefined();
    expect(derived.CiphertextForRecipient?.length).toBeGreaterThan(32);
  });
});

describe('ML-KEM operations', () => {
  const EncapsulationAlgorithm = 'ML_KEM';

  test.for(kems)('Encapsulate, Decapsulate and node:crypto return the same secret (%s)', async (spec) => {
    const KeyId = `alias/${spec}`;
    const { SharedSecret, SharedSecretCiphertextBlob } = await used.client.send(
      new EncapsulateCommand({ KeyId, EncapsulationAlgorithm }),
    );
    expect(SharedSecret).toHaveLength(32);
    const own = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob } as const;
    expect((await used.client.send(new DecapsulateCommand(own))).SharedSecret).toEqual(SharedSecret);

    const { sharedKey, ciphertext } = encapsulate(await getPublicKey(KeyId));
    const other = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob: ciphertext } as const;
    const { SharedSecret: same } = await used.client.send(new DecapsulateCommand(other));
    expect(Buffer.from(same ?? [])).toEqual(sharedKey);
  });

  test('Decapsulate rejects a ciphertext of the wrong length, and returns a different secret for a ciphertext from another key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ml-kem-512' as 'ed25519');
    const { sharedKey, ciphertext } = encapsulate(publicKey);
    expect(decapsulate(privateKey, ciphertext)).toEqual(sharedKey);
    const request = { KeyId: 'alias/ML_KEM_512', EncapsulationAlgorithm } as const;
    const foreign = new DecapsulateCommand({ ...request, SharedSecretCiphertextBlob: ciphertext });
    const { SharedSecret } = await used.client.send(foreign);
    expect(SharedSecret).toHaveLength(32);
    expect(Buffer.from(SharedSecret ?? [])).not.toEqual(sharedKey);
    const short = new DecapsulateCommand({ ...request, SharedSecretCiphertextBlob: ciphertext.subarray(1) });
    expect(await catchError(used.client.send(short))).toEqual(invalid('InvalidCiphertextException'));
  });
});
