import type { AwsOperationName, KmsOperation } from '../../functions/all-operations.ts';
import { memberNames, type Permission } from '../../shared/declaration/operation.ts';
import { findPartition, formatKmsArn, parseKmsArn } from '../core/arn.ts';
import type { Key } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import { readMaterialId } from '../crypto/formats/ciphertext.ts';
import { findCiphertextKey } from '../keys/find-ciphertext-key.ts';
import type { OperationContext } from '../keys/operation-context.ts';
import { findKey } from '../keys/resolve-key.ts';
import type { AuthorizationTarget, EncryptionContext, Members } from './authorization-target.ts';

type Resource = Partial<AuthorizationTarget> & Pick<AuthorizationTarget, 'resource' | 'account' | 'region'>;
/**
 * Finds the resources that an action affects. Returns an empty list if the key does not exist, because the operation
 * itself reports the error.
 */
type ResourceFinder = (input: Members, context: OperationContext) => Resource[];

/** Finds every permission that a request requires. */
export type TargetFinder = (input: Members, context: OperationContext) => AuthorizationTarget[];

/** Creates the target finder for an operation from the permissions in its declaration. */
export function createTargetFinder(declaration: KmsOperation): TargetFinder {
  const { name: operation, permissions, crossAccount } = declaration;
  const needed = removeDuplicates(permissions).map((permission) => {
    const name = `${operation} ${permission.action}` as const;
    const kind = resourceKind(permission);
    const find = finders[`${name} on ${kind}`] ?? finders[name] ?? defaultFinder(declaration, permission);
    return { action: permission.action, find, isNeeded: conditions[name] ?? isAlwaysNeeded };
  });
  return (input, context) => {
    const targets: AuthorizationTarget[] = [];
    for (const { action, find, isNeeded } of needed) {
      if (!isNeeded(input, context)) continue;
      for (const resource of find(input, context))
        targets.push({ operation, crossAccount, action, input, ...resource });
    }
    return targets;
  };
}

/**
 * Returns the finder for a permission that has no row in `finders`. This finder reads only KeyId, so a permission that
 * depends on other members requires a row.
 */
function defaultFinder(operation: KmsOperation, permission: Permission): ResourceFinder {
  const members = memberNames(operation);
  const isEnough = members.includes('KeyId') && !members.includes('EncryptionContext');
  if (permission.resource === 'key' && !isEnough) {
    throw new TypeError(`${operation.name} ${permission.action} needs a row in finders`);
  }
  return createFinder(permission);
}

/**
 * Removes duplicate permissions. A declaration can list the same action and resource type once for each Region, but the
 * finders determine the Regions themselves.
 */
function removeDuplicates(permissions: readonly Permission[]): Permission[] {
  const names = permissions.map((permission) => `${permission.action} ${resourceKind(permission)}`);
  return permissions.filter((_, index) => names.indexOf(names[index] ?? '') === index);
}

type ResourceKind = 'key' | 'alias' | 'any';

/**
 * An operation and one of its permissions, such as `ReEncrypt kms:ReEncryptFrom`. Rows for any other names do not
 * compile.
 */
type PermissionName = `${AwsOperationName} ${Permission['action']}`;

/** Returns the type of a permission's resource. For a service-linked role, the type is `any`. */
function resourceKind({ resource }: Permission): ResourceKind {
  return typeof resource === 'string' ? resource : 'any';
}

const isAlwaysNeeded = () => true;
const isNeverNeeded = () => false;
const hasTags = ({ Tags }: Members) => Array.isArray(Tags) && Tags.length > 0;

/** The conditions for permissions that an operation requires only for some requests. */
const conditions: Readonly<Partial<Record<PermissionName, (input: Members, context: OperationContext) => boolean>>> = {
  'CreateKey kms:TagResource': hasTags,
  // KMS creates the service-linked role with the account's first multi-Region key (recorded from AWS).
  'CreateKey iam:CreateServiceLinkedRole': ({ MultiRegion }, { store, account }) =>
    MultiRegion === true && !store.keys.hasMultiRegionKey(account),
  'ReplicateKey kms:TagResource': hasTags,
  // Only the lockout safety check requires these permissions.
  'CreateKey kms:PutKeyPolicy': isNeverNeeded,
  'ReplicateKey kms:PutKeyPolicy': isNeverNeeded,
};

/** The prefix of the EncryptionContext and EncryptionAlgorithm members, and the default algorithm. */
interface EncryptionMembers {
  readonly prefix: '' | 'Source' | 'Destination';
  readonly defaultAlgorithm: string | undefined;
}

const noEncryption: EncryptionMembers = { prefix: '', defaultAlgorithm: undefined };
const encryption = (prefix: EncryptionMembers['prefix'] = ''): EncryptionMembers => ({
  prefix,
  defaultAlgorithm: 'SYMMETRIC_DEFAULT',
});

/** Finds the key that a request member identifies. */
const findNamedKey =
  (member: string, members: EncryptionMembers = noEncryption): ResourceFinder =>
  (input, context) => {
    const identifier = input[member];
    if (typeof identifier !== 'string') return [];
    const key = findKey(context, identifier);
    return key instanceof KmsError ? findAbsentKey(identifier, context) : [toResource(key, input, members, identifier)];
  };

function toResource(
  key: Key,
  input: Members,
  { prefix, defaultAlgorithm }: EncryptionMembers,
  identifier?: string,
): Resource {
  return {
    key,
    resource: key.arn,
    account: key.account,
    region: key.region,
    identifier,
    encryptionContext: input[`${prefix}EncryptionContext`] as EncryptionContext | undefined,
    encryptionAlgorithm: (input[`${prefix}EncryptionAlgorithm`] as string | undefined) ?? defaultAlgorithm,
    isFromCiphertext: identifier === undefined,
  };
}

/**
 * Returns a target for a missing key in another account. Callers must not learn which keys exist there, so the emulator
 * denies access instead of reporting that the key is missing.
 */
function findAbsentKey(identifier: string, { account, region }: OperationContext): Resource[] {
  const arn = parseKmsArn(identifier);
  if (!arn?.resource.startsWith('key/') || !/^\d{12}$/.test(arn.account)) return [];
  if (arn.region !== region || arn.partition !== findPartition(region) || arn.account === account) return [];
  return [{ resource: identifier, account: arn.account, region, isAbsent: true }];
}

/**
 * Finds the key that a request member identifies. Without that member, finds the key that encrypted the symmetric
 * ciphertext.
 */
const findDecryptionKey = (member: string, members: EncryptionMembers): ResourceFinder => {
  const findByMember = findNamedKey(member, members);
  return (input, context) => {
    if (input[member] !== undefined) return findByMember(input, context);
    const { CiphertextBlob: ciphertext } = input;
    const materialId = ciphertext instanceof Uint8Array ? readMaterialId(ciphertext) : undefined;
    const owner = materialId === undefined ? undefined : findCiphertextKey(context, materialId);
    return owner === undefined ? [] : [toResource(owner.key, input, members)];
  };
};

const findSource = findDecryptionKey('SourceKeyId', encryption('Source'));
const findDestination = findNamedKey('DestinationKeyId', encryption('Destination'));
/** Finds one of the two keys in a ReEncrypt request. Conditions can compare the key with the other key. */
const findReEncryptKey =
  (find: ResourceFinder, findOther: ResourceFinder): ResourceFinder =>
  (input, context) =>
    find(input, context).map((resource) => ({
      ...resource,
      isOnSameKey: () => findOther(input, context)[0]?.key?.seq === resource.key?.seq,
    }));

const findAliasKey = findNamedKey('AliasName');
const findTargetKey = findNamedKey('TargetKeyId');

const findAnyResource: ResourceFinder = (_, { account, region }) => [{ resource: '*', account, region }];

/**
 * Returns a target for the key that the operation creates. Only identity-based policies authorize tagging the new key.
 */
const findNewKey: ResourceFinder = (input, { account, region: ownRegion }) => {
  const region = typeof input.ReplicaRegion === 'string' ? input.ReplicaRegion : ownRegion;
  return [{ resource: formatKmsArn(region, account, 'key/*'), account, region, isNewKey: true }];
};

/** Returns a target if another account owns the VPC endpoint service in the request. */
const findForeignEndpointService: ResourceFinder = (input, context) => {
  const { XksProxyVpcEndpointServiceOwner: owner } = input;
  return owner === undefined || owner === context.account ? [] : findAnyResource(input, context);
};

const defaultFinders: Readonly<Record<ResourceKind, ResourceFinder>> = {
  key: findNamedKey('KeyId'),
  alias: ({ AliasName }, { account, region }) => [
    { resource: formatKmsArn(region, account, String(AliasName)), account, region },
  ],
  any: findAnyResource,
};

/**
 * The KMS service-linked roles (https://docs.aws.amazon.com/kms/latest/developerguide/using-service-linked-roles.html).
 */
const serviceLinkedRoles: Readonly<Record<string, string>> = {
  'cks.kms.amazonaws.com': 'AWSServiceRoleForKeyManagementServiceCustomKeyStores',
  'mrk.kms.amazonaws.com': 'AWSServiceRoleForKeyManagementServiceMultiRegionKeys',
};

function createFinder({ resource }: Permission): ResourceFinder {
  if (typeof resource === 'string') return defaultFinders[resource];
  const role = `role/aws-service-role/${resource.service}/${serviceLinkedRoles[resource.service]}`;
  return (_, { account, region }) => [
    { resource: `arn:${findPartition(region)}:iam::${account}:${role}`, account, region },
  ];
}

/** The finders for permissions that require more than the KeyId member. */
const finders: Readonly<Partial<Record<PermissionName, ResourceFinder>>> = {
  'CreateAlias kms:CreateAlias on key': findTargetKey,
  'CreateCustomKeyStore ec2:DescribeVpcEndpointServices': findForeignEndpointService,
  'CreateKey kms:PutKeyPolicy': findNewKey,
  'CreateKey kms:TagResource': findNewKey,
  'Decrypt kms:Decrypt': findDecryptionKey('KeyId', encryption()),
  'DeleteAlias kms:DeleteAlias on key': findAliasKey,
  'Encrypt kms:Encrypt': findNamedKey('KeyId', encryption()),
  'GenerateDataKey kms:GenerateDataKey': findNamedKey('KeyId', encryption()),
  'GenerateDataKeyPair kms:GenerateDataKeyPair': findNamedKey('KeyId', encryption()),
  'GenerateDataKeyPairWithoutPlaintext kms:GenerateDataKeyPairWithoutPlaintext': findNamedKey('KeyId', encryption()),
  'GenerateDataKeyWithoutPlaintext kms:GenerateDataKeyWithoutPlaintext': findNamedKey('KeyId', encryption()),
  'ReEncrypt kms:ReEncryptFrom': findReEncryptKey(findSource, findDestination),
  'ReEncrypt kms:ReEncryptTo': findReEncryptKey(findDestination, findSource),
  // ReplicateKey creates the key in the replica's Region.
  'ReplicateKey kms:CreateKey': (input, { account }) => [
    { resource: '*', account, region: String(input.ReplicaRegion) },
  ],
  'ReplicateKey kms:PutKeyPolicy': findNewKey,
  'ReplicateKey kms:TagResource': findNewKey,
  'UpdateCustomKeyStore ec2:DescribeVpcEndpointServices': findForeignEndpointService,
  'UpdateAlias kms:UpdateAlias on key': (input, context) => [
    ...findAliasKey(input, context),
    ...findTargetKey(input, context),
  ],
  // UpdatePrimaryRegion requires permission on the primary key and on the replica that becomes the primary key.
  'UpdatePrimaryRegion kms:UpdatePrimaryRegion': (input, context) =>
    defaultFinders.key(input, context).flatMap((primary) => {
      const { key, account } = primary;
      const replica = key && context.store.keys.find(account, String(input.PrimaryRegion), key.keyId);
      return replica === undefined || replica.region === primary.region
        ? [primary]
        : [primary, toResource(replica, input, noEncryption, replica.arn)];
    }),
};
