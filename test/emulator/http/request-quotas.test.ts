import {
  CreateKeyCommand,
  type DataKeyPairSpec,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../../emulator/index.ts';
import { awsOperations } from '../../../functions/all-operations.ts';
import { dataKeyPairSpecNames } from '../../../shared/declaration/key-specs.ts';
import { findQuota, requestsPerSecond } from '../../../shared/declaration/request-quotas.ts';
import { clientFor } from '../../support/emulator.ts';

/** The quotas in https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html, as of 2026-11. */
const perSecond: Readonly<Record<number, string>> = {
  10000:
    'Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext GenerateMac GenerateRandom ReEncrypt VerifyMac',
  2000: 'DescribeKey GetPublicKey ListResourceTags',
  1000: 'DeriveSharedSecret GetKeyPolicy GetKeyRotationStatus Sign Verify',
  500: 'ListAliases ListKeys',
  100: 'GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext ListGrants ListKeyPolicies ListKeyRotations ListRetirableGrants',
  50: 'CreateGrant RetireGrant RevokeGrant',
  15: 'DeleteAlias DeleteImportedKeyMaterial EnableKeyRotation ImportKeyMaterial PutKeyPolicy ScheduleKeyDeletion',
  10: 'TagResource',
  5: `CancelKeyDeletion ConnectCustomKeyStore CreateAlias CreateCustomKeyStore CreateKey DeleteCustomKeyStore
    DescribeCustomKeyStores DisableKey DisableKeyRotation DisconnectCustomKeyStore EnableKey GetKeyLastUsage ReplicateKey
    RotateKeyOnDemand UntagResource UpdateAlias UpdateCustomKeyStore UpdateKeyDescription UpdatePrimaryRegion`,
  1: 'GetParametersForImport',
};
/** The operations for which AWS lists no quota. */
const unlisted = ['Decapsulate', 'Encapsulate'];

test('each operation has the default quota that AWS documents', () => {
  const documented = Object.entries(perSecond).flatMap(([quota, names]) =>
    names.split(/\s+/).map((name) => [name, Number(quota)] as const),
  );
  const declared = awsOperations
    .filter(({ name }) => !unlisted.includes(name))
    .map(({ name, requestQuota }) => [name, requestsPerSecond(requestQuota)] as const);
  expect(Object.fromEntries(declared)).toEqual(Object.fromEntries(documented));
});

test('the quota for data key pairs depends on the key pair spec, and both operations share it', () => {
  const quotas = dataKeyPairSpecNames().map((KeyPairSpec) => {
    const [pair, withoutPlaintext] = awsOperations
      .filter(({ requestQuota }) => requestQuota === 'data-key-pair')
      .map((operation) => findQuota(operation, { KeyPairSpec }));
    expect(withoutPlaintext).toEqual(pair);
    return [KeyPairSpec, pair?.perSecond] as const;
  });
  expect(Object.fromEntries(quotas)).toMatchObject({
    RSA_2048: 20,
    RSA_3072: 4,
    RSA_4096: 1,
    ECC_NIST_P256: 100,
    ECC_NIST_EDWARDS25519: 100,
    SM2: 25,
  });
});

describe('an emulator with quotas', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    // With this scale, an exhausted quota stays exhausted for the duration of the tests.
    emulator = await startEmulator({ quotas: 0.01 });
  });
  afterAll(() => emulator.close());

  const throttled = { name: 'ThrottlingException' };

  test('an emulator with quotas throttles data key pairs separately for each spec', async () => {
    const client = clientFor(emulator.endpoint);
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    const input = (KeyPairSpec: DataKeyPairSpec) => ({ KeyId: KeyMetadata?.KeyId, KeyPairSpec });
    await client.send(new GenerateDataKeyPairCommand(input('RSA_2048')));
    await expect(client.send(new GenerateDataKeyPairWithoutPlaintextCommand(input('RSA_2048')))).rejects.toMatchObject(
      throttled,
    );
    await client.send(new GenerateDataKeyPairWithoutPlaintextCommand(input('ECC_NIST_P256')));
  });

  test("an emulator with quotas counts ReplicateKey as two CreateKey requests in the replica's Region", async () => {
    const account = '111122223333';
    const client = clientFor(emulator.endpoint, { account });
    const { KeyMetadata } = await client.send(new CreateKeyCommand({ MultiRegion: true }));
    await client.send(new ReplicateKeyCommand({ KeyId: KeyMetadata?.KeyId, ReplicaRegion: 'eu-west-1' }));
    const inReplicaRegion = clientFor(emulator.endpoint, { account, region: 'eu-west-1' });
    await expect(inReplicaRegion.send(new CreateKeyCommand({}))).rejects.toMatchObject(throttled);
    await clientFor(emulator.endpoint, { account, region: 'eu-central-1' }).send(new CreateKeyCommand({}));
  });
});
