import type * as operations from '../functions/operations.ts';
import type { OperationInput, OperationOutput } from '../shared/declaration/operation.ts';

type Operations = typeof operations;

/** `encrypt`, `createKey`, …: the name of a client method, and of its function. */
export type MethodName = keyof Operations;

/** AWS's request of an operation: `InputFor<'encrypt'>`. Bytes are `Uint8Array`, times are `Date`. */
export type InputFor<Name extends MethodName> = Sendable<OperationInput<Operations[Name]>>;

/** AWS's response of an operation: `OutputFor<'encrypt'>`. Bytes are `Uint8Array`, times are `Date`. */
export type OutputFor<Name extends MethodName> = OperationOutput<Operations[Name]>;

/** The client only reads its input: what is readonly will do. */
type Sendable<Value> = Value extends Uint8Array | Date
  ? Value
  : Value extends object
    ? { readonly [Member in keyof Value]: Sendable<Value[Member]> }
    : Value;
