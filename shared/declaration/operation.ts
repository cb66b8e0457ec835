import type * as z from 'zod/mini';
import type { ErrorCode } from './error-catalogue.ts';
import type { RequestQuota } from './request-quotas.ts';
import { type Schema, schemaMetadata, unwrap } from './schema-metadata.ts';

/** The groups of operations, in the order in which all lists show them: those of AWS KMS, then this service's own. */
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
  'service',
] as const;

export type Group = (typeof groups)[number];

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One HTTP route of an operation. Members in braces are sent in the path. */
export interface Route {
  readonly method: Method;
  readonly path: `/${string}`;
  /** 201 if the call creates a resource. */
  readonly status: 200 | 201;
}

/** A permission that the operation requires. The function's role is generated from it. */
export interface Permission {
  readonly action: `${'kms' | 'iam' | 'cloudhsm'}:${string}`;
  /** `any`: the action supports no resource but `*`. */
  readonly resource: 'key' | 'alias' | 'any' | ServiceLinkedRole;
  /**
   * Where IAM finds the service tag: on the key by default, or in the `request` if the call creates the key. For actions
   * without a key and actions on an alias, there is no tag to check.
   */
  readonly tagOf?: 'request';
  /** The IAM condition key for a Region that the request names. The deployment must serve this Region. */
  readonly regionKey?: 'kms:ReplicaRegion' | 'kms:PrimaryRegion' | 'aws:RequestedRegion';
}

/** The role that an AWS service creates for itself when a call first requires it. */
export interface ServiceLinkedRole {
  readonly service: string;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** A request that succeeds on a fresh clone. Both sample events are generated from it. */
export interface Example {
  readonly input: JsonObject;
  /** The response, for operations that AWS KMS does not have, because the emulator cannot return one. */
  readonly output?: JsonObject;
  /** Resources that the default seed must contain for this example, besides those that all examples share. Uses the seed format. */
  readonly seed?: JsonObject;
}

export type InputSchema = z.ZodMiniObject<Record<string, z.core.$ZodType>>;
export type OutputSchema = z.ZodMiniObject<Record<string, z.core.$ZodType>>;

/** Whether a call may be repeated if its response was lost. */
export type RetrySafety =
  /** A second call has no further effect. */
  | 'safe'
  /** A second call creates a duplicate, or fails because the first call succeeded. */
  | 'unsafe'
  /** Safe if the request contains this member: KMS then returns the result of the first call. */
  | { readonly safeWith: string };

/** How a deployment with tenants binds a call to the caller's tenant. */
export type TenantBinding =
  /**
   * The tenant is added to the encryption context, which KMS authenticates. If the request cannot have a context
   * (asymmetric keys), the key must have the tenant's tag.
   */
  | 'encryption-context'
  /** The grant is constrained to encryption contexts that contain the tenant. */
  | 'grant-constraint'
  /**
   * Every key that the request names must have the tenant's tag, and a new key receives it. Requests without a key are
   * rejected.
   */
  | 'key-tag'
  /** The call does not reach resources that belong to a tenant. */
  | 'unbound'
  /** The call reaches more than one tenant, so callers with a tenant cannot use it. */
  | 'rejected';

/** The declaration of an operation. Handlers, roles, routes, documentation and the client are derived from it. */
interface Declaration<Input extends InputSchema, Output extends OutputSchema, Name extends string> {
  /** The name that AWS uses, such as `Encrypt`. */
  readonly name: Name;
  readonly group: Group;
  readonly summary: string;
  readonly routes: readonly [Route, ...Route[]];
  readonly input: Input;
  /** Called only by code that needs the schema. Functions do not need it: they return the response of KMS unchanged. */
  readonly output: () => Output;
  /** Members of the input or output that must not appear in logs, errors or traces. */
  readonly sensitive: readonly string[];
  /** Error codes that the AWS model lists for the operation. */
  readonly errors: readonly ErrorCode[];
  readonly permissions: readonly [Permission, ...Permission[]];
  /**
   * `added`: the call creates a key, which receives the service tag. `kept`: the call changes tags, and must not change the
   * service tag.
   */
  readonly serviceTag?: 'added' | 'kept';
  readonly tenancy: TenantBinding;
  readonly retrySafety: RetrySafety;
  /** The `detail-type` of the event that a successful call publishes, if the call is part of a key's lifecycle. */
  readonly lifecycleEvent?: string;
  /** The time limit of one KMS request. Default: `defaultAttemptTimeoutMs`. */
  readonly attemptTimeoutMs?: number;
  readonly example: Example;
}

/** An operation of AWS KMS. */
export interface AwsOperation<
  Input extends InputSchema = InputSchema,
  Output extends OutputSchema = OutputSchema,
  Name extends string = string,
> extends Declaration<Input, Output, Name> {
  readonly isOwn?: never;
  /** Whether KMS accepts a key in another account ("Cross-account use" in the API reference). */
  readonly crossAccount: boolean;
  readonly requestQuota: RequestQuota;
}

/** An operation of this service that AWS KMS does not have. */
export interface OwnOperation<
  Input extends InputSchema = InputSchema,
  Output extends OutputSchema = OutputSchema,
  Name extends string = string,
> extends Declaration<Input, Output, Name> {
  readonly isOwn: true;
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
 * Returns the location of a member on a route. A query cannot contain a list or map, so these are `unsupported` on a route
 * without a body.
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
  if (schema === undefined) throw new TypeError(`${operation.name} has no member ${member}`);
  return schema;
}

export function isRequired(operation: Operation, member: string): boolean {
  const schema = memberSchema(operation, member);
  return unwrap(schema) === schema;
}

/** Returns the members that name a key or an alias. Their Region and account are checked. In a path, dots replace their slashes. */
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

/** Cached, because each call reads the key members several times. */
const cachedKeyMembers = new WeakMap<Operation, readonly string[]>();

/** Returns the name of an operation's function: `createKey` for `CreateKey`. */
export function functionName(operation: Pick<Operation, 'name'>): string {
  return operation.name.charAt(0).toLowerCase() + operation.name.slice(1);
}

/** Returns the name of an operation's folder and event files: `create-key` for `CreateKey`. */
export function folderName(operation: Pick<Operation, 'name'>): string {
  return operation.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

/** Returns `true` if AWS KMS has the operation. */
export function isAwsOperation(operation: Operation): operation is AwsOperation {
  return operation.isOwn !== true;
}

/** Returns the URL of the operation's page in the AWS API reference. */
export function referenceUrl(operation: Pick<Operation, 'name'>): string {
  return `https://docs.aws.amazon.com/kms/latest/APIReference/API_${operation.name}.html`;
}
