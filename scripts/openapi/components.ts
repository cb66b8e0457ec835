import type * as z from 'zod/mini';
import type { Schema } from '../../shared/declaration/schema-metadata.ts';
import * as shapes from '../../shared/declaration/shapes.ts';
import { type Json, jsonSchemaOf, type Side } from './json-schema.ts';

/**
 * The named schemas of a document. A shape of shared/declaration/shapes.ts is made anew for each operation, so it is known again
 * by what it says, and stands once, under its own name (`keySpec` → `KeySpec`).
 */
export class Components {
  readonly #schemas = new Map<string, Json>();

  /** The schema with references to components in place of copies. */
  schemaOf(schema: Schema, side: Side): Json {
    return this.#referring(jsonSchemaOf(schema, side), side);
  }

  /** A reference to a component of this name, which `content` becomes. */
  add(name: string, content: Json): Json {
    const earlier = this.#schemas.get(name) ?? content;
    if (JSON.stringify(earlier) !== JSON.stringify(content)) throw new Error(`two schemas have the name ${name}`);
    this.#schemas.set(name, content);
    return { $ref: `#/components/schemas/${name}` };
  }

  get schemas(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #referring(schema: Json, side: Side): Json {
    const name = namesBySide[side].get(JSON.stringify(schema));
    if (name === undefined) return this.#insideOf(schema, side);
    if (!this.#schemas.has(name)) this.#schemas.set(name, this.#insideOf(schema, side));
    return { $ref: `#/components/schemas/${name}` };
  }

  #insideOf(schema: Json, side: Side): Json {
    const { properties, items } = schema as { properties?: Record<string, Json>; items?: Json };
    return {
      ...schema,
      ...(properties === undefined
        ? {}
        : {
            properties: Object.fromEntries(
              Object.entries(properties).map(([name, member]) => [name, this.#referring(member, side)]),
            ),
          }),
      ...(items === undefined ? {} : { items: this.#referring(items, side) }),
    };
  }
}

/** Text and numbers stay where they are used: two that say the same need not mean the same. */
const namedTypes = new Set(['object', 'enum', 'array', 'record']);

const namesBySide: Record<Side, ReadonlyMap<string, string>> = {
  request: namesOf('request'),
  answer: namesOf('answer'),
};

function namesOf(side: Side): Map<string, string> {
  const names = new Map<string, string>();
  for (const [name, make] of Object.entries(shapes)) {
    // Those that take limits are building blocks, and no shapes themselves.
    if (typeof make !== 'function' || make.length > 0) continue;
    const schema = (make as () => z.core.$ZodType)();
    if (!namedTypes.has(schema._zod.def.type)) continue;
    const text = JSON.stringify(jsonSchemaOf(schema, side));
    if (!names.has(text)) names.set(text, name.charAt(0).toUpperCase() + name.slice(1));
  }
  return names;
}
