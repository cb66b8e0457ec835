import { randomUUID } from 'node:crypto';
import { type Input, keyCalls, keyOfKind, requestOn, rootOf } from '../key-calls.ts';
import { putInto } from '../states.ts';
import {
  changed,
  disable,
  inState,
  keyFor,
  keyMember,
  type ModelledError,
  onKind,
  row,
  rowsFor,
  schedule,
  type World,
} from './rows.ts';

const cryptographic =
  'Decapsulate Decrypt DeriveSharedSecret Encapsulate Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext GenerateMac ReEncrypt Sign Verify VerifyMac';
/** Operations that take a key by its id or ARN. */
const onKeys = Object.keys(keyCalls).filter((operation) => keyCalls[operation]?.member !== 'none');
const onKeysWithArn =
  'CancelKeyDeletion CreateGrant DeleteImportedKeyMaterial DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus GetParametersForImport GetPublicKey ImportKeyMaterial ListAliases ListGrants ListKeyPolicies ListKeyRotations ListResourceTags PutKeyPolicy ReplicateKey RetireGrant RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion TagResource UntagResource UpdateKeyDescription UpdatePrimaryRegion';

const badPolicy = { Policy: '{' };
const badTags = { Tags: [{ TagKey: 'aws:mine', TagValue: '' }] };
const token = { GrantTokens: ['no-token'] };
const marker = { Marker: 'no-marker' };

/** Errors that many operations on a key share. */
export const generic: readonly ModelledError[] = [
  ...rowsFor('NotFoundException', onKeys.join(' '), (operation) =>
    changed(operation, { [keyMember(operation)]: randomUUID() }),
  ),
  ...rowsFor('InvalidArnException', onKeysWithArn, (operation) =>
    changed(operation, { [keyMember(operation)]: 'arn:aws:kms:us-east-1' }),
  ),
  ...rowsFor('DisabledException', `${cryptographic} CreateGrant`, (operation) => inState(operation, disable)),
  ...rowsFor(
    'DisabledException',
    'DisableKeyRotation EnableKeyRotation ReplicateKey RotateKeyOnDemand UpdatePrimaryRegion',
    (operation) => inState(operation, disable),
  ),
  ...rowsFor(
    'KMSInvalidStateException',
    `${cryptographic} CreateAlias CreateGrant DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetParametersForImport GetPublicKey ImportKeyMaterial ReplicateKey RotateKeyOnDemand ScheduleKeyDeletion TagResource UntagResource UpdateAlias UpdateKeyDescription UpdatePrimaryRegion`,
    (operation) => inState(operation, schedule),
  ),
  row('CancelKeyDeletion', 'KMSInvalidStateException', changed('CancelKeyDeletion', {})),
  row('DeleteImportedKeyMaterial', 'KMSInvalidStateException', async (world) => {
    const key = await keyFor(world, 'DeleteImportedKeyMaterial', { MultiRegion: true });
    putInto(world.emulator, key, 'Updating');
    return requestOn('DeleteImportedKeyMaterial', key);
  }),
  ...rowsFor('DryRunOperationException', `${cryptographic} CreateGrant RetireGrant RevokeGrant`, (operation) =>
    changed(operation, { DryRun: true }),
  ),
  ...rowsFor('InvalidGrantTokenException', `${cryptographic} CreateGrant GetPublicKey`, (operation) =>
    changed(operation, token),
  ),
  ...rowsFor('InvalidKeyUsageException', cryptographic, (operation) => {
    // A ciphertext names its key: what is wrong here is the algorithm.
    if (operation === 'Decrypt') return changed(operation, { EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' });
    if (operation === 'ReEncrypt') return onKindAsDestination;
    return onKind(operation, keyCalls[operation]?.kind === 'mac' ? 'signing' : 'mac');
  }),
  ...rowsFor('InvalidMarkerException', 'ListAliases ListGrants ListKeyRotations ListResourceTags', (operation) =>
    changed(operation, marker),
  ),
  ...rowsFor('InvalidMarkerException', 'DescribeCustomKeyStores ListKeys', () => async () => marker),
  row('ListRetirableGrants', 'InvalidMarkerException', async (world) => ({
    ...marker,
    RetiringPrincipal: rootOf(await keyFor(world, 'CreateGrant')),
  })),
  ...rowsFor('TagException', 'ReplicateKey TagResource', (operation) => changed(operation, badTags)),
  row('UntagResource', 'TagException', changed('UntagResource', { TagKeys: ['aws:mine'] })),
  row('CreateKey', 'TagException', async () => badTags),
  ...rowsFor('MalformedPolicyDocumentException', 'PutKeyPolicy ReplicateKey', (operation) =>
    changed(operation, badPolicy),
  ),
  row('CreateKey', 'MalformedPolicyDocumentException', async () => badPolicy),
];

async function onKindAsDestination(world: World): Promise<Input> {
  const { KeyId: DestinationKeyId } = await keyOfKind(world.client, 'mac');
  return changed('ReEncrypt', { DestinationKeyId })(world) as Promise<Input>;
}
