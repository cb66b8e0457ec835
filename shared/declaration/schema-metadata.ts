import * as z from 'zod/mini';

/**
 * Describes what a Zod schema does not express: a value's JSON encoding, and the type of resource that the value
 * identifies.
 */
export type SchemaMetadata =
  | { readonly kind: 'blob'; readonly minBytes: number; readonly maxBytes: number }
  | { readonly kind: 'timestamp' }
  /** A key id, key ARN, alias name or alias ARN. */
  | { readonly kind: 'key' }
  /** An alias name. In a path, dots replace its slashes, as in a key identifier. */
  | { readonly kind: 'alias' };

const registry = z.registry<SchemaMetadata>();

export type Schema = z.core.$ZodType;

export function annotate<S extends Schema>(schema: S, wire: SchemaMetadata): S {
  registry.add(schema, wire);
  return schema;
}

/** Returns the schema that `optional` or a default value wraps. */
export function unwrap(schema: Schema): Schema {
  const { def } = schema._zod;
  return def.type === 'optional' || def.type === 'default' ? unwrap((def as z.core.$ZodOptionalDef).innerType) : schema;
}

export function schemaMetadata(schema: Schema): SchemaMetadata | undefined {
  return registry.get(unwrap(schema));
}
