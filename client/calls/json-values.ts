import type * as z from 'zod/mini';
import { decodeBase64, encodeBase64 } from '../../shared/declaration/base64.ts';
import { type Schema, schemaMetadata, unwrap } from '../../shared/declaration/schema-metadata.ts';
import { UnreadableAnswerError } from '../errors.ts';

/**
 * A value as JSON has it: bytes as base64, dates as ISO 8601, nothing undefined. Sizes, patterns and names are the service's
 * to judge; but text where bytes belong is a TypeError, since it would be taken for base64.
 */
export function toJson(schema: Schema | undefined, value: unknown, at = ''): unknown {
  const inner = schema && unwrap(schema);
  const kind = inner && schemaMetadata(inner)?.kind;
  if (kind === 'blob') {
    if (!isBytes(value)) throw new TypeError(`${at} must be a Uint8Array`);
    return encodeBase64(value);
  }
  if (kind === 'timestamp') {
    if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw new TypeError(`${at} must be a valid Date`);
    return value.toISOString();
  }
  if (Array.isArray(value)) return value.map((item, index) => toJson(elementOf(inner), item, `${at}/${index}`));
  if (typeof value !== 'object' || value === null) return value;
  // Absent members of an object; null is absent, too, as it is for AWS.
  const present = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(
    present.map(([name, member]) => [name, toJson(memberOf(inner, name), member, `${at}/${name}`)]),
  );
}

/** The other way round. Members that the declarations do not know (KMS's answers gain some) stay as they are. */
export function fromJson(schema: Schema | undefined, json: unknown, at = ''): unknown {
  const inner = schema && unwrap(schema);
  const kind = inner && schemaMetadata(inner)?.kind;
  if (kind === 'blob') return bytesOf(json, at);
  if (kind === 'timestamp') return dateOf(json, at);
  if (Array.isArray(json)) return json.map((item, index) => fromJson(elementOf(inner), item, `${at}/${index}`));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, member]) => [name, fromJson(memberOf(inner, name), member, `${at}/${name}`)]),
  );
}

function memberOf(schema: Schema | undefined, name: string): Schema | undefined {
  if (schema?._zod.def.type !== 'object') return undefined;
  const { shape } = schema._zod.def as z.core.$ZodObjectDef;
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}

function elementOf(schema: Schema | undefined): Schema | undefined {
  return schema?._zod.def.type === 'array' ? (schema._zod.def as z.core.$ZodArrayDef).element : undefined;
}

/** By its tag and not its class: a Uint8Array of another realm, such as a frame's, is one too. */
function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function bytesOf(json: unknown, at: string): Uint8Array {
  const bytes = typeof json === 'string' ? decodeBase64(json) : undefined;
  if (bytes === undefined) throw new UnreadableAnswerError(`${at} is not base64`);
  // A copy: in Node a Buffer may share its memory with other Buffers.
  return new Uint8Array(bytes);
}

function dateOf(json: unknown, at: string): Date {
  const date = new Date(typeof json === 'number' ? json * 1000 : typeof json === 'string' ? json : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new UnreadableAnswerError(`${at} is not a time`);
  return date;
}
