import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { folderName, groups, type Operation, referenceUrl } from '../shared/declaration/operation.ts';

const attestation = 'With `Recipient`: the attestation document is read, and its signature not verified.';
const keyStore =
  'Simulated: no CloudHSM cluster and no external key store proxy is asked, and no password or secret key is kept.';
const ciphertext = 'A ciphertext of the emulator, which AWS cannot open, nor the emulator that of AWS.';
const atOnce = 'Done when the call returns; AWS takes minutes.';

/** What differs from AWS, by operation. All else is as the reference has it. */
const differences: Readonly<Record<string, string>> = {
  CreateKey: 'In a custom key store: the material is made and used by the emulator itself.',
  ScheduleKeyDeletion: "The waiting period goes by the emulator's clock.",
  GetKeyLastUsage:
    'Written once a second, and within this second after a crash lost. There is no CloudTrail: the event id leads nowhere.',
  EnableKeyRotation: "Rotations fall due by the emulator's clock.",
  RotateKeyOnDemand: atOnce,
  GetParametersForImport: "The token is good for 24 hours of the emulator's clock.",
  ImportKeyMaterial: "Material expires by the emulator's clock.",
  CreateGrant: 'Usable at once: there is no eventual consistency, and grant tokens are never needed.',
  ReplicateKey: `The answer says \`Creating\`, as AWS's does. ${atOnce}`,
  UpdatePrimaryRegion: atOnce,
  CreateCustomKeyStore: keyStore,
  UpdateCustomKeyStore: keyStore,
  DeleteCustomKeyStore: keyStore,
  DescribeCustomKeyStores: keyStore,
  ConnectCustomKeyStore: `${keyStore} ${atOnce}`,
  DisconnectCustomKeyStore: `${keyStore} ${atOnce}`,
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

/** docs/reference/emulator-operations.md: which operations the emulator has, by the actions that are there, and what is simulated. */
export function emulatorOperationsPage(operations: readonly Operation[]): string {
  const names = new Set(operations.map(({ name }) => name));
  for (const name of Object.keys(differences))
    if (!names.has(name)) throw new TypeError(`there is no operation ${name}`);
  const present = operations.filter(hasAction);
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

function rowOf(operation: Operation): string {
  const { name } = operation;
  const kind = !hasAction(operation) ? 'no' : differences[name]?.startsWith('Simulated') ? 'simulated' : 'yes';
  return `| [${name}](${referenceUrl(operation)}) | ${kind} | ${differences[name] ?? ''} |`;
}

function hasAction(operation: Operation): boolean {
  const file = `../emulator/operations/${operation.group}/${folderName(operation)}.ts`;
  return existsSync(fileURLToPath(new URL(file, import.meta.url)));
}
