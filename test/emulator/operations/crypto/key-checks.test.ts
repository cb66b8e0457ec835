import * as kms from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { catchError, useEmulator } from '../../../support/emulator.ts';
import { failingStates, formatAlias, type Kind, seedInAllStates } from '../../../support/states.ts';

/** Tests the checks that all operations on a single key share. Each row contains a type of key and a valid request. */
const symmetric = { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' };
const signing = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
const mac = { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' };
const agreement = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' };
const kem = { KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' };
const kinds = [symmetric, signing, mac, agreement, kem];

const used = useEmulator({ seed: seedInAllStates(kinds) });
const send = (command: unknown) => used.client.send(command as kms.GenerateRandomCommand) as Promise<never>;

const Message = Buffer.from('message');
type CreateCommand = (KeyId: string, DryRun?: boolean) => unknown | Promise<unknown>;

const operations: [operation: string, kind: Kind, createCommand: CreateCommand][] = [
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
  ['Verify', signing, createVerify],
  [
    'GenerateMac',
    mac,
    (KeyId, DryRun) => new kms.GenerateMacCommand({ KeyId, DryRun, Message, MacAlgorithm: 'HMAC_SHA_256' }),
  ],
  ['VerifyMac', mac, createVerifyMac],
  ['DeriveSharedSecret', agreement, createDeriveSharedSecret],
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

async function createVerify(KeyId: string, DryRun?: boolean) {
  const SigningAlgorithm = 'ECDSA_SHA_256';
  const { Signature } = await used.client.send(
    new kms.SignCommand({ KeyId: formatAlias(signing), Message, SigningAlgorithm }),
  );
  return new kms.VerifyCommand({ KeyId, DryRun, Message, SigningAlgorithm, Signature });
}

async function createVerifyMac(KeyId: string, DryRun?: boolean) {
  const MacAlgorithm = 'HMAC_SHA_256';
  const { Mac } = await used.client.send(
    new kms.GenerateMacCommand({ KeyId: formatAlias(mac), Message, MacAlgorithm }),
  );
  return new kms.VerifyMacCommand({ KeyId, DryRun, Message, MacAlgorithm, Mac });
}

async function createDeriveSharedSecret(KeyId: string, DryRun?: boolean) {
  const { PublicKey } = await used.client.send(new kms.GetPublicKeyCommand({ KeyId: formatAlias(agreement) }));
  return new kms.DeriveSharedSecretCommand({ KeyId, DryRun, KeyAgreementAlgorithm: 'ECDH', PublicKey });
}

const readArn = async (KeyId: string) => {
  const { KeyMetadata } = await used.client.send(new kms.DescribeKeyCommand({ KeyId }));
  return KeyMetadata?.Arn ?? '';
};
const readLastUsage = async (KeyId: string) =>
  (await used.client.send(new kms.GetKeyLastUsageCommand({ KeyId }))).KeyLastUsage;

describe.for(operations)('%s', ([operation, kind, createCommand]) => {
  test("the operation returns the key's ARN and records the usage", async () => {
    const KeyId = await readArn(formatAlias(kind));
    const response = (await send(await createCommand(formatAlias(kind)))) as kms.SignCommandOutput;
    expect(response.KeyId).toBe(KeyId);
    expect(await readLastUsage(KeyId)).toMatchObject({
      Operation: operation,
      KmsRequestId: response.$metadata.requestId,
      Timestamp: expect.any(Date),
      CloudTrailEventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test('the operation with DryRun throws DryRunOperationException and does not record the usage', async () => {
    const KeyId = await readArn(formatAlias(kind));
    const command = await createCommand(formatAlias(kind), true);
    const before = await readLastUsage(KeyId);
    expect(await catchError(send(command))).toEqual({
      name: 'DryRunOperationException',
      message: 'The request would have succeeded, but the DryRun option is set.',
    });
    expect(await readLastUsage(KeyId)).toEqual(before);
  });

  // key-states.test.ts covers the same states without DryRun.
  test('the operation with DryRun checks the key state', async () => {
    for (const [state, name, text] of failingStates) {
      const KeyId = await readArn(formatAlias(kind, state));
      expect(await catchError(send(await createCommand(KeyId, true)))).toEqual({ name, message: `${KeyId} ${text}` });
    }
  });

  test('the operation throws InvalidKeyUsageException for keys with another usage before it checks the key state', async () => {
    const others = kinds.filter(({ KeyUsage }) => KeyUsage !== kind.KeyUsage);
    for (const [other, state] of others.flatMap((each) => [[each, 'Enabled'] as const, [each, 'Disabled'] as const])) {
      const KeyId = await readArn(formatAlias(other, state));
      expect(await catchError(send(await createCommand(KeyId)))).toEqual({
        name: 'InvalidKeyUsageException',
        message: `${KeyId} key usage is ${other.KeyUsage} which is not valid for ${operation}.`,
      });
    }
  });

  test.for<[KeyId: string, message: string]>([
    [
      '7ffffff0-0000-4000-8000-000000000000',
      "Key 'arn:aws:kms:us-east-1:000000000000:key/7ffffff0-0000-4000-8000-000000000000' does not exist",
    ],
    ['no-key', "Invalid keyId 'no-key'"],
    ['alias/none', 'Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.'],
    ['arn:aws:kms:us-west-2:000000000000:key/7ffffff0-0000-4000-8000-000000000000', 'Invalid arn us-west-2'],
  ])('the operation throws NotFoundException for %s', async ([KeyId, message]) => {
    expect(await catchError(send(await createCommand(KeyId)))).toEqual({ name: 'NotFoundException', message });
  });
});
