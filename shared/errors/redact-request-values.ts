import type * as z from 'zod/mini';
import { parseArn } from '../declaration/arn.ts';
import { isObject } from '../declaration/json-object.ts';
import { isKeyIdentifier } from '../declaration/key-identifier.ts';
import type { InputSchema } from '../declaration/operation.ts';
import { unwrap } from '../declaration/schema-metadata.ts';

/** Shorter values are not redacted, because they also occur in ordinary words. */
const minRedactedLength = 4;

/**
 * Removes request values from a KMS message, because KMS quotes its input. A secret in the wrong member must not appear
 * in a response or a log. Keeps key identifiers in the members for keys, because callers need to know which key is meant,
 * and values that the schema lists, such as algorithms, because they are public.
 */
export function redactRequestValues(message: string, json: unknown, schema?: InputSchema): string {
  const identifiers = listKeyIdentifiers(json);
  const values = new Set<string>();
  collectValues(json, values);
  for (const identifier of identifiers)
    for (const value of [identifier, ...readResource(identifier)]) values.delete(value);
  for (const value of listPublicValues(json, schema)) values.delete(value);
  const sorted = [...values].sort((a, b) => b.length - a.length);
  const redact = (text: string) => sorted.reduce((redacted, value) => redacted.replaceAll(value, '…'), text);
  return splitAt(message.replaceAll(/Value '[^']*' at/g, 'Value at'), identifiers, redact);
}

/** Applies `redact` to the text between identifiers, because another value may be a part of an identifier. */
function splitAt(text: string, [first, ...rest]: readonly string[], redact: (text: string) => string): string {
  if (first === undefined) return redact(text);
  return text
    .split(first)
    .map((part) => splitAt(part, rest, redact))
    .join(first);
}

/** Returns the values in a request that are in its schema too. */
function listPublicValues(json: unknown, schema: InputSchema | undefined): string[] {
  return Object.entries(schema?._zod.def.shape ?? {}).flatMap(([name, member]) =>
    [(json as Record<string, unknown> | null | undefined)?.[name]].flat().filter((value) => isListed(member, value)),
  ) as string[];
}

function isListed(schema: z.core.$ZodType, value: unknown): boolean | undefined {
  const { def, values } = unwrap(schema)._zod;
  return def.type === 'array' ? isListed((def as z.core.$ZodArrayDef).element, value) : values?.has(value as string);
}

const keyMember = /(KeyId|AliasName)$/;

function listKeyIdentifiers(json: unknown): string[] {
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([name, value]) =>
    keyMember.test(name) && isKeyIdentifier(value) ? [value] : [],
  );
}

function collectValues(json: unknown, into: Set<string>): void {
  if (typeof json === 'string') {
    for (const value of [json, ...readResource(json)]) if (value.length >= minRedactedLength) into.add(value);
  } else if (typeof json === 'object' && json !== null && !ArrayBuffer.isView(json)) {
    for (const [key, inner] of Object.entries(json)) {
      // Map keys may be secret. List indexes and member names are not.
      if (!Array.isArray(json) && !/^[A-Z]/.test(key) && key.length >= minRedactedLength) into.add(key);
      collectValues(inner, into);
    }
  }
}

/** Returns the forms in which KMS may quote an ARN's resource: `key/ID` and `ID`. The ARN's Region and account are not secret. */
function readResource(value: string): string[] {
  const resource = parseArn(value)?.resource;
  return resource === undefined ? [] : [resource, resource.slice(resource.indexOf('/') + 1)];
}
