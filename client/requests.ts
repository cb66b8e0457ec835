import type * as operations from '../functions/operations.ts';
import type { OperationInput, OperationOutput } from '../shared/declaration/operation.ts';

type Operations = typeof operations;

/** `encrypt`, `createKey`, …: the names of the functions, of the client's methods, and what `functionName` is given. */
export type OperationName = keyof Operations;

/** AWS's request of an operation: `InputFor<'encrypt'>`. Bytes are `Uint8Array`, times are `Date`. */
export type InputFor<Name extends OperationName> = Sendable<OperationInput<Operations[Name]>>;

/** AWS's response of an operation: `OutputFor<'encrypt'>`. Bytes are `Uint8Array`, times are `Date`. */
export type OutputFor<Name extends OperationName> = OperationOutput<Operations[Name]>;

/** The client only reads its input: what is readonly will do. */
type Sendable<Value> = Value extends Uint8Array | Date
  ? Value
  : Value extends object
    ? { readonly [Member in keyof Value]: Sendable<Value[Member]> }
    : Value;
