import * as z from 'zod/mini';
import { type InputSchema, isAwsOperation, type Operation } from './operation.ts';

/** Returns the schema of the request that KMS accepts: the input without the members that this service adds. */
export function kmsInput(operation: Operation): InputSchema {
  const ownMembers = listOwnMembers(operation);
  if (ownMembers.length === 0) return operation.input;
  const { shape } = operation.input._zod.def;
  return z.strictObject(Object.fromEntries(Object.entries(shape).filter(([name]) => !ownMembers.includes(name))));
}

/** Returns the request without the members that this service adds. */
export function omitOwnMembers<Input extends Readonly<Record<string, unknown>>>(
  operation: Operation,
  input: Input,
): Input {
  const ownMembers = listOwnMembers(operation);
  if (ownMembers.length === 0) return input;
  return Object.fromEntries(Object.entries(input).filter(([name]) => !ownMembers.includes(name))) as Input;
}

function listOwnMembers(operation: Operation): readonly string[] {
  return (isAwsOperation(operation) ? operation.ownMembers : undefined) ?? [];
}
