import * as z from 'zod/mini';
import { type Schema, type SchemaMetadata, schemaMetadata } from '../../shared/declaration/schema-metadata.ts';

/** A JSON Schema or any other object of the document. */
export type Json = { readonly [name: string]: unknown };

/** Requests and responses differ in timestamps: requests accept strings and numbers, responses contain strings. */
export type Side = 'request' | 'response';

/** Returns the JSON Schema 2020-12 of a declared schema, without references. */
export function toJsonSchema(schema: Schema, side: Side): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const metadata = schemaMetadata(zodSchema);
      if (metadata !== undefined) Object.assign(jsonSchema, metadataSchemas[metadata.kind](metadata as never, side));
      // Zod adds the safe integer limits to every integer, and `propertyNames` to every map.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      delete jsonSchema.propertyNames;
    },
  });
  // Zod attaches additional properties to schemas, which JSON omits.
  return JSON.parse(JSON.stringify(rest));
}

const metadataSchemas: { [K in SchemaMetadata['kind']]: (metadata: SchemaMetadata & { kind: K }, side: Side) => Json } =
  {
    blob: ({ minBytes, maxBytes }) => ({
      contentEncoding: 'base64',
      contentMediaType: 'application/octet-stream',
      minLength: base64Length(minBytes),
      maxLength: base64Length(maxBytes),
      description: `${count(minBytes)} to ${count(maxBytes)} bytes, base64-encoded (RFC 4648, with padding).`,
    }),
    timestamp: (_, side) =>
      side === 'request'
        ? {
            type: ['string', 'number'],
            format: 'date-time',
            description: 'ISO 8601 with a time zone, or seconds since 1970.',
          }
        : { type: 'string', format: 'date-time', description: 'ISO 8601, in UTC.' },
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
