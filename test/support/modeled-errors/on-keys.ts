import { randomUUID } from 'node:crypto';
import type { KeyOperation } from '../../../emulator/core/key-states.ts';
import { type AwsOperationName, awsOperations } from '../../../functions/all-operations.ts';
import type { ErrorCode } from '../../../shared/declaration/error-catalogue.ts';
import { type Input, keyCalls, keyOfKind, rootOf } from '../key-calls.ts';
import { isImpossible } from './impossible.ts';
import {
  type Arrange,
  changed,
  keyFor,
  keyMember,
  type ModeledError,
  onKind,
  row,
  rowsFor,
  type World,
} from './rows.ts';

const badPolicy = { Policy: '{' };
const badTags = { Tags: [{ TagKey: 'aws:mine', TagValue: '' }] };
const marker = { Marker: 'no-marker' };

/** Requests that cause errors that many operations on keys share. */
const sharedErrors: Readonly<Partial<Record<ErrorCode, (operation: KeyOperation) => Arrange>>> = {
  NotFoundException: (operation) => changed(operation, { [keyMember(operation)]: randomUUID() }),
  InvalidArnException: (operation) => changed(operation, { [keyMember(operation)]: 'arn:aws:kms:us-east-1' }),
  DryRunOperationException: (operation) => changed(operation, { DryRun: true }),
  InvalidGrantTokenException: (operation) => changed(operation, { GrantTokens: ['no-token'] }),
  InvalidKeyUsageException: (operation) => onKind(operation, keyCalls[operation].kind === 'mac' ? 'signing' : 'mac'),
  InvalidMarkerException: (operation) => changed(operation, marker),
};

/** Returns a row for each shared error of operations on a key. Skips errors that are in `rows` or that cannot occur. */
export function sharedErrorRows(rows: readonly ModeledError[]): ModeledError[] {
  const isListed = (operation: AwsOperationName, error: ErrorCode) =>
    rows.some((row) => row.operation === operation && row.error === error) || isImpossible(operation, error);
  return awsOperations.flatMap(({ name, errors }) =>
    errors.flatMap((error) => {
      const arrange = sharedErrors[error];
      if (arrange === undefined || !isKeyOperation(name) || isListed(name, error)) return [];
      return [{ operation: name, error, arrange: arrange(name) }];
    }),
  );
}

function isKeyOperation(name: AwsOperationName): name is KeyOperation {
  return name in keyCalls;
}

/** Rows for operations with another cause of a shared error, and for further errors that several operations return. */
export const generic: readonly ModeledError[] = [
  // A ciphertext identifies its key, so only the algorithm can be wrong.
  row('Decrypt', 'InvalidKeyUsageException', changed('Decrypt', { EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' })),
  row('ReEncrypt', 'InvalidKeyUsageException', onKindAsDestination),
  ...rowsFor('InvalidMarkerException', ['DescribeCustomKeyStores', 'ListKeys'], () => async () => marker),
  row('ListRetirableGrants', 'InvalidMarkerException', async (world) => ({
    ...marker,
    RetiringPrincipal: rootOf(await keyFor(world, 'CreateGrant')),
  })),
  ...rowsFor('TagException', ['ReplicateKey', 'TagResource'], (operation) => changed(operation, badTags)),
  row('UntagResource', 'TagException', changed('UntagResource', { TagKeys: ['aws:mine'] })),
  row('CreateKey', 'TagException', async () => badTags),
  ...rowsFor('MalformedPolicyDocumentException', ['PutKeyPolicy', 'ReplicateKey'], (operation) =>
    changed(operation, badPolicy),
  ),
  row('CreateKey', 'MalformedPolicyDocumentException', async () => badPolicy),
];

async function onKindAsDestination(world: World): Promise<Input> {
  const { KeyId: DestinationKeyId } = await keyOfKind(world.client, 'mac');
  return changed('ReEncrypt', { DestinationKeyId })(world) as Promise<Input>;
}
