import type * as z from 'zod/mini';
import { isObject } from '../../shared/declaration/json-object.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { schemaMetadata, unwrap } from '../../shared/declaration/schema-metadata.ts';
import { suggestName } from '../../shared/errors/closest-name.ts';
import { CommandError, UsageError } from '../exit-codes.ts';

/** A member of a response. `names` lead to it: `KeyMetadata`, `KeyId`. */
export interface ResponseMember {
  readonly path: string;
  readonly names: readonly string[];
  readonly isBytes: boolean;
}

/** Finds a member such as `KeyMetadata.KeyId` in the declaration of the response, before the service is called. */
export function findResponseMember(operation: Operation, path: string): ResponseMember {
  const names = path.split('.');
  let schema = unwrap(operation.output());
  for (const name of names) {
    const { def } = schema._zod;
    const shape = def.type === 'object' ? (def as z.core.$ZodObjectDef).shape : {};
    const next = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (next === undefined) {
      const suggestion = suggestName(name, Object.keys(shape));
      throw new UsageError(`The response of ${operation.name} has no member ${path}.${suggestion}`);
    }
    schema = unwrap(next);
  }
  return { path, names, isBytes: schemaMetadata(schema)?.kind === 'blob' };
}

/** Returns the value of a member in the JSON form of a response. */
export function readMember(json: unknown, { path, names }: ResponseMember): unknown {
  const value = names.reduce<unknown>((outer, name) => (isObject(outer) ? outer[name] : undefined), json);
  if (value === undefined) throw new CommandError('service', 'MissingMember', `The response does not contain ${path}.`);
  return value;
}

/** Returns the bytes to write to a file: bytes as they are, text in UTF-8, and other values as JSON. */
export function encodeMember(json: unknown, member: ResponseMember): Uint8Array {
  const value = readMember(json, member);
  if (member.isBytes) return Buffer.from(String(value), 'base64');
  return Buffer.from(typeof value === 'string' ? value : `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Returns the JSON form of a response without a member. */
export function omitMember(json: unknown, names: readonly string[]): unknown {
  const [first = '', ...rest] = names;
  if (!isObject(json)) return json;
  const { [first]: inner, ...others } = json;
  return rest.length === 0 ? others : { ...json, [first]: omitMember(inner, rest) };
}
