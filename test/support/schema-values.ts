import fc from 'fast-check';
import type * as z from 'zod/mini';
import type { JsonValue } from '../../shared/declaration/operation.ts';
import { type Schema, schemaMetadata, unwrap } from '../../shared/declaration/schema-metadata.ts';

interface Limits {
  min: number;
  max: number;
  pattern?: RegExp;
}

/** Limits that are high enough to satisfy every rule, and low enough to generate thousands of events. */
const longestText = 48;
const longestList = 3;
/** Key specs whose keys take a second to generate. Other key specs cover the same cases. */
const slowSpecs = /^RSA_(3072|4096)$/;

/** The names of existing keys and aliases, because random text does not identify a key. */
export interface Names {
  readonly keys: readonly string[];
  readonly aliases: readonly string[];
}

/** Generates JSON values that a schema allows. */
export function valuesOf(schema: Schema, names: Names): fc.Arbitrary<JsonValue> {
  const inner = unwrap(schema);
  const wire = schemaMetadata(inner);
  if (wire?.kind === 'key') return fc.constantFrom(...names.keys);
  if (wire?.kind === 'alias') return fc.constantFrom(...names.aliases);
  if (wire?.kind === 'blob') {
    const maxLength = Math.min(wire.maxBytes, Math.max(wire.minBytes, 64));
    return fc.uint8Array({ minLength: wire.minBytes, maxLength }).map((bytes) => Buffer.from(bytes).toString('base64'));
  }
  if (wire?.kind === 'timestamp') {
    return fc
      .date({ noInvalidDate: true, min: new Date('2000-01-01'), max: new Date('2100-01-01') })
      .map((date) => date.toISOString());
  }
  const { def } = inner._zod;
  switch (def.type) {
    case 'object':
      return structures((def as z.core.$ZodObjectDef).shape, names);
    case 'array':
      return fc.array(valuesOf((def as z.core.$ZodArrayDef).element, names), { maxLength: longestList });
    case 'record':
      return fc.dictionary(
        fc.string({ minLength: 1, maxLength: 8 }).filter((key) => key !== '__proto__'),
        fc.string({ maxLength: 8 }),
        {
          maxKeys: longestList,
          noNullPrototype: true,
        },
      );
    case 'enum': {
      const members = Object.values((def as z.core.$ZodEnumDef).entries).map(String);
      return fc.constantFrom(...members.filter((member) => !slowSpecs.test(member)));
    }
    case 'literal':
      return fc.constantFrom(...(def as z.core.$ZodLiteralDef<number>).values);
    case 'boolean':
      return fc.boolean();
    case 'number': {
      const { min, max } = limitsOf(def);
      return fc.integer({ min, max });
    }
    case 'string':
      return texts(limitsOf(def));
    default:
      throw new TypeError(`The generator does not support schemas of type ${def.type}.`);
  }
}

function structures(shape: Readonly<Record<string, Schema>>, names: Names): fc.Arbitrary<JsonValue> {
  const required = Object.keys(shape).filter((name) => shape[name]?._zod.def.type !== 'optional');
  const members = Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, valuesOf(schema, names)]));
  return fc.record(members, { requiredKeys: required, noNullPrototype: true }) as fc.Arbitrary<JsonValue>;
}

function texts({ min, max, pattern }: Limits): fc.Arbitrary<string> {
  const minLength = Math.max(min, 0);
  const maxLength = Math.min(max, Math.max(minLength, longestText));
  if (pattern === undefined) return fc.string({ minLength, maxLength });
  const oneClass = /^\^\[(.*)\][+*]\$$/.exec(pattern.source);
  if (oneClass !== null) return fc.stringMatching(new RegExp(`^[${oneClass[1]}]{${minLength},${maxLength}}$`));
  return fc.stringMatching(pattern).filter((text) => text.length >= minLength && text.length <= max);
}

type Check = {
  readonly _zod: {
    readonly def: { check: string; value?: unknown; minimum?: number; maximum?: number; pattern?: RegExp };
  };
};

function limitsOf(def: z.core.$ZodTypeDef): Limits {
  const limits: Limits = { min: 0, max: Number.MAX_SAFE_INTEGER };
  for (const { _zod } of (def as { checks?: Check[] }).checks ?? []) {
    const { check, value, minimum, maximum, pattern } = _zod.def;
    if (check === 'min_length') limits.min = minimum ?? 0;
    if (check === 'max_length') limits.max = maximum ?? limits.max;
    if (check === 'greater_than') limits.min = Number(value);
    if (check === 'less_than') limits.max = Number(value);
    if (pattern !== undefined) limits.pattern = pattern;
  }
  return limits;
}
