import * as z from 'zod';
import { isLoopbackUrl } from '../shared/http/loopback.ts';

/** One parameter of a deployment: packaging reads it by `schema`, and refuses it in the words of `rule`. */
export interface Parameter<Schema extends z.ZodType = z.ZodType> {
  /** From text, as the command line gives it. */
  readonly schema: Schema;
  /** As one would write it; none: the parameter does nothing where it is not given. */
  readonly default?: string;
  /** What a value must be. */
  readonly rule: string;
  readonly description: string;
  readonly example: string;
}

const wholeNumber = (minimum: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));

const listOf = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1));

/** The prefix is reserved for the AWS Encryption SDK (https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/concepts.html#encryption-context). */
const contextKey = z.string().regex(/^(?!aws-crypto-)[\w.:/=+@-]{1,128}$/i);
const contextKeyRule = 'must be a name of at most 128 characters, not beginning with `aws-crypto-`';

const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
const region = z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d$/);

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function parameter<Schema extends z.ZodType>(entry: Parameter<Schema>): Parameter<Schema> {
  return entry;
}

/** Every parameter of a deployment. docs/reference/configuration.md is written from this table. */
export const parameterTable = {
  operations: {
    ...parameter({
      schema: z.string(),
      rule: 'must be `all`, or a list of `default`, sets (`keys`) and operations (`Encrypt`)',
      description: 'The operations that the deployment has. `default` is keys, aliases, rotation and crypto.',
      example: 'default,policies,ListGrants',
    }),
    default: 'default',
  },
  keyScope: {
    ...parameter({
      schema: z.enum(['service', 'account']),
      rule: 'must be `service` or `account`',
      description:
        "Which keys the functions may use: `service`, those with the service's tag; `account`, every key of the account that lets it be used through IAM.",
      example: 'account',
    }),
    default: 'service',
  },
  serviceTag: parameter({
    // IAM reads `${` and `*` in a value otherwise than as text.
    schema: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.:/=+@-]{0,127}$/),
    rule: 'must be 1 to 128 of the characters A-Z a-z 0-9 _ . : / = + @ -, beginning with a letter or digit',
    description:
      "The value of the service's tag `kms-functions:service`; `kms-functions-STAGE` by default. Deployments with the same value share their keys.",
    example: 'payments-keys',
  }),
  auth: {
    ...parameter({
      schema: z.enum(['iam', 'jwt']),
      rule: 'must be `iam` or `jwt`',
      description:
        'How the gateway authenticates callers: `iam`, by the signature of a request (SigV4); `jwt`, by a bearer token, with `jwtIssuer` and `jwtAudience`.',
      example: 'jwt',
    }),
    default: 'iam',
  },
  jwtIssuer: parameter({
    schema: z.url({ protocol: /^https$/ }),
    rule: 'must be an https URL, with `auth=jwt`',
    description:
      'The issuer of the tokens, as their claim `iss` says it. Its `/.well-known/openid-configuration` must be public.',
    example: 'https://login.example.com/',
  }),
  jwtAudience: parameter({
    schema: listOf(z.string().min(1)),
    rule: 'must be a list of audiences, with `auth=jwt`',
    description: 'What the claim `aud`, or `client_id`, of a token must be one of.',
    example: 'kms-functions',
  }),
  scopePrefix: {
    ...parameter({
      schema: z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{0,100}$/),
      rule: 'must be at most 100 of the characters that a scope may have',
      description:
        'What stands before the name of an operation or set in the scopes of a token: `kms-functions/Encrypt`, `kms-functions/crypto`.',
      example: 'https://keys.example.com/',
    }),
    default: 'kms-functions/',
  },
  keysClaim: parameter({
    schema: z.string().regex(/^[\w:./-]{1,200}$/),
    rule: 'must be the name of a claim, with `auth=jwt`',
    description: 'The claim that lists the keys which the bearer of a token may use. A token without it may use none.',
    example: 'kms_keys',
  }),
  directKeys: parameter({
    schema: listOf(z.string().regex(/^\S{1,300}$/)),
    rule: 'must be a list of keys',
    description:
      'The keys that direct invokers may use, in the form of `keysClaim`. Without it: every key that the roles reach.',
    example: 'alias/payments/*,tag:team=payments',
  }),
  tenantField: parameter({
    schema: z.string().regex(/^(account|principal|claim:[\w:./-]{1,200})$/),
    rule: 'must be `account`, `principal` or `claim:NAME`',
    description:
      'What tells the tenant of a caller. Every call is then bound to its tenant, by encryption context or tag.',
    example: 'principal',
  }),
  tenantContextKey: {
    ...parameter({
      schema: contextKey,
      rule: contextKeyRule,
      description: 'The name in the encryption context under which the tenant stands.',
      example: 'customer',
    }),
    default: 'tenant',
  },
  tenantTag: {
    ...parameter({
      schema: z.string().regex(/^(?!aws:|kms-functions:)[\w.:/=+@-]{1,128}$/i),
      rule: 'must be a key of a tag, and neither of AWS nor of this service',
      description: 'The tag that says whose a key is, for operations that take no encryption context.',
      example: 'customer',
    }),
    default: 'tenant',
  },
  tenantDirect: {
    ...parameter({
      schema: z.enum(['refuse', 'unbound']),
      rule: 'must be `refuse` or `unbound`',
      description:
        'Lambda tells nothing of a direct invoker, who has no tenant therefore: `refuse` him, or leave him `unbound`, trusted with the data of all.',
      example: 'unbound',
    }),
    default: 'refuse',
  },
  tenantEmails: {
    ...parameter({
      schema: z.enum(['refuse', 'allow']),
      rule: 'must be `refuse` or `allow`',
      description: 'Whether a tenant may look like an e-mail address, which then stands in CloudTrail in the clear.',
      example: 'allow',
    }),
    default: 'refuse',
  },
  callerContextKey: parameter({
    schema: contextKey,
    rule: contextKeyRule,
    description:
      "The name in the encryption context under which the caller's own name is put. Only the same caller can then decrypt.",
    example: 'caller',
  }),
  allowedPrincipals: parameter({
    schema: listOf(
      z.string().regex(/^(\*|\d{12}|arn:aws[a-z-]*:(iam|sts)::\d{12}:\S+|[a-z0-9.-]+\.amazonaws\.com(\.cn)?)$/),
    ),
    rule: 'must be a list of account ids, ARNs of principals, names of services, or `*`',
    description: 'Whom, beside principals of its own account, policies and grants that callers write may let in.',
    example: '111122223333,cloudtrail.amazonaws.com',
  }),
  grantOperations: parameter({
    schema: listOf(z.string().regex(/^[A-Z][A-Za-z]+$/)),
    rule: 'must be a list of grant operations',
    description:
      'What grants that callers make may allow. Without it: everything but CreateGrant, which passes a grant on.',
    example: 'Encrypt,Decrypt,DescribeKey',
  }),
  auditRetentionDays: {
    ...parameter({
      schema: wholeNumber(1, 3653).refine((days) => retentionDays.includes(days)),
      rule: `must be one of ${retentionDays.join(', ')}`,
      description: 'How long the audit trail is kept.',
      example: '731',
    }),
    default: '365',
  },
  auditContextValues: parameter({
    schema: listOf(z.string().regex(/^[^,\s]{1,200}$/)),
    rule: 'must be a list of names in encryption contexts',
    description:
      'Of which names in encryption contexts the audit trail has the values, too. Of all others it has the names.',
    example: 'tenant,purpose',
  }),
  eventBus: parameter({
    schema: z.string().regex(/^[\w.-]{1,256}$/),
    rule: 'must be the name of an event bus of the account and Region',
    description:
      "Where events of keys' lives go (created, disabled, rotated, deletion scheduled, policy changed, grant made, …).",
    example: 'default',
  }),
  regions: parameter({
    schema: listOf(region),
    rule: 'must be a list of Regions, such as `eu-west-1,eu-central-1`',
    description:
      'Regions beside its own whose keys the service takes by their ARNs, and to which ReplicateKey and UpdatePrimaryRegion may go. These two need it.',
    example: 'eu-west-1,eu-central-1',
  }),
  minPendingWindowDays: {
    ...parameter({
      schema: wholeNumber(7, 30),
      rule: 'must be a whole number from 7 to 30',
      description: 'The shortest waiting period with which a deletion can be scheduled.',
      example: '14',
    }),
    default: '7',
  },
  callerAccounts: parameter({
    schema: listOf(z.string().regex(/^\d{12}$/)),
    rule: 'must be a list of account ids of 12 digits',
    description:
      'Accounts whose administrators may let identities of theirs assume the role for callers, which may call the service.',
    example: '111122223333',
  }),
  callerOperations: {
    ...parameter({
      schema: z.string(),
      rule: 'must be `all`, or a list of `default`, sets and operations, all of them in the deployment',
      description: 'What the role for callers of other accounts may call.',
      example: 'Encrypt,Decrypt',
    }),
    default: 'crypto',
  },
  throttleRate: {
    ...parameter({
      schema: wholeNumber(1, 10_000),
      rule: 'must be a whole number from 1 to 10000',
      description:
        'Requests a second that each route takes; a route whose operation has a lower quota at KMS takes that.',
      example: '500',
    }),
    default: '100',
  },
  throttleBurst: {
    ...parameter({
      schema: wholeNumber(1, 5_000),
      rule: 'must be a whole number from 1 to 5000',
      description: 'Requests that a route takes at once, above its rate.',
      example: '1000',
    }),
    default: '200',
  },
  reservedConcurrency: parameter({
    schema: listOf(z.string().regex(/^[A-Z][A-Za-z]+:\d{1,4}$/)).transform(
      (pairs) => new Map(pairs.map((pair) => [pair.split(':')[0] ?? '', Number(pair.split(':')[1])])),
    ),
    rule: 'must be a list of OPERATION:COUNT, with operations of the deployment',
    description: 'Concurrent executions kept for, and allowed to, single functions. 0 switches a function off.',
    example: 'Decrypt:50,GenerateDataKeyPair:5',
  }),
  logRetentionDays: {
    ...parameter({
      schema: wholeNumber(1, 3653).refine((days) => retentionDays.includes(days)),
      rule: `must be one of ${retentionDays.join(', ')}`,
      description: 'How long the logs of functions and gateway are kept.',
      example: '365',
    }),
    default: '30',
  },
  logKmsKeyArn: parameter({
    schema: z.string().regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/),
    rule: 'must be the ARN of a key',
    description: 'A key of KMS that the logs are encrypted with. Its policy must let CloudWatch Logs use it.',
    example: 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  }),
  tracing: {
    ...parameter({
      schema: onOff,
      rule: 'must be `on` or `off`',
      description: 'AWS X-Ray traces of the functions.',
      example: 'on',
    }),
    default: 'off',
  },
  alarmTopicArn: parameter({
    schema: z.string().regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/),
    rule: 'must be the ARN of an SNS topic',
    description: 'Where alarms are told. Without it they change their state and tell nobody.',
    example: 'arn:aws:sns:us-east-1:111122223333:on-call',
  }),
  fips: {
    ...parameter({
      schema: onOff,
      rule: 'must be `on` or `off`',
      description: 'Whether KMS is called at its FIPS endpoint.',
      example: 'on',
    }),
    default: 'off',
  },
  endpoint: parameter({
    schema: z.url({ protocol: /^https$/ }).refine((url) => !isLoopbackUrl(url)),
    rule: 'must be an https URL, and not of this machine',
    description: 'Another endpoint of KMS, such as that of a VPC endpoint.',
    example: 'https://vpce-0123456789abcdef0-abcdefgh.kms.us-east-1.vpce.amazonaws.com',
  }),
  domainName: parameter({
    schema: z.string().regex(/^(?!.{254})([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
    rule: 'must be a domain name in lower case, with `certificateArn`',
    description:
      "A domain name of your own for the API, whose default address is then switched off. Point the name at the stack's output DomainTarget.",
    example: 'keys.example.com',
  }),
  certificateArn: parameter({
    schema: z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/),
    rule: 'must be the ARN of a certificate of ACM, with `domainName`',
    description: 'The certificate of `domainName`, in the Region of the service.',
    example: 'arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab',
  }),
  corsOrigins: parameter({
    schema: listOf(z.string().regex(/^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/)),
    rule: 'must be a list of https origins, without a path',
    description: 'Origins whose pages may call the API from a browser.',
    example: 'https://console.example.com',
  }),
} as const;

type Table = typeof parameterTable;
export type ParameterName = keyof Table;
/** The values of a deployment: `undefined` where a parameter is not given and has no default. */
export type Parameters = {
  readonly [Name in ParameterName]:
    | z.output<Table[Name]['schema']>
    | (Table[Name] extends { default: string } ? never : undefined);
};

function isJwt(given: ReadonlyMap<string, string>): boolean {
  return given.get('auth') === 'jwt';
}

/** Each must make sense with the others, too. */
const jointRules: readonly (readonly [
  name: ParameterName,
  rule: string,
  holds: (given: ReadonlyMap<string, string>) => boolean,
])[] = [
  ['domainName', 'needs `certificateArn`', (given) => !given.has('domainName') || given.has('certificateArn')],
  ['certificateArn', 'needs `domainName`', (given) => !given.has('certificateArn') || given.has('domainName')],
  [
    'callerOperations',
    'needs `callerAccounts`',
    (given) => !given.has('callerOperations') || given.has('callerAccounts'),
  ],
  [
    'auth',
    'as `jwt` needs `jwtIssuer` and `jwtAudience`',
    (given) => !isJwt(given) || (given.has('jwtIssuer') && given.has('jwtAudience')),
  ],
  ...(['jwtIssuer', 'jwtAudience', 'scopePrefix', 'keysClaim'] as const).map(
    (name) =>
      [name, 'needs `auth=jwt`', (given: ReadonlyMap<string, string>) => !given.has(name) || isJwt(given)] as const,
  ),
  [
    'tenantField',
    'as a claim needs `auth=jwt`',
    (given) => !given.get('tenantField')?.startsWith('claim:') || isJwt(given),
  ],
  [
    'tenantField',
    'as the account needs `auth=iam`',
    (given) => given.get('tenantField') !== 'account' || !isJwt(given),
  ],
  ...(['tenantContextKey', 'tenantTag', 'tenantDirect', 'tenantEmails'] as const).map(
    (name) =>
      [
        name,
        'needs `tenantField`',
        (given: ReadonlyMap<string, string>) => !given.has(name) || given.has('tenantField'),
      ] as const,
  ),
  ['fips', 'cannot be given with `endpoint`', (given) => !given.has('fips') || !given.has('endpoint')],
];

/** The parameters as given, by name, with defaults for the rest. Throws what is wrong with them, all at once. */
export function parseParameters(given: Readonly<Record<string, unknown>>): Parameters {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(parameterTable, name)) problems.push(`${name}: there is no parameter of this name`);
  }
  for (const [name, entry] of Object.entries(parameterTable) as [string, Parameter][]) {
    const value = Object.hasOwn(given, name) ? textOf(given[name]) : entry.default;
    if (value === undefined) continue;
    const parsed = entry.schema.safeParse(value);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name}: ${entry.rule}`);
  }
  const texts = new Map(Object.entries(given).map(([name, value]) => [name, textOf(value)]));
  for (const [name, rule, holds] of jointRules) if (!holds(texts)) problems.push(`${name}: ${rule}`);
  if (problems.length > 0) throw parameterError(problems);
  return values as Parameters;
}

/** A file may give a number, a truth value or a list where the command line gives text. */
function textOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return Array.isArray(value) ? value.join(',') : String(value ?? '');
}

/** osls prints the stack of what it does not know: where this was thrown helps nobody. */
export function parameterError(problems: readonly string[]): Error {
  const message = ['These parameters cannot be used:', ...problems.map((problem) => `  ${problem}`)].join('\n');
  return Object.assign(new Error(message), { stack: message });
}
