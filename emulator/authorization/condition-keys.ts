import { KmsError } from '../core/kms-error.ts';
import { type Recipient, readRecipientAttestation } from '../crypto/ciphertext-for-recipient.ts';
import type { Store } from '../store/store.ts';
import type { Subject } from './authorization-target.ts';
import type { HttpRequestInfo } from './http-request-info.ts';
import type { Principal } from './principal.ts';

/** What the values of condition keys are read from. */
export interface Facts {
  readonly subject: Subject;
  readonly principal: Principal;
  readonly http: HttpRequestInfo;
  readonly nowMs: number;
  readonly store: Store;
}

type Value = string | number | boolean | Date | undefined;
type Reader = (facts: Facts) => Value | readonly string[];
/** Of the keys that end in a name of the policy's choice. */
type NamedReader = (facts: Facts, name: string) => readonly string[];

const maxTags = 50;
const maxAliases = 100;

const member =
  (name: string, byDefault?: Value): Reader =>
  ({ subject }) =>
    (subject.input[name] as Value) ?? byDefault;

/** For certain operations only. */
const of =
  (operations: readonly string[], read: Reader): Reader =>
  (facts) =>
    operations.includes(facts.subject.operation) ? read(facts) : undefined;

/** Of the key that is used, or of the one that CreateKey is to make. */
const ofKey =
  (read: (key: NonNullable<Subject['key']>) => Value, ofRequest: Reader): Reader =>
  (facts) =>
    facts.subject.key === undefined ? of(['CreateKey'], ofRequest)(facts) : read(facts.subject.key);

const grantOperations = ['CreateGrant', 'ListGrants', 'RevokeGrant'];
const signing = ['Sign', 'Verify'];
const pairs = ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'];
const macs = ['GenerateMac', 'VerifyMac'];
const policySetters = ['CreateKey', 'PutKeyPolicy', 'ReplicateKey'];

const keySpec: Reader = ofKey(
  ({ record }) => record.keySpec,
  ({ subject: { input } }) => (input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT') as string,
);
const keyUsage: Reader = ofKey(({ record }) => record.keyUsage, member('KeyUsage', 'ENCRYPT_DECRYPT'));

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html; names in lower case. */
const kmsKeys: Readonly<Record<string, Reader>> = {
  'kms:bypasspolicylockoutsafetycheck': of(policySetters, member('BypassPolicyLockoutSafetyCheck')),
  'kms:calleraccount': ({ principal }) => principal.account,
  'kms:customermasterkeyspec': keySpec,
  'kms:customermasterkeyusage': keyUsage,
  'kms:datakeypairspec': of(pairs, member('KeyPairSpec')),
  'kms:encryptionalgorithm': ({ subject }) => subject.encryptionAlgorithm,
  'kms:encryptioncontextkeys': ({ subject }) => Object.keys(contextOf(subject)),
  // Only where the request has it, as AWS's own example relies on.
  'kms:expirationmodel': of(['ImportKeyMaterial'], member('ExpirationModel')),
  'kms:grantconstrainttype': of(['CreateGrant'], ({ subject }) => Object.keys(constraintsOf(subject))[0]),
  'kms:granteeprincipal': of(
    ['CreateGrant'],
    ({ subject: { input } }) => (input.GranteePrincipal ?? input.GranteeServicePrincipal) as Value,
  ),
  // No AWS service calls this endpoint.
  'kms:grantisforawsresource': of(grantOperations, () => false),
  'kms:grantoperations': of(['CreateGrant'], ({ subject }) => subject.input.Operations as readonly string[]),
  'kms:keyagreementalgorithm': of(['DeriveSharedSecret'], member('KeyAgreementAlgorithm')),
  'kms:keyorigin': ofKey(({ record }) => record.origin, member('Origin', 'AWS_KMS')),
  'kms:keyspec': keySpec,
  'kms:keyusage': keyUsage,
  'kms:macalgorithm': of(macs, member('MacAlgorithm')),
  'kms:messagetype': of(signing, member('MessageType', 'RAW')),
  'kms:multiregion': ofKey(({ record }) => record.multiRegion, member('MultiRegion', false)),
  'kms:multiregionkeytype': ofKey(
    ({ record }) => (record.multiRegion ? (record.replicaOf === undefined ? 'PRIMARY' : 'REPLICA') : undefined),
    ({ subject }) => (subject.input.MultiRegion === true ? 'PRIMARY' : undefined),
  ),
  'kms:primaryregion': of(['UpdatePrimaryRegion'], member('PrimaryRegion')),
  'kms:reencryptonsamekey': of(['ReEncrypt'], ({ subject }) => subject.isOnSameKey?.()),
  'kms:replicaregion': of(['ReplicateKey'], member('ReplicaRegion')),
  'kms:requestalias': ({ subject }) => /(?:^|:)(alias\/.+)$/.exec(subject.identifier ?? '')?.[1],
  'kms:resourcealiases': ({ subject: { key }, store }) =>
    key && store.aliases.listPage(key.account, key.region, '', maxAliases, key.keyId).map(({ name }) => name),
  'kms:retiringprincipal': of(
    ['CreateGrant'],
    ({ subject: { input } }) => (input.RetiringPrincipal ?? input.RetiringServicePrincipal) as Value,
  ),
  'kms:rotationperiodindays': of(['EnableKeyRotation'], member('RotationPeriodInDays', 365)),
  'kms:schedulekeydeletionpendingwindowindays': of(['ScheduleKeyDeletion'], member('PendingWindowInDays', 30)),
  'kms:signingalgorithm': of(signing, member('SigningAlgorithm')),
  'kms:validto': of(['ImportKeyMaterial'], ({ subject }) => seconds(subject.input.ValidTo)),
  'kms:viaservice': () => undefined,
  'kms:wrappingalgorithm': of(['GetParametersForImport'], member('WrappingAlgorithm')),
  'kms:wrappingkeyspec': of(['GetParametersForImport'], member('WrappingKeySpec')),
  'kms:recipientattestation:imagesha384': (facts) => registersOf(facts)?.get(0)?.toString('hex'),
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const globalKeys: Readonly<Record<string, Reader>> = {
  'aws:currenttime': ({ nowMs }) => new Date(nowMs),
  'aws:epochtime': ({ nowMs }) => Math.floor(nowMs / 1000),
  'aws:principalaccount': ({ principal }) => principal.account,
  'aws:principalarn': ({ principal }) => principal.principalArn,
  'aws:principalisawsservice': () => false,
  'aws:principaltype': ({ principal }) => principal.type,
  'aws:requestedregion': ({ subject }) => subject.region,
  'aws:resourceaccount': ({ subject }) => subject.account,
  'aws:securetransport': () => false,
  'aws:sourceip': ({ http }) => http.sourceIp,
  'aws:tagkeys': ({ subject: { input } }) =>
    (input.TagKeys as readonly string[] | undefined) ?? tagsOf(input.Tags).map(([name]) => name),
  'aws:useragent': ({ http }) => http.headers['user-agent'],
  'aws:userid': ({ principal }) => (principal.type === 'Account' ? principal.account : undefined),
  'aws:username': ({ principal }) => principal.userName,
  'aws:viaawsservice': () => false,
  'iam:awsservicename': ({ subject }) => /:role\/aws-service-role\/([^/]+)\//.exec(subject.resource)?.[1],
};

/** Of a network, a service, an organization or a sign-in, none of which a call of the emulator has. */
const absentKeys = new Set(
  `AssumedRoot CalledVia CalledViaFirst CalledViaLast ChatbotSourceArn Ec2InstanceSourcePrivateIPv4 Ec2InstanceSourceVpc
  FederatedProvider MultiFactorAuthAge MultiFactorAuthPresent PrincipalOrgID PrincipalOrgPaths PrincipalServiceName
  PrincipalServiceNamesList Referer ResourceOrgID ResourceOrgPaths SourceAccount SourceArn SourceIdentity SourceOrgID
  SourceOrgPaths SourceVpc SourceVpcArn SourceVpce TokenIssueTime VpceAccount VpceOrgID VpceOrgPaths VpcSourceIp`
    .split(/\s+/)
    .map((name) => `aws:${name.toLowerCase()}`),
);

const namedKeys: readonly [prefix: string, read: NamedReader][] = [
  ['kms:encryptioncontext:', ({ subject }, name) => valuesNamed(Object.entries(contextOf(subject)), name)],
  ['aws:principaltag/', ({ principal }, name) => valuesNamed(Object.entries(principal.tags), name)],
  ['aws:requesttag/', ({ subject }, name) => valuesNamed(tagsOf(subject.input.Tags), name)],
  [
    'aws:resourcetag/',
    ({ subject: { key }, store }, name) =>
      key === undefined ? [] : valuesNamed(tagsOf(store.tags.listPage(key.seq, '', maxTags)), name),
  ],
  ['kms:recipientattestation:pcr', registerOf],
  ['kms:recipientattestation:nitrotpmpcr', registerOf],
];

const readers = new Map(Object.entries({ ...kmsKeys, ...globalKeys }));

/** The values of a condition key: undefined where the request has none, null for a key that is not known. */
export function valuesOf(facts: Facts, conditionKey: string): readonly string[] | undefined | null {
  const name = conditionKey.toLowerCase();
  const given = facts.principal.conditionKeys.get(name);
  if (given !== undefined) return given;
  const read = readers.get(name);
  if (read !== undefined) return texts(read(facts));
  if (absentKeys.has(name)) return undefined;
  const [prefix, readNamed] = namedKeys.find(([start]) => name.startsWith(start)) ?? [];
  return prefix === undefined || readNamed === undefined ? null : readNamed(facts, name.slice(prefix.length));
}

function texts(value: Value | readonly string[]): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'object' && !(value instanceof Date)) return value;
  return [value instanceof Date ? value.toISOString() : String(value)];
}

/** Of a grant, the context that it constrains to. */
function contextOf(subject: Subject): Readonly<Record<string, string>> {
  return subject.encryptionContext ?? Object.values(constraintsOf(subject))[0] ?? {};
}

function constraintsOf({ operation, input }: Subject): Readonly<Record<string, Record<string, string>>> {
  if (operation !== 'CreateGrant') return {};
  const given = Object.entries((input.Constraints ?? {}) as Record<string, Record<string, string> | undefined>);
  return Object.fromEntries(given.flatMap(([type, pairs]) => (pairs === undefined ? [] : [[type, pairs]])));
}

function tagsOf(tags: unknown): [name: string, value: string][] {
  const list = (tags ?? []) as readonly { readonly TagKey: string; readonly TagValue: string }[];
  return list.map(({ TagKey, TagValue }) => [TagKey, TagValue]);
}

/** The names of condition keys know no case. */
function valuesNamed(entries: readonly (readonly [string, string])[], name: string): string[] {
  return entries.flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
}

function registerOf(facts: Facts, index: string): string[] {
  const register = /^\d{1,2}$/.test(index) ? registersOf(facts)?.get(Number(index)) : undefined;
  return register === undefined ? [] : [register.toString('hex')];
}

/** A document that cannot be read is told of by the action. */
function registersOf({ subject }: Facts): ReadonlyMap<number, Buffer> | undefined {
  if (subject.input.Recipient === undefined) return undefined;
  try {
    return readRecipientAttestation(subject.input.Recipient as Recipient).pcrs;
  } catch (error) {
    if (error instanceof KmsError) return undefined;
    throw error;
  }
}

function seconds(date: unknown): number | undefined {
  return date instanceof Date ? date.getTime() / 1000 : undefined;
}
