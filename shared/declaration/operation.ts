import type * as z from 'zod/mini';
import type { ErrorCode } from './error-catalogue.ts';
import type { RequestQuota } from './request-quotas.ts';
import { type Schema, schemaMetadata, unwrap } from './schema-metadata.ts';

/** The groups of operations, in the order of every list: those of AWS KMS, then this service's own. */
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

/** One HTTP route of an operation. A member in braces is sent in the path. */
export interface Route {
  readonly method: Method;
  readonly path: `/${string}`;
  /** 201 if the call creates a resource. */
  readonly status: 200 | 201;
}

/** A permission that the caller of AWS needs. The function's role is generated from it. */
export interface Permission {
  readonly action: `${'kms' | 'iam' | 'cloudhsm'}:${string}`;
  /** `any`: the action supports no resource but `*`. */
  readonly resource: 'key' | 'alias' | 'any' | ServiceLinkedRole;
  /**
   * Where IAM finds the service tag: on the `key` by default, in the `request` if the call creates the key. Actions
   * without a key, and those on an alias, have no tag to check.
   */
  readonly tagOf?: 'request';
  /** AWS's condition key for a Region that the request names. It must be a Region that the deployment serves. */
  readonly regionKey?: 'kms:ReplicaRegion' | 'kms:PrimaryRegion' | 'aws:RequestedRegion';
}

/** The role that an AWS service creates for itself at the first call that needs it. */
export interface ServiceLinkedRole {
  readonly service: string;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** A request that succeeds on a fresh clone. Both sample events are generated from it. */
export interface Example {
  readonly input: JsonObject;
  /** Its response, if the emulator cannot return one: for operations that AWS KMS does not have. */
  readonly output?: JsonObject;
  /** Resources that the default seed needs for it besides those that all examples share, in the format of a seed. */
  readonly seed?: JsonObject;
}

export type InputSchema = z.ZodMiniObject<Record<string, z.core.$ZodType>>;
export type OutputSchema = z.ZodMiniObject<Record<string, z.core.$ZodType>>;

/** Whether a call may be repeated after its response was lost. */
export type RetrySafety =
  /** A second call has no further effect. */
  | 'safe'
  /** A second call creates something again, or fails because the first one created it. */
  | 'unsafe'
  /** Safe if the request has this member: KMS then returns the result of the first call. */
  | { readonly safeWith: string };

/** How a deployment with tenants binds a call to the caller's tenant. */
export type TenantBinding =
  /**
   * The tenant is added to the encryption context, which KMS authenticates. If the request encrypts without a context
   * (asymmetric keys), the key must carry the tenant's tag.
   */
  | 'encryption-context'
  /** The grant is constrained to encryption contexts that contain the tenant. */
  | 'grant-constraint'
  /** Every key that the request names must carry the tenant's tag, and a new key gets it. Requests without a key are rejected. */
  | 'key-tag'
  /** The call reaches nothing that belongs to a tenant. */
  | 'unbound'
  /** The call reaches more than one tenant, so callers with a tenant cannot use it. */
  | 'rejected';

/** Everything that is known about an operation without calling it. Pure data, from which every reader derives its own. */
interface Declaration<Input extends InputSchema, Output extends OutputSchema, Name extends string> {
  /** `Encrypt`, as AWS writes it. */
  readonly name: Name;
  readonly group: Group;
  readonly summary: string;
  readonly routes: readonly [Route, ...Route[]];
  readonly input: Input;
  /** Called only by readers that need the schema: functions pass the response on as KMS returns it. */
  readonly output: () => Output;
  /** Members, of input or output, that appear in no log, error or trace. */
  readonly sensitive: readonly string[];
  /** Codes of the errors that AWS's model lists. */
  readonly errors: readonly ErrorCode[];
  readonly permissions: readonly [Permission, ...Permission[]];
  /** The service tag: `added` to the key that the call creates, or `kept` on the key whose tags it changes. */
  readonly serviceTag?: 'added' | 'kept';
  readonly tenancy: TenantBinding;
  readonly retrySafety: RetrySafety;
  /** The `detail-type` of the event that a successful call publishes, if it changes the life of a key. */
  readonly lifecycleEvent?: string;
  /** How long one attempt at KMS may take, unless `defaultAttemptTimeoutMs` is enough. */
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
  /** Whether KMS accepts a key of another account ("Cross-account use" in the API reference). */
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

/** Where a member stands on a route. A list or map cannot stand in a query: it is `unsupported` on a route without a body. */
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

/** The members that name a key or an alias: those whose Region and account are checked, and whose slashes are dots in a path. */
export function keyMembers(operation: Operation): readonly string[] {
  let members = keyMembersOf.get(operation);
  if (members === undefined) {
    members = memberNames(operation).filter((member) => {
      const kind = schemaMetadata(memberSchema(operation, member))?.kind;
      return kind === 'key' || kind === 'alias';
    });
    keyMembersOf.set(operation, members);
  }
  return members;
}

/** Each call asks for them several times. */
const keyMembersOf = new WeakMap<Operation, readonly string[]>();

/** `CreateKey` → `createKey`, the name of its function. */
export function functionName(operation: Pick<Operation, 'name'>): string {
  return operation.name.charAt(0).toLowerCase() + operation.name.slice(1);
}

/** `CreateKey` → `create-key`, the name of its folder and its event files. */
export function folderName(operation: Pick<Operation, 'name'>): string {
  return operation.name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

/** Whether AWS KMS has the operation. */
export function isAwsOperation(operation: Operation): operation is AwsOperation {
  return operation.isOwn !== true;
}

/** The operation's page in AWS's API reference. */
export function referenceUrl(operation: Pick<Operation, 'name'>): string {
  return `https://docs.aws.amazon.com/kms/latest/APIReference/API_${operation.name}.html`;
}
