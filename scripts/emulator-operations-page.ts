import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AwsOperationName, KmsOperation } from '../functions/all-operations.ts';
import { folderName, groups, referenceUrl } from '../shared/declaration/operation.ts';

const attestation = 'With `Recipient`, the emulator reads the attestation document but does not verify its signature.';
const keyStore =
  'Simulated: the emulator calls no CloudHSM cluster or external key store proxy, and stores no password or secret key.';
const ciphertext = 'AWS KMS cannot decrypt ciphertexts of the emulator, nor the emulator those of AWS KMS.';
const completeOnReturn = 'Complete when the call returns. AWS KMS takes minutes.';

/** How an operation of the emulator differs from the API reference. */
const differences: Readonly<Partial<Record<AwsOperationName, string>>> = {
  CreateKey: 'The emulator generates and uses the material of keys in custom key stores itself.',
  ScheduleKeyDeletion: "The waiting period follows the emulator's clock.",
  GetKeyLastUsage:
    'Stored once a second, so a crash loses the last second. There is no CloudTrail event with the returned id.',
  EnableKeyRotation: "Rotations follow the emulator's clock.",
  RotateKeyOnDemand: completeOnReturn,
  GetParametersForImport: "The token is valid for 24 hours of the emulator's clock.",
  ImportKeyMaterial: "Material expires according to the emulator's clock.",
  CreateGrant: 'Effective immediately: the emulator has no eventual consistency, so grant tokens are never needed.',
  ReplicateKey: `The response says \`Creating\`, as in AWS KMS. ${completeOnReturn}`,
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

/** docs/reference/emulator-operations.md: the operations that the emulator has a file for, and how they differ from AWS KMS. */
export function emulatorOperationsPage(operations: readonly KmsOperation[]): string {
  const present = operations.filter(isSupported);
  return [
    '# Operations of the emulator',
    '',
    `The emulator has ${present.length} of ${operations.length} operations of AWS KMS. It validates requests as AWS does, returns AWS's error codes and performs real cryptography.`,
    'The last column lists differences of single operations. [Differences from AWS KMS](emulator-differences.md) lists the others.',
    '',
    ...groups.flatMap((group) => [
      `## ${group}`,
      '',
      '| operation | supported | difference |',
      '| --- | --- | --- |',
      ...operations.filter((operation) => operation.group === group).map(rowOf),
      '',
    ]),
  ].join('\n');
}

function rowOf(operation: KmsOperation): string {
  const { name } = operation;
  const kind = !isSupported(operation) ? 'no' : differences[name]?.startsWith('Simulated') ? 'simulated' : 'yes';
  return `| [${name}](${referenceUrl(operation)}) | ${kind} | ${differences[name] ?? ''} |`;
}

function isSupported(operation: KmsOperation): boolean {
  const file = `../emulator/operations/${operation.group}/${folderName(operation)}.ts`;
  return existsSync(fileURLToPath(new URL(file, import.meta.url)));
}
