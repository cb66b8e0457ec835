import type * as operations from '../functions/operations.ts';
import type { Bytes } from '../shared/declaration/base64.ts';
import type { OperationInput, OperationOutput } from '../shared/declaration/operation.ts';

type Operations = typeof operations;

/** The name of a client method and of the function that it calls: `encrypt`, `createKey`, … */
export type MethodName = keyof Operations;

/**
 * An operation's AWS request, such as `InputFor<'encrypt'>`. Bytes are `Uint8Array` values, and times are `Date`
 * values.
 */
export type InputFor<Name extends MethodName> = WithPathMembers<Name, DeepReadonly<OperationInput<Operations[Name]>>>;

/**
 * The members that AWS KMS does not require, but that are in the path of every route of their operation. The client requires
 * them, so that every input that it accepts can be sent over HTTP.
 */
export interface PathMembers {
  reEncrypt: 'SourceKeyId';
  decryptBatch: 'KeyId';
  reEncryptBatch: 'SourceKeyId';
}

type WithPathMembers<Name extends MethodName, Input> = Name extends keyof PathMembers
  ? Input & { readonly [Member in PathMembers[Name] & keyof Input]-?: NonNullable<Input[Member]> }
  : Input;

/**
 * An operation's AWS response, such as `OutputFor<'encrypt'>`. Bytes are `Uint8Array` values, and times are `Date`
 * values. A member is required if KMS documents that it is in every response.
 */
export type OutputFor<Name extends MethodName> = WithOwnBytes<OperationOutput<Operations[Name]>>;

/** A request without `Recipient`. Its response contains the plaintext. */
export type PlaintextInputFor<Name extends MethodName> = InputFor<Name> & { readonly Recipient?: undefined };

/** The response to a request without `Recipient`, such as `PlaintextOutputFor<'decrypt'>`. */
export type PlaintextOutputFor<Name extends MethodName> = OutputFor<Name> & {
  [Member in PlaintextMember & keyof OutputFor<Name>]-?: NonNullable<OutputFor<Name>[Member]>;
};

/**
 * The members that contain the plaintext. If the request has a `Recipient`, they are absent or empty, and the response
 * has `CiphertextForRecipient` instead
 * (https://docs.aws.amazon.com/kms/latest/developerguide/cryptographic-attestation.html).
 */
type PlaintextMember = 'Plaintext' | 'PrivateKeyPlaintext' | 'SharedSecret';

/**
 * Makes an input type readonly at every level. The client does not change its input, so it accepts readonly objects and
 * arrays.
 */
type DeepReadonly<Value> = Value extends Uint8Array | Date
  ? Value
  : Value extends object
    ? { readonly [Member in keyof Value]: DeepReadonly<Value[Member]> }
    : Value;

/** Replaces the type of bytes at every level, because the client copies the bytes of a response into new memory. */
type WithOwnBytes<Value> = Value extends Uint8Array
  ? Bytes
  : Value extends Date
    ? Value
    : Value extends object
      ? { [Member in keyof Value]: WithOwnBytes<Value[Member]> }
      : Value;
