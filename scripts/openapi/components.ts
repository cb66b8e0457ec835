import type * as z from 'zod/mini';
import type { Schema } from '../../shared/declaration/schema-metadata.ts';
import * as shapes from '../../shared/declaration/shapes.ts';
import { type Json, type Side, toJsonSchema } from './json-schema.ts';

/**
 * The named schemas of an OpenAPI document. shared/declaration/shapes.ts creates a new schema for each operation, so this
 * class recognizes equal shapes by their JSON Schema. Each shape becomes one component: `keySpec` becomes `KeySpec`.
 */
export class Components {
  readonly #schemas = new Map<string, Json>();

  /** Converts a declared schema to JSON Schema with references to components. */
  toSchema(schema: Schema, side: Side): Json {
    return this.#extract(toJsonSchema(schema, side), side);
  }

  /** Adds a component and returns a reference to it. */
  add(name: string, content: Json): Json {
    const earlier = this.#schemas.get(name) ?? content;
    if (JSON.stringify(earlier) !== JSON.stringify(content))
      throw new Error(`Two different schemas have the name ${name}.`);
    this.#schemas.set(name, content);
    return { $ref: `#/components/schemas/${name}` };
  }

  get schemas(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Moves a named schema to the components, and returns a reference. Applies the same to an unnamed schema's members. */
  #extract(schema: Json, side: Side): Json {
    const name = namesBySide[side].get(JSON.stringify(schema));
    if (name === undefined) return this.#extractMembers(schema, side);
    if (!this.#schemas.has(name)) this.#schemas.set(name, this.#extractMembers(schema, side));
    return { $ref: `#/components/schemas/${name}` };
  }

  #extractMembers(schema: Json, side: Side): Json {
    const { properties, items } = schema as { properties?: Record<string, Json>; items?: Json };
    return {
      ...schema,
      ...(properties === undefined
        ? {}
        : {
            properties: Object.fromEntries(
              Object.entries(properties).map(([name, member]) => [name, this.#extract(member, side)]),
            ),
          }),
      ...(items === undefined ? {} : { items: this.#extract(items, side) }),
    };
  }
}

/** The schema types that become components. Strings and numbers do not, because equal schemas may differ in meaning. */
const namedTypes = new Set(['object', 'enum', 'array', 'record']);

const namesBySide: Record<Side, ReadonlyMap<string, string>> = {
  request: nameShapes('request'),
  response: nameShapes('response'),
};

/** Maps each shape's JSON Schema to a component name. */
function nameShapes(side: Side): Map<string, string> {
  const names = new Map<string, string>();
  for (const [name, createShape] of Object.entries(shapes)) {
    // A function with parameters, such as size limits, builds parts of shapes.
    if (typeof createShape !== 'function' || createShape.length > 0) continue;
    const schema = (createShape as () => z.core.$ZodType)();
    if (!namedTypes.has(schema._zod.def.type)) continue;
    const text = JSON.stringify(toJsonSchema(schema, side));
    if (!names.has(text)) names.set(text, name.charAt(0).toUpperCase() + name.slice(1));
  }
  return names;
}
