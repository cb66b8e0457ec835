import * as z from 'zod/mini';
import { type Schema, type SchemaMetadata, schemaMetadata } from '../../shared/declaration/schema-metadata.ts';

/** JSON Schema, or any other part of the document. */
export type Json = { readonly [name: string]: unknown };

/** What callers send, or what they get: a time goes in as text or number, and comes out as text. */
export type Side = 'request' | 'answer';

/** JSON Schema 2020-12 of a declared schema, with nothing referred to. */
export function jsonSchemaOf(schema: Schema, side: Side): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const wire = schemaMetadata(zodSchema);
      if (wire !== undefined) Object.assign(jsonSchema, metadataSchemas[wire.kind](wire as never, side));
      // Zod says of every integer that it is a safe one, and of every map that its names are text.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      delete jsonSchema.propertyNames;
    },
  });
  // What Zod hangs on its schemas beside the JSON stays behind.
  return JSON.parse(JSON.stringify(rest));
}

const metadataSchemas: { [K in SchemaMetadata['kind']]: (metadata: SchemaMetadata & { kind: K }, side: Side) => Json } =
  {
    blob: ({ minBytes, maxBytes }) => ({
      contentEncoding: 'base64',
      contentMediaType: 'application/octet-stream',
      minLength: base64Length(minBytes),
      maxLength: base64Length(maxBytes),
      description: `${count(minBytes)} to ${count(maxBytes)} bytes, in base64 (RFC 4648, with padding).`,
    }),
    timestamp: (_, side) =>
      side === 'request'
        ? {
            type: ['string', 'number'],
            format: 'date-time',
            description: 'ISO 8601 with a zone, or seconds since 1970.',
          }
        : { type: 'string', format: 'date-time', description: 'ISO 8601, UTC.' },
    key: () => ({ description: 'A key id, key ARN, alias name or alias ARN, as far as the operation takes it.' }),
    alias: () => ({ description: 'An alias name, with its prefix `alias/`.' }),
  };

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

function count(bytes: number): string {
  return bytes.toLocaleString('en-US');
}
