import type { AwsOperationName } from '../../functions/all-operations.ts';
import type { Key, KeyState } from './key-record.ts';
import { KmsError } from './kms-error.ts';

/** The result of an operation in a key state: success, DisabledException or KMSInvalidStateException. */
type Verdict = 'ok' | 'disabled' | 'invalid';

interface Row {
  readonly Creating: Verdict;
  readonly Disabled: Verdict;
  readonly PendingDeletion: Verdict;
  readonly PendingImport: Verdict;
  readonly Unavailable: Verdict;
  readonly Updating: Verdict;
}

const row = (
  Creating: Verdict,
  Disabled: Verdict,
  PendingDeletion: Verdict,
  PendingImport: Verdict,
  Unavailable: Verdict,
  Updating: Verdict,
): Row => ({ Creating, Disabled, PendingDeletion, PendingImport, Unavailable, Updating });

const always = row('ok', 'ok', 'ok', 'ok', 'ok', 'ok');
const unlessPendingDeletion = row('ok', 'ok', 'invalid', 'ok', 'ok', 'ok');
/** Applies to cryptographic operations. */
const whenUsable = row('invalid', 'disabled', 'invalid', 'invalid', 'invalid', 'ok');
/** Applies to changes to the key itself. */
const whenStable = row('invalid', 'ok', 'invalid', 'invalid', 'ok', 'invalid');
// Only keys in custom key stores can be Unavailable. Other checks prevent such keys from being rotated or replicated.
const whenEnabled = row('invalid', 'disabled', 'invalid', 'invalid', 'ok', 'invalid');
/**
 * Applies to changes to rotation settings. Another check rejects keys that cannot rotate, such as keys that are pending
 * import.
 */
const whenRotatable = row('invalid', 'disabled', 'invalid', 'ok', 'ok', 'invalid');
const whenImportable = row('invalid', 'ok', 'invalid', 'ok', 'ok', 'invalid');
/** Marks an operation that does not act on an existing key. */
const noKey = undefined;

/**
 * The result of each operation in each key state
 * (https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html). PendingReplicaDeletion has the same results
 * as PendingDeletion. An enabled key allows every operation except CancelKeyDeletion. The columns are Creating,
 * Disabled, PendingDeletion, PendingImport, Unavailable and Updating.
 */
const states = {
  CancelKeyDeletion: row('invalid', 'invalid', 'ok', 'invalid', 'invalid', 'invalid'),
  ConnectCustomKeyStore: noKey,
  CreateAlias: unlessPendingDeletion,
  CreateCustomKeyStore: noKey,
  CreateGrant: row('invalid', 'disabled', 'invalid', 'invalid', 'ok', 'ok'),
  CreateKey: noKey,
  Decapsulate: whenUsable,
  Decrypt: whenUsable,
  DeleteAlias: always,
  DeleteCustomKeyStore: noKey,
  DeleteImportedKeyMaterial: row('invalid', 'ok', 'ok', 'ok', 'ok', 'invalid'),
  DeriveSharedSecret: whenUsable,
  DescribeCustomKeyStores: noKey,
  DescribeKey: always,
  DisableKey: whenStable,
  DisableKeyRotation: whenRotatable,
  DisconnectCustomKeyStore: noKey,
  EnableKey: whenStable,
  EnableKeyRotation: whenRotatable,
  Encapsulate: whenUsable,
  Encrypt: whenUsable,
  GenerateDataKey: whenUsable,
  GenerateDataKeyPair: whenUsable,
  GenerateDataKeyPairWithoutPlaintext: whenUsable,
  GenerateDataKeyWithoutPlaintext: whenUsable,
  GenerateMac: whenUsable,
  GenerateRandom: noKey,
  GetKeyLastUsage: always,
  GetKeyPolicy: always,
  GetKeyRotationStatus: always,
  GetParametersForImport: whenImportable,
  // The AWS page documents DisabledException, but KMS returns the public key of a disabled key (recorded from AWS).
  GetPublicKey: row('invalid', 'ok', 'invalid', 'invalid', 'invalid', 'ok'),
  ImportKeyMaterial: whenImportable,
  ListAliases: always,
  ListGrants: always,
  ListKeyPolicies: always,
  ListKeyRotations: always,
  ListKeys: noKey,
  ListResourceTags: always,
  ListRetirableGrants: noKey,
  PutKeyPolicy: always,
  ReEncrypt: whenUsable,
  ReplicateKey: whenEnabled,
  RetireGrant: always,
  RevokeGrant: always,
  RotateKeyOnDemand: whenEnabled,
  ScheduleKeyDeletion: row('invalid', 'ok', 'invalid', 'ok', 'ok', 'invalid'),
  Sign: whenUsable,
  TagResource: unlessPendingDeletion,
  UntagResource: unlessPendingDeletion,
  UpdateAlias: unlessPendingDeletion,
  UpdateCustomKeyStore: noKey,
  UpdateKeyDescription: unlessPendingDeletion,
  UpdatePrimaryRegion: whenEnabled,
  Verify: whenUsable,
  VerifyMac: whenUsable,
} as const satisfies Record<AwsOperationName, Row | undefined>;

/** An operation that acts on an existing key. */
export type KeyOperation = {
  [Name in AwsOperationName]: (typeof states)[Name] extends undefined ? never : Name;
}[AwsOperationName];

const stateTexts: Record<Exclude<KeyState, 'Enabled'>, string> = {
  Creating: 'creating',
  Disabled: 'disabled',
  PendingDeletion: 'pending deletion',
  PendingImport: 'pending import',
  PendingReplicaDeletion: 'pending replica deletion',
  Unavailable: 'unavailable',
  Updating: 'updating',
};

/** Throws DisabledException or KMSInvalidStateException if the key's state does not allow the operation. */
export function requireState(key: Key, operation: KeyOperation): void {
  const { state } = key.record;
  if (findVerdict(operation, state) === 'ok') return;
  if (operation === 'CancelKeyDeletion') {
    throw new KmsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
  }
  const text = state === 'Enabled' ? 'enabled' : stateTexts[state];
  const code = findVerdict(operation, state) === 'disabled' ? 'DisabledException' : 'KMSInvalidStateException';
  throw new KmsError(code, `${key.arn} is ${text}.`);
}

function findVerdict(operation: KeyOperation, state: KeyState): Verdict {
  if (state === 'Enabled') return operation === 'CancelKeyDeletion' ? 'invalid' : 'ok';
  return states[operation][state === 'PendingReplicaDeletion' ? 'PendingDeletion' : state];
}
