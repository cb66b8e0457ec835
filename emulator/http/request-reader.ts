import type * as z from 'zod/mini';
import { decodeBase64 } from '../../shared/declaration/base64.ts';
import { kmsInput } from '../../shared/declaration/kms-input.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { type Schema, schemaMetadata, unwrap } from '../../shared/declaration/schema-metadata.ts';
import { KmsError } from '../core/kms-error.ts';
import { Violations } from '../core/violations.ts';
import { sortAsInMessages } from './enum-orders.ts';

/**
 * Reads one value in a request. Throws SerializationException if the type is wrong, and collects violated constraints.
 */
type Reader = (json: unknown, path: string, violations: Violations) => unknown;

/**
 * Creates the request reader for an operation from the schema in its declaration. The reader ignores unknown members
 * and treats null as absent. It first reports a wrong type as SerializationException. If all types are correct, it
 * reports all violated constraints together.
 */
export function createRequestReader(operation: Operation): (json: unknown) => unknown {
  const read = createReader(kmsInput(operation), new Set(operation.sensitive));
  return (json) => {
    const violations = new Violations();
    const input = read(json, '', violations);
    violations.throwIfAny();
    return input;
  };
}

function createReader(schema: Schema, sensitive: ReadonlySet<string>, isSensitive = false): Reader {
  const inner = unwrap(schema);
  const metadata = schemaMetadata(inner);
  if (metadata?.kind === 'blob') return createBlobReader(metadata.minBytes, metadata.maxBytes);
  if (metadata?.kind === 'timestamp') return readTimestamp;
  const { def } = inner._zod;
  const checks = readChecks(def);
  switch (def.type) {
    case 'object':
      return createStructureReader(inner as z.core.$ZodObject, sensitive);
    case 'array':
      return createListReader((def as z.core.$ZodArrayDef).element, checks, sensitive);
    case 'record':
      return readMap;
    case 'enum':
      return createEnumReader(Object.values((def as z.core.$ZodEnumDef).entries).map(String));
    case 'boolean':
      return readBoolean;
    case 'number':
      return createIntegerReader(checks);
    case 'string':
      return createStringReader(metadata?.kind === 'key' ? { ...checks, pattern: asciiOnly } : checks, isSensitive);
    default:
      throw new TypeError(`cannot read a schema of type ${def.type}`);
  }
}

function createStructureReader(schema: z.core.$ZodObject, sensitive: ReadonlySet<string>): Reader {
  const members = Object.entries(schema._zod.def.shape).map(([name, member]) => ({
    name,
    label: name.charAt(0).toLowerCase() + name.slice(1),
    isRequired: member._zod.def.type !== 'optional',
    // AWS does not print the value of a sensitive member, not even null.
    missing: sensitive.has(name) ? undefined : null,
    read: createReader(member, sensitive, sensitive.has(name)),
  }));
  return (json, path, violations) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json))
      throw createSerializationError(json, 'structure');
    const object = json as Record<string, unknown>;
    const structure: Record<string, unknown> = {};
    const prefix = path === '' || path.endsWith('.') ? path : `${path}.`;
    for (const { name, label, isRequired, missing, read } of members) {
      const value = Object.hasOwn(object, name) ? object[name] : undefined;
      if (value !== undefined && value !== null) structure[name] = read(value, prefix + label, violations);
      else if (isRequired) violations.add(missing, prefix + label, 'Member must not be null');
    }
    return structure;
  };
}

function createListReader(element: Schema, checks: Checks, sensitive: ReadonlySet<string>): Reader {
  const read = createReader(element, sensitive);
  const isStructure = unwrap(element)._zod.def.type === 'object';
  return (json, path, violations) => {
    if (!Array.isArray(json)) throw createSerializationError(json, 'list');
    if (checks.maxLength !== undefined && json.length > checks.maxLength) {
      violations.add(json, path, `Member must have length less than or equal to ${checks.maxLength}`);
    }
    if (isStructure) return json.map((item, index) => read(item, `${path}.${index + 1}.member.`, violations));
    const itemViolations = new Violations();
    const items = json.filter((item) => item !== null).map((item) => read(item, path, itemViolations));
    // For a list of plain values, AWS reports the whole list with the constraints of its items.
    if (itemViolations.rules.length > 0) {
      violations.add(json, path, `Member must satisfy constraint: [${[...new Set(itemViolations.rules)].join(', ')}]`);
    }
    return items;
  };
}

const readMap: Reader = (json) => {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw createSerializationError(json, 'map');
  const map: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(json)) {
    if (typeof value === 'string') map[key] = value;
    else if (value !== null) throw createSerializationError(value, 'String');
  }
  return map;
};

/** The pattern for key identifiers in AWS messages. The KMS model does not contain this pattern. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const asciiOnly = /^[\u0000-\u007f]+$/;

function createStringReader(checks: Checks, isSensitive: boolean): Reader {
  return (json, path, violations) => {
    if (typeof json !== 'string') throw createSerializationError(json, 'String');
    const printed = isSensitive ? undefined : json;
    if (checks.maxLength !== undefined && json.length > checks.maxLength) {
      violations.add(printed, path, `Member must have length less than or equal to ${checks.maxLength}`);
    }
    if (checks.minLength !== undefined && json.length < checks.minLength) {
      violations.add(printed, path, `Member must have length greater than or equal to ${checks.minLength}`);
    }
    if (checks.pattern !== undefined && !checks.pattern.test(json)) {
      violations.add(printed, path, `Member must satisfy regular expression pattern: ${formatPattern(checks.pattern)}`);
    }
    return json;
  };
}

function createEnumReader(values: readonly string[]): Reader {
  const known = new Set(values);
  const rule = `Member must satisfy enum value set: [${sortAsInMessages(values).join(', ')}]`;
  return (json, path, violations) => {
    if (typeof json !== 'string') throw createSerializationError(json, 'String');
    if (!known.has(json)) violations.add(json, path, rule);
    return json;
  };
}

function createIntegerReader(checks: Checks): Reader {
  return (json, path, violations) => {
    if (typeof json !== 'number') throw createSerializationError(json, 'Integer');
    // KMS truncates fractions, as a conversion to a Java integer does.
    const value = Math.trunc(json);
    if (checks.maximum !== undefined && value > checks.maximum) {
      violations.add(value, path, `Member must have value less than or equal to ${checks.maximum}`);
    }
    if (checks.minimum !== undefined && value < checks.minimum) {
      violations.add(value, path, `Member must have value greater than or equal to ${checks.minimum}`);
    }
    return value;
  };
}

const readBoolean: Reader = (json) => {
  if (typeof json !== 'boolean') throw createSerializationError(json, 'Boolean');
  return json;
};

/** Reads a timestamp. In AWS JSON 1.1, this is the number of seconds since 1970, with an optional fraction. */
const readTimestamp: Reader = (json) => {
  if (typeof json !== 'number') throw createSerializationError(json, 'Timestamp');
  const date = new Date(json * 1000);
  if (Number.isNaN(date.getTime())) throw new KmsError('SerializationException', 'Unparseable timestamp');
  return date;
};

function createBlobReader(minBytes: number, maxBytes: number): Reader {
  return (json, path, violations) => {
    if (typeof json !== 'string') throw createSerializationError(json, 'Blob');
    const bytes = decodeBase64(json);
    if (bytes === undefined) throw new KmsError('SerializationException', 'Invalid base64 in a blob');
    // AWS does not print the value of a blob.
    if (bytes.length > maxBytes)
      violations.add(undefined, path, `Member must have length less than or equal to ${maxBytes}`);
    if (bytes.length < minBytes)
      violations.add(undefined, path, `Member must have length greater than or equal to ${minBytes}`);
    return bytes;
  };
}

interface Checks {
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  pattern?: RegExp;
}

function readChecks(def: z.core.$ZodTypeDef): Checks {
  const checks: Checks = {};
  for (const check of def.checks ?? []) {
    const rule = check._zod.def as {
      check: string;
      minimum?: number;
      maximum?: number;
      value?: number;
      pattern?: RegExp;
    };
    if (rule.check === 'min_length' && rule.minimum !== undefined) checks.minLength = rule.minimum;
    if (rule.check === 'max_length' && rule.maximum !== undefined) checks.maxLength = rule.maximum;
    if (rule.check === 'greater_than' && rule.value !== undefined) checks.minimum = rule.value;
    if (rule.check === 'less_than' && rule.value !== undefined) checks.maximum = rule.value;
    if (rule.check === 'string_format' && rule.pattern !== undefined) checks.pattern = rule.pattern;
  }
  return checks;
}

/** Formats a pattern in the same way as AWS, without escaping slashes. */
function formatPattern(pattern: RegExp): string {
  if (pattern === asciiOnly) return '^\\p{ASCII}+$';
  return pattern.source.replaceAll('\\/', '/');
}

function createSerializationError(json: unknown, expected: string): KmsError {
  if (typeof json === 'object' && json !== null) {
    const found = Array.isArray(json) ? 'Start of list' : 'Start of structure or map';
    return new KmsError('SerializationException', `${found} found where not expected.`);
  }
  if (expected === 'structure' || expected === 'list' || expected === 'map') {
    return new KmsError('SerializationException', 'Unexpected field type');
  }
  const article = /^[AEIOU]/.test(expected) ? 'an' : 'a';
  return new KmsError('SerializationException', `${formatToken(json)} can not be converted to ${article} ${expected}`);
}

function formatToken(json: unknown): string {
  if (typeof json === 'number') return 'NUMBER_VALUE';
  if (typeof json === 'boolean') return json ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return typeof json === 'string' ? 'STRING_VALUE' : 'NULL_VALUE';
}
