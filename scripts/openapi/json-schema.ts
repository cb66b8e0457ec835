import * as z from 'zod/mini';
import { type Schema, type SchemaMetadata, schemaMetadata } from '../../shared/declaration/schema-metadata.ts';

/** A JSON Schema or another object in the document. */
export type Json = { readonly [name: string]: unknown };

/** The side that uses a schema. For timestamps, requests accept strings and numbers, but responses contain only strings. */
export type Side = 'request' | 'response';

/** Converts a declared schema to JSON Schema 2020-12 without references. */
export function toJsonSchema(schema: Schema, side: Side): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const metadata = schemaMetadata(zodSchema);
      if (metadata !== undefined) Object.assign(jsonSchema, metadataSchemas[metadata.kind](metadata as never, side));
      // Zod adds safe integer limits to every integer, and `propertyNames` to every map. The document omits both.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      delete jsonSchema.propertyNames;
    },
  });
  // Serialization removes the internal properties that Zod attaches to schemas.
  return JSON.parse(JSON.stringify(rest));
}

const metadataSchemas: { [K in SchemaMetadata['kind']]: (metadata: SchemaMetadata & { kind: K }, side: Side) => Json } =
  {
    blob: ({ minBytes, maxBytes }) => ({
      contentEncoding: 'base64',
      contentMediaType: 'application/octet-stream',
      minLength: base64Length(minBytes),
      maxLength: base64Length(maxBytes),
      description: `${count(minBytes)} to ${count(maxBytes)} bytes, base64-encoded with padding (RFC 4648).`,
    }),
    timestamp: (_, side) =>
      side === 'request'
        ? {
            type: ['string', 'number'],
            format: 'date-time',
            description: 'An ISO 8601 timestamp with a time zone, or a Unix timestamp in seconds.',
          }
        : { type: 'string', format: 'date-time', description: 'An ISO 8601 timestamp in UTC.' },
    key: () => ({
      description: 'A key id, key ARN, alias name or alias ARN. Some operations accept only key ids and key ARNs.',
    }),
    alias: () => ({ description: 'An alias name with the prefix `alias/`.' }),
  };

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

function count(bytes: number): string {
  return bytes.toLocaleString('en-US');
}
