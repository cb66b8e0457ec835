import { parseArn } from '../../shared/declaration/arn.ts';
import { compact } from '../../shared/declaration/json-object.ts';
import type { GrantConstraints } from '../core/grant-record.ts';
import { dayMs } from '../core/key-record.ts';
import { KmsError } from '../core/kms-error.ts';
import { type Recipient, readRecipientAttestation } from '../crypto/ciphertext-for-recipient.ts';
import type { Store } from '../store/store.ts';
import type { AuthorizationTarget } from './authorization-target.ts';
import type { HttpRequestInfo } from './http-request-info.ts';
import { getUserId, type Principal } from './principal.ts';

/** The sources of condition key values. */
export interface ConditionInput {
  readonly target: AuthorizationTarget;
  readonly principal: Principal;
  readonly http: HttpRequestInfo;
  readonly nowMs: number;
  readonly store: Store;
}

/** The sources of condition key values that do not depend on a KMS key. */
export type GlobalConditionInput = Pick<ConditionInput, 'principal' | 'http' | 'nowMs'> & {
  readonly target: Pick<AuthorizationTarget, 'region' | 'account' | 'resource' | 'input'>;
};

type Value = string | number | boolean | Date | undefined;
type GlobalReader = (input: GlobalConditionInput) => Value | readonly string[];
type Reader = (input: ConditionInput) => Value | readonly string[];
/** Reads a condition key that ends with a name, such as `aws:ResourceTag/NAME`. */
type NamedReader = (input: ConditionInput, name: string) => readonly string[];

const maxTags = 50;
const maxAliases = 100;

const fromMember =
  (name: string, defaultValue?: Value): Reader =>
  ({ target }) =>
    (target.input[name] as Value) ?? defaultValue;

/** Reads a condition key that only these operations support. */
const onlyFor =
  (operations: readonly AuthorizationTarget['operation'][], read: Reader): Reader =>
  (input) =>
    operations.includes(input.target.operation) ? read(input) : undefined;

/** Reads a property of an existing key, or of the key that a CreateKey request specifies. */
const fromKey =
  (read: (key: NonNullable<AuthorizationTarget['key']>) => Value, fromRequest: Reader): Reader =>
  (input) =>
    input.target.key === undefined ? onlyFor(['CreateKey'], fromRequest)(input) : read(input.target.key);

const grantOperations = ['CreateGrant', 'ListGrants', 'RevokeGrant'] as const;
const signing = ['Sign', 'Verify'] as const;
const pairs = ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'] as const;
const macs = ['GenerateMac', 'VerifyMac'] as const;
const policySetters = ['CreateKey', 'PutKeyPolicy', 'ReplicateKey'] as const;

const keySpec: Reader = fromKey(
  ({ record }) => record.keySpec,
  ({ target: { input } }) => (input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT') as string,
);
const keyUsage: Reader = fromKey(({ record }) => record.keyUsage, fromMember('KeyUsage', 'ENCRYPT_DECRYPT'));

/**
 * The KMS condition keys by lowercase name (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html).
 */
const kmsKeys: Readonly<Record<string, Reader>> = {
  'kms:bypasspolicylockoutsafetycheck': onlyFor(policySetters, fromMember('BypassPolicyLockoutSafetyCheck')),
  'kms:calleraccount': ({ principal }) => principal.account,
  'kms:customermasterkeyspec': keySpec,
  'kms:customermasterkeyusage': keyUsage,
  'kms:datakeypairspec': onlyFor(pairs, fromMember('KeyPairSpec')),
  'kms:encryptionalgorithm': ({ target }) => target.encryptionAlgorithm,
  'kms:encryptioncontextkeys': ({ target }) => Object.keys(readEncryptionContext(target)),
  // This condition key has no default value, because an example policy in the AWS documentation depends on its absence.
  'kms:expirationmodel': onlyFor(['ImportKeyMaterial'], fromMember('ExpirationModel')),
  'kms:grantconstraintsourcearn': onlyFor(
    ['CreateGrant'],
    ({ target }) => (target.input.Constraints as GrantConstraints | undefined)?.SourceArn,
  ),
  'kms:grantconstrainttype': onlyFor(['CreateGrant'], ({ target }) => Object.keys(readConstraints(target))[0]),
  'kms:granteeprincipal': onlyFor(['CreateGrant'], fromMember('GranteePrincipal')),
  'kms:granteeserviceprincipal': onlyFor(['CreateGrant'], fromMember('GranteeServicePrincipal')),
  // AWS services do not call the emulator.
  'kms:grantisforawsresource': onlyFor(grantOperations, () => false),
  'kms:grantoperations': onlyFor(['CreateGrant'], ({ target }) => target.input.Operations as readonly string[]),
  'kms:keyagreementalgorithm': onlyFor(['DeriveSharedSecret'], fromMember('KeyAgreementAlgorithm')),
  'kms:keyorigin': fromKey(({ record }) => record.origin, fromMember('Origin', 'AWS_KMS')),
  'kms:keyspec': keySpec,
  'kms:keyusage': keyUsage,
  'kms:macalgorithm': onlyFor(macs, fromMember('MacAlgorithm')),
  'kms:messagetype': onlyFor(signing, fromMember('MessageType', 'RAW')),
  'kms:multiregion': fromKey(({ record }) => record.multiRegion, fromMember('MultiRegion', false)),
  'kms:multiregionkeytype': fromKey(
    ({ record }) => (record.multiRegion ? (record.replicaOf === undefined ? 'PRIMARY' : 'REPLICA') : undefined),
    ({ target }) => (target.input.MultiRegion === true ? 'PRIMARY' : undefined),
  ),
  'kms:primaryregion': onlyFor(['UpdatePrimaryRegion'], fromMember('PrimaryRegion')),
  'kms:reencryptonsamekey': onlyFor(['ReEncrypt'], ({ target }) => target.isOnSameKey?.()),
  'kms:replicaregion': onlyFor(['ReplicateKey'], fromMember('ReplicaRegion')),
  'kms:requestalias': ({ target }) => readAliasName(target.identifier),
  'kms:resourcealiases': ({ target: { key }, store }) =>
    key && store.aliases.listPage(key.account, key.region, '', maxAliases, key.keyId).map(({ name }) => name),
  'kms:retiringprincipal': onlyFor(['CreateGrant'], fromMember('RetiringPrincipal')),
  'kms:retiringserviceprincipal': onlyFor(['CreateGrant'], fromMember('RetiringServicePrincipal')),
  'kms:rotationperiodindays': onlyFor(['EnableKeyRotation'], fromMember('RotationPeriodInDays', 365)),
  'kms:schedulekeydeletionpendingwindowindays': onlyFor(['ScheduleKeyDeletion'], fromMember('PendingWindowInDays', 30)),
  'kms:signingalgorithm': onlyFor(signing, fromMember('SigningAlgorithm')),
  'kms:trailingdayswithoutkeyusage': onlyFor(['DisableKey', 'ScheduleKeyDeletion'], countDaysWithoutUsage),
  'kms:validto': onlyFor(['ImportKeyMaterial'], ({ target }) => toSeconds(target.input.ValidTo)),
  'kms:viaservice': () => undefined,
  'kms:wrappingalgorithm': onlyFor(['GetParametersForImport'], fromMember('WrappingAlgorithm')),
  'kms:wrappingkeyspec': onlyFor(['GetParametersForImport'], fromMember('WrappingKeySpec')),
  'kms:recipientattestation:imagesha384': (input) => readRegisters(input)?.get(0)?.toString('hex'),
};

/** The global condition keys (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). */
const globalKeys: Readonly<Record<string, GlobalReader>> = {
  'aws:currenttime': ({ nowMs }) => new Date(nowMs),
  'aws:epochtime': ({ nowMs }) => Math.floor(nowMs / 1000),
  'aws:principalaccount': ({ principal }) => principal.account,
  'aws:principalarn': ({ principal }) => principal.principalArn,
  'aws:principalisawsservice': () => false,
  'aws:principaltype': ({ principal }) => principal.type,
  'aws:requestedregion': ({ target }) => target.region,
  'aws:resourceaccount': ({ target }) => target.account,
  // KMS requires TLS (https://docs.aws.amazon.com/kms/latest/developerguide/infrastructure-security.html). Even for
  // HTTP, the emulator reports the value that AWS would report, because policies often deny requests without TLS.
  'aws:securetransport': () => true,
  'aws:sourceip': ({ http }) => http.sourceIp,
  'aws:tagkeys': ({ target: { input } }) =>
    (input.TagKeys as readonly string[] | undefined) ?? readTags(input.Tags).map(([name]) => name),
  'aws:useragent': ({ http }) => http.headers['user-agent'],
  'aws:userid': ({ principal }) => getUserId(principal),
  'aws:username': ({ principal }) => principal.userName,
  'aws:viaawsservice': () => false,
  'ec2:region': ({ target }) => target.region,
  'iam:awsservicename': ({ target }) => /:role\/aws-service-role\/([^/]+)\//.exec(target.resource)?.[1],
};

/**
 * The global condition keys that never have a value. Calls to the emulator do not involve a VPC, an AWS service, an
 * organization or a sign-in. The service-specific keys describe credentials that an AWS service delivered.
 */
const absentKeys = new Set(
  `aws:AssumedRoot aws:CalledVia aws:CalledViaAWSMCP aws:CalledViaFirst aws:CalledViaLast aws:ChatbotSourceArn
  aws:Ec2InstanceSourcePrivateIPv4 aws:Ec2InstanceSourceVpc aws:FederatedProvider aws:IsMcpServiceAction
  aws:MultiFactorAuthAge aws:MultiFactorAuthPresent aws:PrincipalOrgID aws:PrincipalOrgPaths aws:PrincipalServiceName
  aws:PrincipalServiceNamesList aws:Referer aws:ResourceOrgID aws:ResourceOrgPaths aws:SourceAccount aws:SourceArn
  aws:SourceIdentity aws:SourceOrgID aws:SourceOrgPaths aws:SourceOwner aws:SourceVpc aws:SourceVpcArn aws:SourceVpce
  aws:TokenIssueTime aws:ViaAWSMCPService aws:VpceAccount aws:VpceOrgID aws:VpceOrgPaths aws:VpcSourceIp
  ec2:RoleDelivery ec2:SourceInstanceArn glue:CredentialIssuingService glue:RoleAssumedBy identitystore:UserId
  lambda:SourceFunctionArn ssm:SourceInstanceArn`
    .toLowerCase()
    .split(/\s+/),
);

const namedKeys: readonly [prefix: string, read: NamedReader][] = [
  ['kms:encryptioncontext:', ({ target }, name) => filterByName(Object.entries(readEncryptionContext(target)), name)],
  ['aws:principaltag/', ({ principal }, name) => filterByName(Object.entries(principal.tags), name)],
  ['aws:requesttag/', ({ target }, name) => filterByName(readTags(target.input.Tags), name)],
  [
    'aws:resourcetag/',
    ({ target: { key, isNewKey, input }, store }, name) => {
      if (key !== undefined) return filterByName(readTags(store.tags.listPage(key.seq, '', maxTags)), name);
      return isNewKey === true ? filterByName(readTags(input.Tags), name) : [];
    },
  ],
  ['kms:recipientattestation:pcr', readRegister],
  ['kms:recipientattestation:nitrotpmpcr', readRegister],
];

const readers = new Map(Object.entries({ ...kmsKeys, ...globalKeys }));

/**
 * Returns a condition key's values. Returns `undefined` if the request has no value for the condition key, or `null` if
 * the key is unknown.
 */
export function readConditionKey(input: ConditionInput, conditionKey: string): readonly string[] | undefined | null {
  const name = conditionKey.toLowerCase();
  const given = input.principal.conditionKeys.get(name);
  if (given !== undefined) return given;
  const read = readers.get(name);
  if (read !== undefined) return toTexts(read(input));
  if (absentKeys.has(name)) return undefined;
  const [prefix, readNamed] = namedKeys.find(([start]) => name.startsWith(start)) ?? [];
  return prefix === undefined || readNamed === undefined ? null : readNamed(input, name.slice(prefix.length));
}

/** Returns the values of a condition key in a request to another service, which does not support the condition keys of KMS. */
export function readGlobalConditionKey(
  input: GlobalConditionInput,
  conditionKey: string,
): readonly string[] | undefined | null {
  const name = conditionKey.toLowerCase();
  const { principal } = input;
  const given = principal.conditionKeys.get(name);
  if (given !== undefined) return given;
  if (Object.hasOwn(globalKeys, name)) return toTexts(globalKeys[name]?.(input));
  if (absentKeys.has(name)) return undefined;
  const prefix = 'aws:principaltag/';
  return name.startsWith(prefix) ? filterByName(Object.entries(principal.tags), name.slice(prefix.length)) : null;
}

/**
 * Counts the full days since the key was last used, or since its creation if it was never used
 * (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-trailing-days-without-key-usage).
 */
function countDaysWithoutUsage({ target: { key }, nowMs, store }: ConditionInput): number | undefined {
  if (key === undefined) return undefined;
  const usedMs = store.lastUsages.find(key)?.usedMs ?? key.record.createdMs;
  return Math.floor(Math.max(0, nowMs - usedMs) / dayMs);
}

function toTexts(value: Value | readonly string[]): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'object' && !(value instanceof Date)) return value;
  return [value instanceof Date ? value.toISOString() : String(value)];
}

/**
 * Returns the request's encryption context. For CreateGrant, returns the encryption context in the grant constraint.
 */
function readEncryptionContext(target: AuthorizationTarget): Readonly<Record<string, string>> {
  return target.encryptionContext ?? Object.values(readConstraints(target))[0] ?? {};
}

/** Returns the encryption context constraints in a CreateGrant request, by their type. */
function readConstraints({ operation, input }: AuthorizationTarget): Readonly<Record<string, Record<string, string>>> {
  if (operation !== 'CreateGrant') return {};
  const { EncryptionContextEquals, EncryptionContextSubset } = (input.Constraints ?? {}) as GrantConstraints;
  return compact({ EncryptionContextEquals, EncryptionContextSubset });
}

/** Returns the alias name that the request uses to identify the key. */
function readAliasName(identifier = ''): string | undefined {
  const name = parseArn(identifier)?.resource ?? identifier;
  return name.startsWith('alias/') ? name : undefined;
}

function readTags(tags: unknown): [name: string, value: string][] {
  const list = (tags ?? []) as readonly { readonly TagKey: string; readonly TagValue: string }[];
  return list.map(({ TagKey, TagValue }) => [TagKey, TagValue]);
}

/** Returns the values of the entries with this lowercase name. Condition key names are case-insensitive. */
function filterByName(entries: readonly (readonly [string, string])[], name: string): string[] {
  return entries.flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
}

function readRegister(input: ConditionInput, index: string): string[] {
  const register = /^\d{1,2}$/.test(index) ? readRegisters(input)?.get(Number(index)) : undefined;
  return register === undefined ? [] : [register.toString('hex')];
}

/**
 * Returns the registers in the attestation document. Returns `undefined` for an invalid document, which the operation
 * itself rejects.
 */
function readRegisters({ target }: ConditionInput): ReadonlyMap<number, Buffer> | undefined {
  if (target.input.Recipient === undefined) return undefined;
  try {
    return readRecipientAttestation(target.input.Recipient as Recipient).pcrs;
  } catch (error) {
    if (error instanceof KmsError) return undefined;
    throw error;
  }
}

function toSeconds(date: unknown): number | undefined {
  return date instanceof Date ? date.getTime() / 1000 : undefined;
}
