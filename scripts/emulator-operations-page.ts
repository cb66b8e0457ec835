import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AwsOperationName, KmsOperation } from '../functions/all-operations.ts';
import { folderName, groups, referenceUrl } from '../shared/declaration/operation.ts';

const attestation =
  'If a request contains `Recipient`, the emulator reads the attestation document but does not verify its signature.';
const keyStore =
  'Simulated: the emulator does not call CloudHSM clusters or external key store proxies, and does not store passwords or secret keys.';
const ciphertext =
  "AWS KMS cannot decrypt the emulator's ciphertexts, and the emulator cannot decrypt ciphertexts from AWS KMS.";
const completeOnReturn =
  'The change is complete when the call returns, so that tests need not wait. In AWS KMS, the change takes minutes; poll for the result.';

/** The differences between the emulator's operations and the AWS KMS API Reference. */
const differences: Readonly<Partial<Record<AwsOperationName, string>>> = {
  CreateKey:
    "For keys in custom key stores, the emulator itself generates and uses the key material. The permission for `iam:CreateServiceLinkedRole` is required while the account has no multi-Region key. In AWS KMS, it is not required again after the account's last multi-Region key was deleted.",
  ScheduleKeyDeletion: "The waiting period follows the emulator's clock.",
  GetKeyLastUsage:
    'The emulator writes key usage to disk once a second, so a crash can lose the last second of updates. The CloudTrail event id in the response does not refer to a real event.',
  EnableKeyRotation: "Rotations follow the emulator's clock. To cause a rotation, advance the clock.",
  GetKeyRotationStatus:
    'The response never contains `OnDemandRotationStartDate`, because on-demand rotations complete immediately.',
  ListKeyRotations:
    'Expired material is `PENDING_IMPORT` at once. AWS KMS can report it as `IMPORTED` for several minutes after it expired.',
  RotateKeyOnDemand: `${completeOnReturn} A second call therefore rotates the key again. AWS KMS accepts a second call during a rotation and changes nothing.`,
  GetParametersForImport: "The import token is valid for 24 hours according to the emulator's clock.",
  ImportKeyMaterial:
    "Key material expires according to the emulator's clock. Key material ids are computed differently from AWS KMS: compare ids only with each other.",
  DeleteImportedKeyMaterial: 'The deletion takes effect immediately.',
  CreateGrant: 'The grant is effective immediately, so callers never need grant tokens.',
  ReplicateKey: `The response contains the key state \`Creating\`, as in AWS KMS. ${completeOnReturn}`,
  UpdatePrimaryRegion: `${completeOnReturn} Keys never have the state \`Updating\`.`,
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

/** Builds docs/reference/emulator-operations.md, which lists the supported operations and their differences from AWS KMS. */
export function emulatorOperationsPage(operations: readonly KmsOperation[]): string {
  const present = operations.filter(isSupported);
  const presentGroups = groups.filter((group) => operations.some((operation) => operation.group === group));
  return [
    '# Emulator operations',
    '',
    `The emulator implements ${present.length} of ${operations.length} AWS KMS operations. It validates requests as AWS does, returns AWS's error codes and performs real cryptography.`,
    'The last column describes how an operation differs from AWS KMS. [Differences from AWS KMS](emulator-differences.md) lists general differences.',
    '',
    ...presentGroups.flatMap((group) => [
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
