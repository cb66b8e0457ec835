import type { Operation, Permission } from '../../shared/declaration/operation.ts';
import { kmsArn, partitionOf } from '../core/arn.ts';
import type { Key } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import { readMaterialId } from '../crypto/formats/ciphertext.ts';
import { findCiphertextKey } from '../keys/find-ciphertext-key.ts';
import type { OperationContext } from '../keys/operation-context.ts';
import { findKey } from '../keys/resolve-key.ts';
import type { EncryptionContext, Members, Subject } from './authorization-target.ts';

type Found = Partial<Subject> & Pick<Subject, 'resource' | 'account' | 'region'>;
/** What an action is asked on. Nothing, where there is no such key: that the action tells itself. */
type Finder = (input: Members, context: OperationContext) => Found[];

/** Reads from a request all that it asks permission for. */
export type SubjectReader = (input: Members, context: OperationContext) => Subject[];

/** The permissions of an operation, as declared, on what a request names. */
export function subjectReader(operation: Operation): SubjectReader {
  const asked = distinct(operation.permissions).map((permission) => {
    const name = `${operation.name} ${permission.action}`;
    const kind = kindOf(permission);
    const find = finders[`${name} on ${kind}`] ?? finders[name] ?? finderOf(permission);
    return { action: permission.action, find, isAsked: occasions[name] ?? always };
  });
  return (input, context) => {
    const subjects: Subject[] = [];
    for (const { action, find, isAsked } of asked) {
      if (!isAsked(input)) continue;
      for (const found of find(input, context)) subjects.push({ operation: operation.name, action, input, ...found });
    }
    return subjects;
  };
}

/** An action on a kind of resource may be declared for several Regions; which ones, the finders know. */
function distinct(permissions: readonly Permission[]): Permission[] {
  const names = permissions.map((permission) => `${permission.action} ${kindOf(permission)}`);
  return permissions.filter((_, index) => names.indexOf(names[index] ?? '') === index);
}

type Kind = 'key' | 'alias' | 'any';

/** A role that another service makes for itself has a finder of its own, or is any. */
function kindOf({ resource }: Permission): Kind {
  return typeof resource === 'string' ? resource : 'any';
}

const always = () => true;
const hasTags = ({ Tags }: Members) => Array.isArray(Tags) && Tags.length > 0;

/** Permissions that not every request of the operation asks for. */
const occasions: Readonly<Record<string, (input: Members) => boolean>> = {
  'CreateKey kms:TagResource': hasTags,
  'CreateKey iam:CreateServiceLinkedRole': ({ MultiRegion }) => MultiRegion === true,
  'ReplicateKey kms:TagResource': hasTags,
};

/** How a request encrypts: what stands before EncryptionContext and EncryptionAlgorithm, and the default of the latter. */
interface Encryption {
  readonly of: '' | 'Source' | 'Destination';
  readonly byDefault: string | undefined;
}

const noEncryption: Encryption = { of: '', byDefault: undefined };
const symmetric = (of: Encryption['of'] = ''): Encryption => ({ of, byDefault: 'SYMMETRIC_DEFAULT' });

/** The key that a member names. */
const named =
  (member: string, encryption: Encryption = noEncryption): Finder =>
  (input, context) => {
    const identifier = input[member];
    if (typeof identifier !== 'string') return [];
    const key = findKey(context, identifier);
    return key instanceof KmsError ? absent(identifier, context) : [foundKey(key, input, encryption, identifier)];
  };

function foundKey(key: Key, input: Members, { of, byDefault }: Encryption, identifier?: string): Found {
  return {
    key,
    resource: key.arn,
    account: key.account,
    region: key.region,
    identifier,
    encryptionContext: input[`${of}EncryptionContext`] as EncryptionContext | undefined,
    encryptionAlgorithm: (input[`${of}EncryptionAlgorithm`] as string | undefined) ?? byDefault,
    isFromCiphertext: identifier === undefined,
  };
}

/** Of another account nobody learns which keys are there. */
function absent(identifier: string, { account, region }: OperationContext): Found[] {
  const [, arnRegion, arnAccount = ''] = /^arn:[a-z-]+:kms:([a-z0-9-]+):(\d{12}):key\//.exec(identifier) ?? [];
  if (arnRegion !== region || arnAccount === account) return [];
  return [{ resource: identifier, account: arnAccount, region, isAbsent: true }];
}

/** The key that is named, or the one that a symmetric ciphertext tells. */
const ofCiphertext = (member: string, encryption: Encryption): Finder => {
  const byName = named(member, encryption);
  return (input, context) => {
    if (input[member] !== undefined) return byName(input, context);
    const owner = ownerOf(input.CiphertextBlob, context);
    return owner === undefined ? [] : [foundKey(owner, input, encryption)];
  };
};

function ownerOf(ciphertext: unknown, context: OperationContext): Key | undefined {
  const materialId = ciphertext instanceof Uint8Array ? readMaterialId(ciphertext) : undefined;
  return materialId === undefined ? undefined : findCiphertextKey(context, materialId)?.key;
}

const reEncryptSource = ofCiphertext('SourceKeyId', symmetric('Source'));
const reEncryptDestination = named('DestinationKeyId', symmetric('Destination'));
/** Each key of a ReEncrypt, with whether the other is the same. */
const ofReEncrypt =
  (mine: Finder, other: Finder): Finder =>
  (input, context) =>
    mine(input, context).map((found) => ({
      ...found,
      isOnSameKey: () => other(input, context)[0]?.key?.seq === found.key?.seq,
    }));

/** The key that an alias points at. */
const ofAlias = named('AliasName');
const ofTarget = named('TargetKeyId');

const everything: Finder = (_, { account, region }) => [{ resource: '*', account, region }];

/** A key that is to be made: tags at its creation are a matter of identity policies. */
const newKey: Finder = (input, { account, region }) => {
  const place = typeof input.ReplicaRegion === 'string' ? input.ReplicaRegion : region;
  return [{ resource: kmsArn(place, account, 'key/*'), account, region: place, isToBe: true }];
};

const byResource: Readonly<Record<Kind, Finder>> = {
  key: named('KeyId'),
  alias: ({ AliasName }, { account, region }) => [
    { resource: kmsArn(region, account, String(AliasName)), account, region },
  ],
  any: everything,
};

/** The roles that KMS makes for itself (https://docs.aws.amazon.com/kms/latest/developerguide/using-service-linked-roles.html). */
const serviceLinkedRoles: Readonly<Record<string, string>> = {
  'cks.kms.amazonaws.com': 'AWSServiceRoleForKeyManagementServiceCustomKeyStores',
  'mrk.kms.amazonaws.com': 'AWSServiceRoleForKeyManagementServiceMultiRegionKeys',
};

function finderOf({ resource }: Permission): Finder {
  if (typeof resource === 'string') return byResource[resource];
  const role = `role/aws-service-role/${resource.service}/${serviceLinkedRoles[resource.service]}`;
  return (_, { account, region }) => [
    { resource: `arn:${partitionOf(region)}:iam::${account}:${role}`, account, region },
  ];
}

/** Where a permission is about something else than KeyId. */
const finders: Readonly<Record<string, Finder>> = {
  'CreateAlias kms:CreateAlias on key': ofTarget,
  'CreateKey kms:TagResource': newKey,
  'Decrypt kms:Decrypt': ofCiphertext('KeyId', symmetric()),
  'DeleteAlias kms:DeleteAlias on key': ofAlias,
  'Encrypt kms:Encrypt': named('KeyId', symmetric()),
  'GenerateDataKey kms:GenerateDataKey': named('KeyId', symmetric()),
  'GenerateDataKeyPair kms:GenerateDataKeyPair': named('KeyId', symmetric()),
  'GenerateDataKeyPairWithoutPlaintext kms:GenerateDataKeyPairWithoutPlaintext': named('KeyId', symmetric()),
  'GenerateDataKeyWithoutPlaintext kms:GenerateDataKeyWithoutPlaintext': named('KeyId', symmetric()),
  'ReEncrypt kms:ReEncryptFrom': ofReEncrypt(reEncryptSource, reEncryptDestination),
  'ReEncrypt kms:ReEncryptTo': ofReEncrypt(reEncryptDestination, reEncryptSource),
  // In the replica's Region, as the call that it stands for would be.
  'ReplicateKey kms:CreateKey': (input, { account }) => [
    { resource: '*', account, region: String(input.ReplicaRegion) },
  ],
  'ReplicateKey kms:TagResource': newKey,
  'UpdateAlias kms:UpdateAlias on key': (input, context) => [...ofAlias(input, context), ...ofTarget(input, context)],
  // The primary, and the replica that is to take its place.
  'UpdatePrimaryRegion kms:UpdatePrimaryRegion': (input, context) =>
    byResource.key(input, context).flatMap((found) => {
      const next = found.key && context.store.keys.find(found.account, String(input.PrimaryRegion), found.key.keyId);
      return next === undefined || next.region === found.region
        ? [found]
        : [found, foundKey(next, input, noEncryption, next.arn)];
    }),
};
