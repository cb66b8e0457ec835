import * as z from 'zod/mini';

/** What a schema cannot say by itself: how a value stands in JSON, and what it names. */
export type SchemaMetadata =
  | { readonly kind: 'blob'; readonly minBytes: number; readonly maxBytes: number }
  | { readonly kind: 'timestamp' }
  /** A key id, key ARN, alias name or alias ARN. */
  | { readonly kind: 'key' }
  /** An alias name. In a path its slashes are written as dots, like those of a key. */
  | { readonly kind: 'alias' };

const registry = z.registry<SchemaMetadata>();

export type Schema = z.core.$ZodType;

export function annotate<S extends Schema>(schema: S, wire: SchemaMetadata): S {
  registry.add(schema, wire);
  return schema;
}

/** The schema inside `optional`. */
export function unwrap(schema: Schema): Schema {
  const { def } = schema._zod;
  return def.type === 'optional' ? unwrap((def as z.core.$ZodOptionalDef).innerType) : schema;
}

export function schemaMetadata(schema: Schema): SchemaMetadata | undefined {
  return registry.get(unwrap(schema));
}
