import { localStage, readEndpoint } from './endpoint.ts';
import type { IdempotencySettings } from './idempotency-settings.ts';
import { type Environment, readVariable, type variableNames } from './variable-names.ts';

/** Contains a function's configuration. A function reads its environment only once, when it loads. */
export interface FunctionConfig {
  /** The version of this service. */
  readonly version: string;
  /** The partition whose keys the service may use, such as `aws` or `aws-cn`. */
  readonly partition: string;
  /** The Regions whose keys the service may use. The function's own Region comes first. */
  readonly regions: readonly string[];
  /** The accounts whose keys the service may use. The service's own account comes first. */
  readonly accountIds: readonly string[];
  /** The KMS endpoint; `undefined` for the default AWS endpoint. */
  readonly endpoint: string | undefined;
  /** `true` if the functions call the FIPS endpoint of KMS. All other clients use the default endpoints. */
  readonly usesFips: boolean;
  /** The value of the service tag; `undefined` in stage `local`, which does not tag keys. */
  readonly serviceTag: string | undefined;
  /** `service` if the functions' roles allow only keys with the service tag. */
  readonly keyScope: 'service' | 'account';
  /**
   * How API Gateway authenticates callers. `open` means no authentication, and is allowed only in stage `local`, which calls
   * only this machine.
   */
  readonly auth: 'iam' | 'jwt' | 'open';
  /** The JWT claim that lists the keys that the bearer may use; `undefined` allows every key that the roles allow. */
  readonly keysClaim: string | undefined;
  /**
   * The keys that direct invokers may use, in the form that `parseKeyList` reads; `undefined` allows every key that the
   * roles allow.
   */
  readonly directKeys: string | undefined;
  readonly tenancy: Tenancy | undefined;
  /** The encryption context key that receives the caller's principal. */
  readonly callerContextKey: string | undefined;
  /**
   * The bounds for key policies and grants; `undefined` in stage `local` without parameters for them, where key policies
   * and grants affect only the emulator.
   */
  readonly policyBounds: PolicyBounds | undefined;
  /** The encryption context keys whose values are recorded. For all other keys, only the key is recorded. */
  readonly auditContextValues: ReadonlySet<string>;
  readonly isMetricsEnabled: boolean;
  /** The limits of the data key cache of Seal and Open; `undefined` without a cache. */
  readonly dataKeyCache: DataKeyCacheLimits | undefined;
  /** Only idempotent functions have these settings, which `readIdempotencySettings` reads. */
  readonly idempotency?: IdempotencySettings;
  /** ScheduleKeyDeletion rejects keys that were used in this number of days. `0` disables the check. */
  readonly deletionGuardDays: number;
}

/** Limits how long and how often a function instance uses a data key. */
export interface DataKeyCacheLimits {
  readonly maxAgeSeconds: number;
  /** The number of messages and of bytes that a data key encrypts. */
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/** Configures how a deployment determines a caller's tenant and separates tenants. */
export interface Tenancy {
  /** `role` for the name of the caller's IAM role, or `claim:NAME` for a claim of the JWT. */
  readonly field: string;
  /** The encryption context key for the tenant, in operations that accept an encryption context. */
  readonly contextKey: string;
  /** The tag key whose value is the tenant that owns the key. */
  readonly tag: string;
  /** Direct invokers have no tenant. They are rejected (`refuse`), or may use all tenants' keys (`unbound`). */
  readonly direct: 'refuse' | 'unbound';
}

/** Restricts the key policies and grants that callers create. */
export interface PolicyBounds {
  /** The partition of these accounts, such as `aws`. */
  readonly partition: string;
  /** The accounts whose principals policies and grants may allow. The service's own account comes first. */
  readonly accountIds: readonly string[];
  /**
   * The principals outside these accounts that policies and grants may allow: ARNs, account ids, service principals, and
   * `*` for everyone.
   */
  readonly principals: ReadonlySet<string>;
  /** The operations that a grant may allow; `undefined` allows all except CreateGrant. */
  readonly grantOperations: ReadonlySet<string> | undefined;
}

/** The default values of the optional tenancy parameters. */
export const tenancyDefaults = { contextKey: 'tenant', tag: 'tenant', direct: 'refuse' } as const;

/** Reads the configuration from the environment. Throws if the environment is not valid, so that the function fails to load. */
export function readFunctionConfig(environment: Environment = process.env): FunctionConfig {
  const endpoint = readEndpoint(environment);
  const auth = readAuth(environment);
  const accountIds = readList(environment, 'accountIds');
  const partition = readVariable(environment, 'partition') ?? 'aws';
  return {
    version: readVariable(environment, 'version') ?? 'unknown',
    partition,
    regions: [...new Set([...readList(environment, 'region'), ...readList(environment, 'regions')])],
    accountIds,
    endpoint,
    usesFips: readVariable(environment, 'fips') === 'true',
    serviceTag: readVariable(environment, 'serviceTag'),
    keyScope: readVariable(environment, 'keyScope') === 'service' ? 'service' : 'account',
    auth,
    keysClaim: readVariable(environment, 'keysClaim'),
    directKeys: readVariable(environment, 'directKeys'),
    tenancy: readTenancy(environment),
    callerContextKey: readVariable(environment, 'callerContextKey'),
    policyBounds: readPolicyBounds(environment, partition, accountIds, auth),
    auditContextValues: new Set(readList(environment, 'auditContextValues')),
    isMetricsEnabled: readVariable(environment, 'metricsDisabled') !== 'true',
    dataKeyCache: readDataKeyCache(environment),
    deletionGuardDays: readDeletionGuardDays(environment),
  };
}

function readAuth(environment: Environment): FunctionConfig['auth'] {
  const auth = readVariable(environment, 'auth');
  if (auth === 'iam' || auth === 'jwt') return auth;
  if (auth === undefined && readVariable(environment, 'stage') === localStage) return 'open';
  throw new Error('AUTH must be iam or jwt outside stage local.');
}

function readTenancy(environment: Environment): Tenancy | undefined {
  const field = readVariable(environment, 'tenantField');
  if (field === undefined) return undefined;
  return {
    field,
    contextKey: readVariable(environment, 'tenantContextKey') ?? tenancyDefaults.contextKey,
    tag: readVariable(environment, 'tenantTag') ?? tenancyDefaults.tag,
    direct: readVariable(environment, 'tenantDirect') === 'unbound' ? 'unbound' : tenancyDefaults.direct,
  };
}

function readDataKeyCache(environment: Environment): DataKeyCacheLimits | undefined {
  const limits = readList(environment, 'dataKeyCache').map(Number);
  if (limits.length === 0) return undefined;
  const [maxAgeSeconds = 0, maxMessages = 0, maxBytes = 0] = limits;
  if (limits.length !== 3 || !limits.every((limit) => Number.isInteger(limit) && limit > 0))
    throw new Error('DATA_KEY_CACHE must contain three positive integers: seconds, messages and bytes.');
  return { maxAgeSeconds, maxMessages, maxBytes };
}

function readDeletionGuardDays(environment: Environment): number {
  const days = Number(readVariable(environment, 'deletionGuardDays') ?? 0);
  if (Number.isInteger(days) && days >= 0) return days;
  throw new Error('DELETION_GUARD_DAYS must be a whole number.');
}

function readPolicyBounds(
  environment: Environment,
  partition: string,
  accountIds: readonly string[],
  auth: FunctionConfig['auth'],
): PolicyBounds | undefined {
  const grantOperations = readList(environment, 'grantOperations');
  const principals = readList(environment, 'allowedPrincipals');
  if (auth === 'open' && grantOperations.length + principals.length === 0) return undefined;
  return {
    partition,
    accountIds,
    principals: new Set(principals),
    grantOperations: grantOperations.length > 0 ? new Set(grantOperations) : undefined,
  };
}

function readList(environment: Environment, name: keyof typeof variableNames): string[] {
  return (readVariable(environment, name) ?? '').split(',').filter((item) => item !== '');
}
