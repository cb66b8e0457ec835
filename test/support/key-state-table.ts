import type { KeyOperation } from '../../emulator/core/key-states.ts';
import type { AwsOperationName } from '../../functions/all-operations.ts';

export const keyStates = [
  'Enabled',
  'Disabled',
  'PendingImport',
  'PendingDeletion',
  'Unavailable',
  'Creating',
  'Updating',
  'PendingReplicaDeletion',
] as const;
export type KeyStateName = (typeof keyStates)[number];

/**
 * Contains the results in AWS's table of key states, in the order of `keyStates`
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html). `+` means success, and a letter means an error
 * (see `keyStateErrors`). `-` means that a key of the required type cannot be in that state. The table is independent of
 * the emulator's own table.
 */
export const keyStateTable: Readonly<Record<KeyOperation, string>> = {
  CancelKeyDeletion: 'I I I + I I I +',
  CreateAlias: '+ + + I + + + I',
  CreateGrant: '+ D I I + I + I',
  Decapsulate: '+ D I I - I + I',
  Decrypt: '+ D I I I I + I',
  DeleteAlias: '+ + + + + + + +',
  DeleteImportedKeyMaterial: '+ + + + U I I +',
  DeriveSharedSecret: '+ D I I - I + I',
  DescribeKey: '+ + + + + + + +',
  DisableKey: '+ + I I + I I I',
  DisableKeyRotation: '+ D U I U I I I',
  EnableKey: '+ + I I + I I I',
  EnableKeyRotation: '+ D U I U I I I',
  Encapsulate: '+ D I I - I + I',
  Encrypt: '+ D I I I I + I',
  GenerateDataKey: '+ D I I I I + I',
  GenerateDataKeyPair: '+ D I I I I + I',
  GenerateDataKeyPairWithoutPlaintext: '+ D I I I I + I',
  GenerateDataKeyWithoutPlaintext: '+ D I I I I + I',
  GenerateMac: '+ D I I - I + I',
  GetKeyLastUsage: '+ + + + + + + +',
  GetKeyPolicy: '+ + + + + + + +',
  GetKeyRotationStatus: '+ + + + + + + +',
  GetParametersForImport: '+ + + I U I I I',
  // AWS documents DisabledException for a disabled key, but recordings show that AWS returns the public key.
  GetPublicKey: '+ + I I - I + I',
  ImportKeyMaterial: '+ + + I U I I I',
  ListAliases: '+ + + + + + + +',
  ListGrants: '+ + + + + + + +',
  ListKeyPolicies: '+ + + + + + + +',
  ListKeyRotations: '+ + + + + + + +',
  ListResourceTags: '+ + + + + + + +',
  PutKeyPolicy: '+ + + + + + + +',
  ReEncrypt: '+ D I I I I + I',
  ReplicateKey: '+ D I I U I I I',
  RetireGrant: '+ + + + + + + +',
  RevokeGrant: '+ + + + + + + +',
  RotateKeyOnDemand: '+ D I I U I I I',
  ScheduleKeyDeletion: '+ + + I + I I I',
  Sign: '+ D I I - I + I',
  TagResource: '+ + + I + + + I',
  UntagResource: '+ + + I + + + I',
  UpdateAlias: '+ + + I + + + I',
  UpdateKeyDescription: '+ + + I + + + I',
  UpdatePrimaryRegion: '+ D I I U I I I',
  Verify: '+ D I I - I + I',
  VerifyMac: '+ D I I - I + I',
};

/** The error for each letter in the table. */
export const keyStateErrors: Readonly<Record<string, string>> = {
  D: 'DisabledException',
  I: 'KMSInvalidStateException',
  U: 'UnsupportedOperationException',
};

/** Returns whether key-states.test.ts expects this error from the operation in at least one state. */
export function isInKeyStateTable(operation: AwsOperationName, error: string): boolean {
  const row = (keyStateTable as Partial<Record<AwsOperationName, string>>)[operation] ?? '';
  const isStateError = error === 'DisabledException' || error === 'KMSInvalidStateException';
  return isStateError && row.split(' ').some((cell) => keyStateErrors[cell] === error);
}
