import type * as z from 'zod/mini';
import { type Schema, schemaMetadata, unwrap } from '../../shared/declaration/schema-metadata.ts';

/** Describes a schema, or a shape in the AWS model, in a form that tests can compare. */
export type Description = { readonly kind: string; readonly [fact: string]: unknown };

interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

export interface Facts {
  readonly shapes: Readonly<Record<string, Shape>>;
}

type Side = 'input' | 'output';

const nothing: Description = { kind: 'structure', members: {}, required: [] };

/** Describes a shape in the AWS model. Omits limits for outputs, because functions do not validate outputs. */
export function factsOf(facts: Facts, name: string | null, side: Side): Description {
  if (name === null) return nothing;
  const shape = facts.shapes[name];
  if (shape === undefined) throw new Error(`kms-facts.json does not contain the shape ${name}.`);
  const limits = { min: shape.min, max: shape.max };
  switch (shape.type) {
    case 'structure': {
      const members = Object.entries(shape.members ?? {}).map(([member, { shape: inner }]) => [
        member,
        factsOf(facts, inner, side),
      ]);
      return { kind: 'structure', members: Object.fromEntries(members), required: [...(shape.required ?? [])].sort() };
    }
    case 'list': {
      const items = factsOf(facts, shape.member?.shape ?? '', side);
      return { kind: 'list', items, ...(side === 'input' ? { max: shape.max } : {}) };
    }
    case 'map':
      return { kind: 'map' };
    case 'string':
      if (shape.enum !== undefined) return { kind: 'enum', values: [...shape.enum].sort() };
      return { kind: 'string', ...(side === 'input' ? { ...limits, pattern: anchored(shape.pattern) } : {}) };
    case 'integer':
      return { kind: 'integer', ...(side === 'input' ? limits : {}) };
    case 'blob':
      return { kind: 'blob', ...(side === 'input' ? limits : {}) };
    default:
      return { kind: shape.type };
  }
}

/** Adds anchors to a pattern, because patterns without anchors in the AWS model must also match the whole text. */
function anchored(pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined;
  const text = pattern.replaceAll('\\/', '/');
  return text.startsWith('^') ? text : `^${text}$`;
}

/** Describes a declared schema. */
export function describeSchema(schema: Schema, side: Side = isStrict(schema) ? 'input' : 'output'): Description {
  const inner = unwrap(schema);
  const wire = schemaMetadata(inner);
  if (wire?.kind === 'blob')
    return { kind: 'blob', ...(side === 'input' ? { min: wire.minBytes, max: wire.maxBytes } : {}) };
  if (wire?.kind === 'timestamp') return { kind: 'timestamp' };
  const { def } = inner._zod;
  const limits = side === 'input' ? limitsOf(def) : {};
  switch (def.type) {
    case 'object': {
      const entries = Object.entries((def as z.core.$ZodObjectDef).shape);
      const required = entries.filter(([, member]) => member._zod.def.type !== 'optional').map(([name]) => name);
      const members = Object.fromEntries(entries.map(([name, member]) => [name, describeSchema(member, side)]));
      return { kind: 'structure', members, required: required.sort() };
    }
    case 'array': {
      const items = describeSchema((def as z.core.$ZodArrayDef).element, side);
      return { kind: 'list', items, ...(side === 'input' ? { max: limitsOf(def).max } : {}) };
    }
    case 'record':
      return { kind: 'map' };
    case 'enum':
      return { kind: 'enum', values: Object.values((def as z.core.$ZodEnumDef).entries).sort() };
    case 'string':
      return { kind: 'string', ...limits };
    case 'number':
      return { kind: 'integer', ...(side === 'input' ? { min: limitsOf(def).min, max: limitsOf(def).max } : {}) };
    default:
      return { kind: def.type };
  }
}

function isStrict(schema: Schema): boolean {
  const { def } = schema._zod;
  return def.type === 'object' && (def as z.core.$ZodObjectDef).catchall?._zod.def.type === 'never';
}

function limitsOf(def: z.core.$ZodTypeDef): { min?: number; max?: number; pattern?: string } {
  const limits: { min?: number; max?: number; pattern?: string } = {};
  for (const check of def.checks ?? []) {
    const rule = check._zod.def as {
      minimum?: number;
      maximum?: number;
      value?: number;
      check: string;
      pattern?: RegExp;
    };
    if (rule.check === 'min_length') limits.min = rule.minimum as number;
    if (rule.check === 'max_length') limits.max = rule.maximum as number;
    if (rule.check === 'greater_than') limits.min = rule.value as number;
    if (rule.check === 'less_than') limits.max = rule.value as number;
    if (rule.pattern !== undefined) limits.pattern = rule.pattern.source.replaceAll('\\/', '/');
  }
  return limits;
}
