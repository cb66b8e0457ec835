import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AwsOperationName, KmsOperation } from '../functions/all-operations.ts';
import { folderName, groups, referenceUrl } from '../shared/declaration/operation.ts';

const attestation = 'With `Recipient`, the emulator reads the attestation document but does not verify its signature.';
const keyStore =
  'Simulated: the emulator calls no CloudHSM cluster or external key store proxy, and stores no password or secret key.';
const ciphertext =
  "AWS KMS cannot decrypt the emulator's ciphertexts, and the emulator cannot decrypt AWS KMS ciphertexts.";
const completeOnReturn = 'The change is complete when the call returns. In AWS KMS, it takes minutes.';

/** The differences between the emulator's operations and the API reference. */
const differences: Readonly<Partial<Record<AwsOperationName, string>>> = {
  CreateKey: 'The emulator itself generates and uses the material of keys in custom key stores.',
  ScheduleKeyDeletion: "The waiting period follows the emulator's clock.",
  GetKeyLastUsage:
    'The emulator stores usage once a second, so a crash can lose the last second. No CloudTrail event has the returned id.',
  EnableKeyRotation: "Rotations follow the emulator's clock.",
  RotateKeyOnDemand: completeOnReturn,
  GetParametersForImport: "The token is valid for 24 hours of the emulator's clock.",
  ImportKeyMaterial: "Material expires according to the emulator's clock.",
  CreateGrant: 'The grant is effective immediately, so grant tokens are never needed.',
  ReplicateKey: `The response contains \`Creating\`, as in AWS KMS. ${completeOnReturn}`,
  UpdatePrimaryRegion: completeOnReturn,
  CreateCustomKeyStore: keyStore,
  UpdateCustomKeyStore: keyStore,
  DeleteCustomKeyStore: keyStore,
  DescribeCustomKeyStores: keyStore,
  ConnectCustomKeyStore: `${keyStore} ${completeOnReturn}`,
  DisconnectCustomKeyStore: `${keyStore} ${completeOnReturn}`,
  Encrypt: ciphertext,
  ReEncrypt: ciphertext,
  Decrypt: `${ciphertext} ${attestation}`,
  GenerateDataKey: `${ciphertext} ${attestation}`,
  GenerateDataKeyWithoutPlaintext: ciphertext,
  GenerateDataKeyPair: `${ciphertext} ${attestation}`,
  GenerateDataKeyPairWithoutPlaintext: ciphertext,
  GenerateRandom: attestation,
  DeriveSharedSecret: attestation,
};

/** Returns docs/reference/emulator-operations.md: the supported operations, and their differences from AWS KMS. */
export function emulatorOperationsPage(operations: readonly KmsOperation[]): string {
  const present = operations.filter(isSupported);
  return [
    '# Emulator operations',
    '',
    `The emulator implements ${present.length} of ${operations.length} AWS KMS operations. It validates requests as AWS does, returns AWS's error codes and performs real cryptography.`,
    'The last column lists differences in individual operations. [Differences from AWS KMS](emulator-differences.md) lists general differences.',
    '',
    ...groups.flatMap((group) => [
      `## ${group}`,
      '',
      '| operation | supported | difference |',
      '| --- | --- | --- |',
      ...operations.filter((operation) => operation.group === group).map(writeRow),
      '',
    ]),
  ].join('\n');
}

function writeRow(operation: KmsOperation): string {
  const { name } = operation;
  const support = !isSupported(operation) ? 'no' : differences[name]?.startsWith('Simulated') ? 'simulated' : 'yes';
  return `| [${name}](${referenceUrl(operation)}) | ${support} | ${differences[name] ?? ''} |`;
}

function isSupported(operation: KmsOperation): boolean {
  const file = `../emulator/operations/${operation.group}/${folderName(operation)}.ts`;
  return existsSync(fileURLToPath(new URL(file, import.meta.url)));
}
