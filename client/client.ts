import type * as operations from '../functions/operations.ts';
import type { InputOf, OutputOf } from '../shared/operation.ts';
import type { CallOptions } from './calls/call.ts';
import type { Pages } from './paginate.ts';

type Operations = typeof operations;

/** `encrypt`, `createKey`, …: the names of the functions, of the client's methods, and what `functionName` is given. */
export type OperationName = keyof Operations;

/** The names of the lists that come in pages. */
export type PagedName = {
  [Name in OperationName]: 'Marker' extends keyof InputOf<Operations[Name]> ? Name : never;
}[OperationName];

/** AWS's request of an operation: `InputFor<'encrypt'>`. Bytes are `Uint8Array`, times are `Date`. */
export type InputFor<Name extends OperationName> = Sendable<InputOf<Operations[Name]>>;

/** AWS's response of an operation: `OutputFor<'encrypt'>`. Bytes are `Uint8Array`, times are `Date`. */
export type OutputFor<Name extends OperationName> = OutputOf<Operations[Name]>;

/** The client only reads its input: what is readonly will do. */
type Sendable<Value> = Value extends Uint8Array | Date
  ? Value
  : Value extends object
    ? { readonly [Member in keyof Value]: Sendable<Value[Member]> }
    : Value;

/** An input without a required member may be left out. */
type Arguments<Input> =
  Record<string, never> extends Input ? [input?: Input, options?: CallOptions] : [input: Input, options?: CallOptions];

/**
 * One method per operation, with the name of its function. Each takes AWS's request and resolves to AWS's response
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_Operations.html), and rejects with a KmsFunctionsClientError; with a
 * TypeError where a value is not of the kind that its member has; or, once aborted, with the signal's reason.
 */
export type Client = {
  readonly [Name in OperationName]: (...args: Arguments<InputFor<Name>>) => Promise<OutputFor<Name>>;
} & {
  /** The lists, page by page: `for await (const key of client.paginate.listKeys().items())`. */
  readonly paginate: {
    readonly [Name in PagedName]: (...args: Arguments<InputFor<Name>>) => Pages<OutputFor<Name>>;
  };
};
