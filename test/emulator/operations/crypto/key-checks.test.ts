import * as kms from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { catchError, useEmulator } from '../../../support/emulator.ts';
import { failingStates, formatAlias, type Kind, seedInAllStates } from '../../../support/states.ts';

/** What all cryptographic operations on one key have in common, as rows: which kind of key, and a request that works. */
const symmetric = { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' };
const signing = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
const mac = { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' };
const agreement = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' };
const kem = { KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' };
const kinds = [symmetric, signing, mac, agreement, kem];

const used = useEmulator({ seed: seedInAllStates(kinds) });
const send = (command: unknown) => used.client.send(command as kms.GenerateRandomCommand) as Promise<never>;

const Message = Buffer.from('message');
type Make = (KeyId: string, DryRun?: boolean) => unknown | Promise<unknown>;

const rows: [operation: string, kind: Kind, make: Make][] = [
  ['Encrypt', symmetric, (KeyId, DryRun) => new kms.EncryptCommand({ KeyId, DryRun, Plaintext: Message })],
  [
    'GenerateDataKey',
    symmetric,
    (KeyId, DryRun) => new kms.GenerateDataKeyCommand({ KeyId, DryRun, NumberOfBytes: 1 }),
  ],
  [
    'GenerateDataKeyWithoutPlaintext',
    symmetric,
    (KeyId, DryRun) => new kms.GenerateDataKeyWithoutPlaintextCommand({ KeyId, DryRun, KeySpec: 'AES_128' }),
  ],
  [
    'GenerateDataKeyPair',
    symmetric,
    (KeyId, DryRun) => new kms.GenerateDataKeyPairCommand({ KeyId, DryRun, KeyPairSpec: 'ECC_NIST_P256' }),
  ],
  [
    'GenerateDataKeyPairWithoutPlaintext',
    symmetric,
    (KeyId, DryRun) =>
      new kms.GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, DryRun, KeyPairSpec: 'ECC_NIST_P256' }),
  ],
  [
    'Sign',
    signing,
    (KeyId, DryRun) => new kms.SignCommand({ KeyId, DryRun, Message, SigningAlgorithm: 'ECDSA_SHA_256' }),
  ],
  ['Verify', signing, verifyCommand],
  [
    'GenerateMac',
    mac,
    (KeyId, DryRun) => new kms.GenerateMacCommand({ KeyId, DryRun, Message, MacAlgorithm: 'HMAC_SHA_256' }),
  ],
  ['VerifyMac', mac, verifyMacCommand],
  ['DeriveSharedSecret', agreement, deriveCommand],
  [
    'Encapsulate',
    kem,
    (KeyId, DryRun) => new kms.EncapsulateCommand({ KeyId, DryRun, EncapsulationAlgorithm: 'ML_KEM' }),
  ],
  [
    'Decapsulate',
    kem,
    (KeyId, DryRun) =>
      new kms.DecapsulateCommand({
        KeyId,
        DryRun,
        EncapsulationAlgorithm: 'ML_KEM',
        SharedSecretCiphertextBlob: Buffer.alloc(768),
      }),
  ],
];

async function verifyCommand(KeyId: string, DryRun?: boolean) {
  const SigningAlgorithm = 'ECDSA_SHA_256';
  const { Signature } = await used.client.send(
    new kms.SignCommand({ KeyId: formatAlias(signing), Message, SigningAlgorithm }),
  );
  return new kms.VerifyCommand({ KeyId, DryRun, Message, SigningAlgorithm, Signature });
}

async function verifyMacCommand(KeyId: string, DryRun?: boolean) {
  const MacAlgorithm = 'HMAC_SHA_256';
  const { Mac } = await used.client.send(
    new kms.GenerateMacCommand({ KeyId: formatAlias(mac), Message, MacAlgorithm }),
  );
  return new kms.VerifyMacCommand({ KeyId, DryRun, Message, MacAlgorithm, Mac });
}

async function deriveCommand(KeyId: string, DryRun?: boolean) {
  const { PublicKey } = await used.client.send(new kms.GetPublicKeyCommand({ KeyId: formatAlias(agreement) }));
  return new kms.DeriveSharedSecretCommand({ KeyId, DryRun, KeyAgreementAlgorithm: 'ECDH', PublicKey });
}

const formatKeyArn = async (KeyId: string) => {
  const { KeyMetadata } = await used.client.send(new kms.DescribeKeyCommand({ KeyId }));
  return KeyMetadata?.Arn ?? '';
};
const lastUsageOf = async (KeyId: string) => used.client.send(new kms.GetKeyLastUsageCommand({ KeyId }));

describe.for(rows)('%s', ([operation, kind, make]) => {
  test('answers with the ARN of the key, and is its last use', async () => {
    const KeyId = await formatKeyArn(formatAlias(kind));
    const answer = (await send(await make(formatAlias(kind)))) as kms.SignCommandOutput;
    expect(answer.KeyId).toBe(KeyId);
    expect((await lastUsageOf(KeyId)).KeyLastUsage).toMatchObject({
      Operation: operation,
      KmsRequestId: answer.$metadata.requestId,
      Timestamp: expect.any(Date),
      CloudTrailEventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test('with DryRun does nothing, and is no use', async () => {
    const KeyId = await formatKeyArn(formatAlias(kind));
    const command = await make(formatAlias(kind), true);
    const { KeyLastUsage: before } = await lastUsageOf(KeyId);
    expect(await catchError(send(command))).toEqual({
      name: 'DryRunOperationException',
      message: 'The request would have succeeded, but the DryRun option is set.',
    });
    expect((await lastUsageOf(KeyId)).KeyLastUsage).toEqual(before);
  });

  test.for(failingStates)('on a key that is %s: %s', async ([state, name, text]) => {
    const KeyId = await formatKeyArn(formatAlias(kind, state));
    for (const DryRun of [false, true]) {
      expect(await catchError(send(await make(KeyId, DryRun)))).toEqual({ name, message: `${KeyId} ${text}` });
    }
  });

  test.for(
    kinds
      .filter((other) => other.KeyUsage !== kind.KeyUsage)
      .flatMap((other) => [[other, 'Enabled'] as const, [other, 'Disabled'] as const]),
  )('on a key for other use, whatever its state: InvalidKeyUsageException (%o, %s)', async ([other, state]) => {
    const KeyId = await formatKeyArn(formatAlias(other, state));
    expect(await catchError(send(await make(KeyId)))).toEqual({
      name: 'InvalidKeyUsageException',
      message: `${KeyId} key usage is ${other.KeyUsage} which is not valid for ${operation}.`,
    });
  });

  test.for<[KeyId: string, message: string]>([
    [
      '7ffffff0-0000-4000-8000-000000000000',
      "Key 'arn:aws:kms:us-east-1:000000000000:key/7ffffff0-0000-4000-8000-000000000000' does not exist",
    ],
    ['no-key', "Invalid keyId 'no-key'"],
    ['alias/none', 'Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.'],
    ['arn:aws:kms:us-west-2:000000000000:key/7ffffff0-0000-4000-8000-000000000000', 'Invalid arn us-west-2'],
  ])('on %s: NotFoundException', async ([KeyId, message]) => {
    expect(await catchError(send(await make(KeyId)))).toEqual({ name: 'NotFoundException', message });
  });
});
