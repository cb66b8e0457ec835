import type * as z from 'zod/mini';
import { type Schema, schemaMetadata, unwrap } from './schema-metadata.ts';

/** The sets of operations, in the order of every list: AWS's, and last this service's own. */
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

/** One way in over HTTP. A member in braces stands in the path. */
export interface Route {
  readonly method: Method;
  readonly path: `/${string}`;
  /** 201 where the call makes a new resource. */
  readonly status: 200 | 201;
}

/** What a caller's identity needs at AWS; the function's role is written from it. */
export interface Permission {
  readonly action: `${'kms' | 'iam' | 'cloudhsm'}:${string}`;
  /** `any`: the action takes no resource, only `*`. */
  readonly resource: 'key' | 'alias' | 'any' | ServiceLinkedRole;
  /**
   * What holds the service's tag: the `key` by default; the `request`, where the key is only made by it. An action
   * without a key, or an alias, has no tag to ask for.
   */
  readonly tagOf?: 'request';
  /** AWS's condition key for a Region in the request: it must be one that the deployment serves. */
  readonly regionKey?: 'kms:ReplicaRegion' | 'kms:PrimaryRegion' | 'aws:RequestedRegion';
}

/** The role that an AWS service makes for itself at the first call that needs it, and no other. */
export interface ServiceLinkedRole {
  readonly service: string;
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** A request that succeeds on a fresh clone: both sample events are written from it. */
export interface Example {
  readonly input: JsonObject;
  /** Its answer, where no emulator of KMS can be asked for one: of this service's own operations. */
  readonly output?: JsonObject;
  /** What the default seed must hold for it, in the seed's own format, beside what all examples share. */
  readonly seed?: JsonObject;
}

export type InputSchema = z.ZodMiniObject<Record<string, z.core.$ZodType>>;
export type OutputSchema = z.ZodMiniObject<Record<string, z.core.$ZodType>>;

/** Everything there is to know of an operation without calling it. Pure data: every reader derives its own from it. */
export interface Operation<Input extends InputSchema = InputSchema, Output extends OutputSchema = OutputSchema> {
  /** AWS's name: `Encrypt`. */
  readonly name: string;
  readonly group: Group;
  readonly summary: string;
  readonly routes: readonly [Route, ...Route[]];
  readonly input: Input;
  readonly output: Output;
  /** Members, of input or output, that appear in no log, error or trace. */
  readonly sensitive: readonly string[];
  /** AWS's modelled errors, by code. */
  readonly errors: readonly string[];
  readonly permissions: readonly [Permission, ...Permission[]];
  /** The tag that fences the service's keys: `added` to what the call makes, `kept` from what the call changes. */
  readonly serviceTag?: 'added' | 'kept';
  /** How long one attempt may take at KMS, where it is not `defaultAttemptTimeoutMs`. */
  readonly attemptTimeoutMs?: number;
  readonly example: Example;
}

export function defineOperation<Input extends InputSchema, Output extends OutputSchema>(
  operation: Operation<Input, Output>,
): Operation<Input, Output> {
  return operation;
}

export type OperationInput<O extends Operation> = z.output<O['input']>;
export type OperationOutput<O extends Operation> = z.output<O['output']>;

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

/** Whether AWS has an operation of this name; else the name is this service's own. */
export function isAwsOperation({ group }: Pick<Operation, 'group'>): boolean {
  return group !== 'service';
}

/** The operation's page in AWS's API reference. */
export function referenceUrl(operation: Pick<Operation, 'name'>): string {
  return `https://docs.aws.amazon.com/kms/latest/APIReference/API_${operation.name}.html`;
}
