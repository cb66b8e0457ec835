import type * as operations from '../functions/operations.ts';
import type { OperationInput, OperationOutput } from '../shared/declaration/operation.ts';

type Operations = typeof operations;

/** The name of a client method, and of its function: `encrypt`, `createKey`, … */
export type MethodName = keyof Operations;

/** The AWS request of an operation, such as `InputFor<'encrypt'>`. Bytes are `Uint8Array`, times are `Date`. */
export type InputFor<Name extends MethodName> = DeepReadonly<OperationInput<Operations[Name]>>;

/** The AWS response of an operation, such as `OutputFor<'encrypt'>`. Bytes are `Uint8Array`, times are `Date`. */
export type OutputFor<Name extends MethodName> = OperationOutput<Operations[Name]>;

/** The client does not change its input, so it accepts readonly objects and arrays. */
type DeepReadonly<Value> = Value extends Uint8Array | Date
  ? Value
  : Value extends object
    ? { readonly [Member in keyof Value]: DeepReadonly<Value[Member]> }
    : Value;
