import type * as z from 'zod/mini';
import { type Bytes, decodeBase64, encodeBase64 } from '../../shared/declaration/base64.ts';
import { type Schema, schemaMetadata, unwrap } from '../../shared/declaration/schema-metadata.ts';
import { UnreadableResponseError } from '../errors.ts';

/**
 * Converts a value to AWS's JSON form. Bytes become base64, dates become ISO 8601, and absent members are omitted.
 * Throws TypeError if a member for bytes or dates has another type, because the service would treat text as base64. The
 * service validates sizes, patterns and names.
 */
export function toJson(schema: Schema | undefined, value: unknown, pointer = ''): unknown {
  const inner = schema && unwrap(schema);
  const kind = inner && schemaMetadata(inner)?.kind;
  if (kind === 'blob') {
    if (!isBytes(value)) {
      const hint = typeof value === 'string' ? ' To send text, use new TextEncoder().encode(text).' : '';
      throw new TypeError(`${pointer} must be a Uint8Array.${hint}`);
    }
    return encodeBase64(value);
  }
  if (kind === 'timestamp') {
    if (!(value instanceof Date) || Number.isNaN(value.getTime()))
      throw new TypeError(`${pointer} must be a valid Date.`);
    return value.toISOString();
  }
  if (Array.isArray(value)) return value.map((item, index) => toJson(getElement(inner), item, `${pointer}/${index}`));
  if (typeof value !== 'object' || value === null) return value;
  // AWS treats null members as absent.
  const present = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(
    present.map(([name, member]) => [name, toJson(getMember(inner, name), member, `${pointer}/${name}`)]),
  );
}

/**
 * Converts AWS's JSON form to JavaScript values. Returns undeclared members unchanged, because AWS may add members to
 * its responses. Throws UnreadableResponseError if bytes or dates are malformed.
 */
export function fromJson(schema: Schema | undefined, json: unknown, pointer = ''): unknown {
  const inner = schema && unwrap(schema);
  const kind = inner && schemaMetadata(inner)?.kind;
  if (kind === 'blob') return readBytes(json, pointer);
  if (kind === 'timestamp') return readDate(json, pointer);
  if (Array.isArray(json)) return json.map((item, index) => fromJson(getElement(inner), item, `${pointer}/${index}`));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, member]) => [
      name,
      fromJson(getMember(inner, name), member, `${pointer}/${name}`),
    ]),
  );
}

function getMember(schema: Schema | undefined, name: string): Schema | undefined {
  if (schema?._zod.def.type !== 'object') return undefined;
  const { shape } = schema._zod.def as z.core.$ZodObjectDef;
  return Object.hasOwn(shape, name) ? shape[name] : undefined;
}

function getElement(schema: Schema | undefined): Schema | undefined {
  return schema?._zod.def.type === 'array' ? (schema._zod.def as z.core.$ZodArrayDef).element : undefined;
}

/**
 * Checks the string tag instead of the class, because a Uint8Array from another realm, such as an iframe, has a
 * different class.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function readBytes(json: unknown, pointer: string): Bytes {
  const bytes = typeof json === 'string' ? decodeBase64(json) : undefined;
  if (bytes === undefined) throw new UnreadableResponseError(`${pointer} is not base64`);
  // Copies the bytes, because a Node.js Buffer may share its memory with other Buffers.
  return new Uint8Array(bytes);
}

function readDate(json: unknown, pointer: string): Date {
  const date = new Date(typeof json === 'number' ? json * 1000 : typeof json === 'string' ? json : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new UnreadableResponseError(`${pointer} is not a timestamp`);
  return date;
}
