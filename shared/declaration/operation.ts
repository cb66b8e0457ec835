import type * as z from 'zod/mini';
import type { ErrorCode } from './error-catalogue.ts';
import type { RemoteRequests, RequestQuota } from './request-quotas.ts';
import { type Schema, schemaMetadata, unwrap } from './schema-metadata.ts';
import type { TimeLimit } from './time-limits.ts';

/** Lists the operation groups in display order. AWS KMS has no operations in the groups from `batch` to `service`. */
export const groups = [
  'keys',
  'aliases',
  'grants',
  'policies',
  'tags',
  'rotation',
  'import',
  'replicas',
  'key-stores',
  'crypto',
  'batch',
  'envelope',
  'tokens',
  'usage',
  'service',
] as const;

export type Group = (typeof groups)[number];

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** An HTTP route of an operation. Members in braces are sent in the path. */
export interface Route {
  readonly method: Method;
  readonly path: `/${string}`;
  /** The HTTP status of a successful response: 201 if the call creates a resource. */
  readonly status: 200 | 201;
}

/** A permission that the operation requires. The function's role is generated from it. */
export interface Permission {
  readonly action: `${'kms' | 'iam' | 'cloudhsm' | 'ec2'}:${string}`;
  /** `any` if the action supports only the resource `*`. */
  readonly resource: 'key' | 'alias' | 'any' | ServiceLinkedRole;
  /**
   * `request` if the call creates the key, so that IAM checks the service tag in the request. `newKey` if the call
   * creates the key and IAM checks the tag on that key. By default, IAM checks the tag on the key. For actions without a
   * key and actions on an alias, IAM does not check the tag.
   */
  readonly tagOf?: 'request' | 'newKey';
  /** `true` if the call may only create replica keys. */
  readonly isReplica?: true;
  /** The IAM condition key for the Region in the request. The deployment must allow that Region. */
  readonly regionKey?: 'kms:ReplicaRegion' | 'kms:PrimaryRegion' | 'aws:RequestedRegion';
  /** The IAM condition key for the Region of the call, which must be the stack's Region. */
  readonly ownRegionKey?: 'ec2:Region';
}

/** A role that an AWS service creates for itself when a call first requires the role. */
export interface ServiceLinkedRole {
  readonly service: string;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** An example request that succeeds on a fresh clone. Both sample events are generated from the example. */
export interface Example {
  readonly input: JsonObject;
  /** The response of an operation that AWS KMS does not have. The emulator cannot return such a response. */
  readonly output?: JsonObject;
  /** Additional resources that the default seed must contain for this example, in the seed format. */
  readonly seed?: JsonObject;
}

export type InputSchema = z.ZodMiniObject<Record<string, z.core.$ZodType>>;
export type OutputSchema = z.ZodMiniObject<Record<string, z.core.$ZodType>>;

/** Determines whether a call may be repeated after its response is lost. */
export type RetrySafety =
  /** A second call has no further effect. */
  'safe' | UnsafeRetry;

/** A second call creates a duplicate, or fails because the first call succeeded. */
export interface UnsafeRetry {
  /** If the request contains this member, a second call is safe, because KMS returns the first call's result. */
  readonly safeWith?: string;
  /**
   * Explains how a caller can find out whether a call with a lost response succeeded. The error contains this sentence.
   */
  readonly check: string;
}

/** Determines how a deployment with tenants binds a call to the caller's tenant. */
export type TenantBinding =
  /**
   * The service adds the tenant to the encryption context, which KMS authenticates. The key must not have another tenant's
   * tag. Asymmetric keys do not accept an encryption context, so they must have the tenant's tag.
   */
  | 'encryption-context'
  /**
   * The key must have the tenant's tag. The grant is constrained to encryption contexts that contain the tenant.
   */
  | 'grant-constraint'
  /**
   * Every key in the request must have the tenant's tag, and a new key receives the tag. Other requests without a key
   * are rejected.
   */
  | 'key-tag'
  /** The call does not access tenants' resources. */
  | 'unbound'
  /** The call accesses several tenants' resources, so callers with a tenant cannot use the operation. */
  | 'rejected'
  /**
   * The call performs AWS KMS operations (`createStep`). Each of their requests is authorized and bound as a call of that
   * operation.
   */
  | 'steps';

/** Declares an operation. Handlers, roles, routes, documentation and the client are derived from the declaration. */
interface Declaration<Input extends InputSchema, Output extends OutputSchema, Name extends string> {
  /** The name that AWS uses, such as `Encrypt`. */
  readonly name: Name;
  readonly group: Group;
  readonly summary: string;
  readonly routes: readonly [Route, ...Route[]];
  readonly input: Input;
  /**
   * Returns the response schema. A member is required if KMS always returns it, although the AWS model requires almost
   * no members. The handlers do not call this function, because they return the KMS response unchanged. The client does
   * not require any member.
   */
  readonly output: () => Output;
  /** Members of the input or output that must not appear in logs, errors or traces. */
  readonly sensitive: readonly string[];
  /** Error codes that the AWS model lists for the operation. */
  readonly errors: readonly ErrorCode[];
  /** Error codes that KMS also returns for the operation, although the AWS model does not list them. */
  readonly unlistedErrors?: readonly ErrorCode[];
  readonly permissions: readonly [Permission, ...Permission[]];
  /**
   * `added` if the call creates a key, which receives the service tag. `kept` if the call changes tags, but must not
   * change the service tag.
   */
  readonly serviceTag?: 'added' | 'kept';
  /** Pairs of members that a request must not combine. */
  readonly exclusiveMembers?: readonly (readonly [string, string])[];
  readonly tenancy: TenantBinding;
  readonly retrySafety: RetrySafety;
  /** The `detail-type` of the event that a successful call publishes, if the call is part of a key's lifecycle. */
  readonly lifecycleEvent?: string;
  /**
   * `true` if a successful call makes data undecryptable, immediately or later. The alarm topic receives each such
   * call.
   */
  readonly isDestructive?: true;
  /** The time limit for one KMS request. Default: `usual`. */
  readonly timeLimit?: TimeLimit;
  readonly example: Example;
}

/** An operation of AWS KMS. */
export interface AwsOperation<
  Input extends InputSchema = InputSchema,
  Output extends OutputSchema = OutputSchema,
  Name extends string = string,
> extends Declaration<Input, Output, Name> {
  readonly isOwn?: never;
  /**
   * The members of `input` that AWS KMS does not have. The functions read them, and KMS never receives them
   * (`kms-input.ts`).
   */
  readonly ownMembers?: readonly (keyof z.output<Input> & string)[];
  /** Error codes that this service adds to those of AWS KMS. */
  readonly ownErrors?: readonly ErrorCode[];
  /** Permissions that the function needs only if the deployment has a deletion guard. */
  readonly guardPermissions?: readonly Permission[];
  /** `true` if KMS accepts a key in another account ("Cross-account use" in the API reference). */
  readonly crossAccount: boolean;
  readonly requestQuota: RequestQuota;
  /** The additional requests that AWS counts in another Region for each request. */
  readonly remoteRequests?: RemoteRequests;
}

/** An operation of this service that AWS KMS does not have. */
export interface OwnOperation<
  Input extends InputSchema = InputSchema,
  Output extends OutputSchema = OutputSchema,
  Name extends string = string,
> extends Declaration<Input, Output, Name> {
  readonly isOwn: true;
  /** The maximum size of a request in bytes. Default: 1 MiB. */
  readonly maxRequestBytes?: number;
  readonly octetStream?: OctetStream;
  readonly batch?: Batch;
}

/** An operation's items. For each item, the operation performs an AWS KMS operation. */
export interface Batch<Aws extends AwsOperation = AwsOperation> {
  readonly of: Aws;
  /** The members that each item has itself. The request can contain the other members, for all its items. */
  readonly data: readonly string[];
  /** Returns an upper limit for the bytes in an item's result, before base64. */
  readonly countResultBytes: (item: ItemSize) => number;
  /** The number of items that a request can contain, if their results are as small as possible. */
  readonly maxItems: number;
}

/** What determines the size of an item's result. */
export interface ItemSize {
  /** Returns the number of bytes in a member of the item. */
  readonly bytes: (member: string) => number;
  /** Returns the value of a member of the item or of the request. */
  readonly value: (member: string) => unknown;
}

/**
 * The members that callers can send and receive as bytes instead of JSON (`application/octet-stream`). All other members
 * are then in the header `Kms-Parameters`.
 */
export interface OctetStream {
  readonly request: string;
  readonly response: string;
  /** The maximum size of the request member, whether the request is in JSON or in bytes. A larger value causes a 413. */
  readonly maxBytes: number;
}

/** The maximum size of a Lambda event and of its response (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
export const maxEventBytes = 6 * 1024 * 1024;

/**
 * The default maximum size of a request. It exceeds the largest request that KMS accepts, which contains an attestation
 * document of 262,144 bytes in base64.
 */
const defaultMaxRequestBytes = 1024 * 1024;

/** Returns the members that callers can send and receive as bytes, if the operation has any. */
export function findOctetStream(operation: Operation): OctetStream | undefined {
  return isAwsOperation(operation) ? undefined : operation.octetStream;
}

/** Returns the facts about an operation's items, if it has items. */
export function findBatch(operation: Operation): Batch | undefined {
  return isAwsOperation(operation) ? undefined : operation.batch;
}

/** Returns the maximum size of an operation's request, in bytes of a body or in characters of an event. */
export function getMaxRequestBytes(operation: Operation): number {
  return (isAwsOperation(operation) ? undefined : operation.maxRequestBytes) ?? defaultMaxRequestBytes;
}

export type Operation<
  Input extends InputSchema = InputSchema,
  Output extends OutputSchema = OutputSchema,
  Name extends string = string,
> = AwsOperation<Input, Output, Name> | OwnOperation<Input, Output, Name>;

/** Declares an operation of AWS KMS. */
export function defineOperation<Input extends InputSchema, Output extends OutputSchema, const Name extends string>(
  operation: AwsOperation<Input, Output, Name>,
): AwsOperation<Input, Output, Name> {
  return operation;
}

/** Declares an operation that AWS KMS does not have. */
export function defineOwnOperation<Input extends InputSchema, Output extends OutputSchema, const Name extends string>(
  operation: OwnOperation<Input, Output, Name>,
): OwnOperation<Input, Output, Name> {
  return operation;
}

export type OperationInput<O extends { readonly input: InputSchema }> = z.output<O['input']>;
export type OperationOutput<O extends { readonly output: () => OutputSchema }> = z.output<ReturnType<O['output']>>;

export type ParameterLocation = 'path' | 'query' | 'body' | 'unsupported';

/**
 * Returns a member's location on a route. On a route without a body, lists and maps are `unsupported`, because a query
 * cannot contain them.
 */
export function locationOf(operation: Operation, route: Route, member: string): ParameterLocation {
  if (route.path.includes(`{${member}}`)) return 'path';
  if (hasBody(route)) return 'body';
  const { type } = unwrap(memberSchema(operation, member))._zod.def;
  return type === 'array' || type === 'record' || type === 'object' ? 'unsupported' : 'query';
}

export function hasBody(route: Route): boolean {
  return route.method === 'POST' || route.method === 'PUT';
}

export function memberNames(operation: Operation): string[] {
  return Object.keys(operation.input._zod.def.shape);
}

export function memberSchema(operation: Operation, member: string): Schema {
  const schema = operation.input._zod.def.shape[member];
  if (schema === undefined) throw new TypeError(`${operation.name} has no member ${member}.`);
  return schema;
}

export function isRequired(operation: Operation, member: string): boolean {
  const schema = memberSchema(operation, member);
  return unwrap(schema) === schema;
}

/**
 * Returns the members that contain a key identifier or an alias name. In a path, dots replace the slashes of these
 * members.
 */
export function keyMembers(operation: Operation): readonly string[] {
  let members = cachedKeyMembers.get(operation);
  if (members === undefined) {
    members = memberNames(operation).filter((member) => {
      const kind = schemaMetadata(memberSchema(operation, member))?.kind;
      return kind === 'key' || kind === 'alias';
    });
    cachedKeyMembers.set(operation, members);
  }
  return members;
}

/** A key identifier or alias name in a request. */
export interface KeyInRequest {
  /** The location in the request, such as `/KeyId` or `/AdditionalKeyIds/0`. */
  readonly pointer: string;
  readonly key: unknown;
}

/** Returns the key identifiers and alias names in a request, including those in lists. */
export function listKeys(operation: Operation, json: Readonly<Record<string, unknown>>): KeyInRequest[] {
  const single = keyMembers(operation).map((member) => ({ pointer: `/${member}`, key: json[member] }));
  const listed = keyListMembers(operation).flatMap((member) => {
    const keys = json[member];
    return Array.isArray(keys) ? keys.map((key: unknown, index) => ({ pointer: `/${member}/${index}`, key })) : [];
  });
  return [...single, ...listed];
}

/** Returns the members that contain a list of key identifiers. AWS KMS operations have none. */
export function keyListMembers(operation: Operation): string[] {
  if (isAwsOperation(operation)) return [];
  return memberNames(operation).filter((member) => {
    const { def } = unwrap(memberSchema(operation, member))._zod;
    return def.type === 'array' && schemaMetadata((def as z.core.$ZodArrayDef).element)?.kind === 'key';
  });
}

/** Caches the key members, because each call reads them several times. */
const cachedKeyMembers = new WeakMap<Operation, readonly string[]>();

/** Returns the name of an operation's function: `createKey` for `CreateKey`. */
export function functionName(operation: Pick<Operation, 'name'>): string {
  return operation.name.charAt(0).toLowerCase() + operation.name.slice(1);
}

/** Returns the name of an operation's folder and event files: `create-key` for `CreateKey`. */
export function folderName(operation: Pick<Operation, 'name'>): string {
  return operation.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

/** Returns all error codes that belong to an operation. */
export function listErrors(operation: Operation): ErrorCode[] {
  const { errors, unlistedErrors = [] } = operation;
  const ownErrors = (isAwsOperation(operation) ? operation.ownErrors : undefined) ?? [];
  return [...errors, ...unlistedErrors, ...ownErrors];
}

/** Returns `true` if AWS KMS has the operation. */
export function isAwsOperation(operation: Operation): operation is AwsOperation {
  return operation.isOwn !== true;
}

/** Returns the URL of the operation's page in the AWS API reference. */
export function referenceUrl(operation: Pick<Operation, 'name'>): string {
  return `https://docs.aws.amazon.com/kms/latest/APIReference/API_${operation.name}.html`;
}
