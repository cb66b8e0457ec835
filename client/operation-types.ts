import type * as operations from '../functions/operations.ts';
import type { OperationInput, OperationOutput } from '../shared/declaration/operation.ts';

type Operations = typeof operations;

/** The name of a client method and of the function that it calls: `encrypt`, `createKey`, … */
export type MethodName = keyof Operations;

/**
 * An operation's AWS request, such as `InputFor<'encrypt'>`. Bytes are `Uint8Array` values, and times are `Date`
 * values.
 */
export type InputFor<Name extends MethodName> = DeepReadonly<OperationInput<Operations[Name]>>;

/**
 * An operation's AWS response, such as `OutputFor<'encrypt'>`. Bytes are `Uint8Array` values, and times are `Date`
 * values.
 */
export type OutputFor<Name extends MethodName> = OperationOutput<Operations[Name]>;

/**
 * Makes an input type readonly at every level. The client does not change its input, so it accepts readonly objects and
 * arrays.
 */
type DeepReadonly<Value> = Value extends Uint8Array | Date
  ? Value
  : Value extends object
    ? { readonly [Member in keyof Value]: DeepReadonly<Value[Member]> }
    : Value;
