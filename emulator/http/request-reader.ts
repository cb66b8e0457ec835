import type * as z from 'zod/mini';
import { decodeBase64 } from '../../shared/declaration/base64.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { type Schema, schemaMetadata, unwrap } from '../../shared/declaration/schema-metadata.ts';
import { KmsError } from '../core/kms-error.ts';
import { Violations } from '../core/violations.ts';
import { asPrinted } from './enum-orders.ts';

/** Reads one value of a request: throws SerializationException on a wrong type, notes broken constraints. */
type Reader = (json: unknown, path: string, violations: Violations) => unknown;

/**
 * Reads a request as KMS does, from the same schema that the functions validate with: a member that is not known is
 * ignored, null is as if absent, a wrong type is a SerializationException before any constraint is looked at, and then
 * all broken constraints are told at once.
 */
export function requestReader(operation: Operation): (json: unknown) => unknown {
  const read = readerOf(operation.input, new Set(operation.sensitive));
  return (json) => {
    const violations = new Violations();
    const input = read(json, '', violations);
    violations.throwIfAny();
    return input;
  };
}

function readerOf(schema: Schema, sensitive: ReadonlySet<string>, isSensitive = false): Reader {
  const inner = unwrap(schema);
  const wire = schemaMetadata(inner);
  if (wire?.kind === 'blob') return blobReader(wire.minBytes, wire.maxBytes);
  if (wire?.kind === 'timestamp') return readTimestamp;
  const { def } = inner._zod;
  const checks = checksOf(def);
  switch (def.type) {
    case 'object':
      return structureReader(inner as z.core.$ZodObject, sensitive);
    case 'array':
      return listReader((def as z.core.$ZodArrayDef).element, checks, sensitive);
    case 'record':
      return readMap;
    case 'enum':
      return enumReader(Object.values((def as z.core.$ZodEnumDef).entries).map(String));
    case 'boolean':
      return readBoolean;
    case 'number':
      return integerReader(checks);
    case 'string':
      return stringReader(wire?.kind === 'key' ? { ...checks, pattern: asciiOnly } : checks, isSensitive);
    default:
      throw new TypeError(`no reader for a schema of type ${def.type}`);
  }
}

function structureReader(schema: z.core.$ZodObject, sensitive: ReadonlySet<string>): Reader {
  const members = Object.entries(schema._zod.def.shape).map(([name, member]) => ({
    name,
    label: name.charAt(0).toLowerCase() + name.slice(1),
    isRequired: member._zod.def.type !== 'optional',
    // Of a sensitive member AWS prints no value, not even null.
    missing: sensitive.has(name) ? undefined : null,
    read: readerOf(member, sensitive, sensitive.has(name)),
  }));
  return (json, path, violations) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) throw unreadable(json, 'structure');
    const object = json as Record<string, unknown>;
    const structure: Record<string, unknown> = {};
    for (const { name, label, isRequired, missing, read } of members) {
      const value = Object.hasOwn(object, name) ? object[name] : undefined;
      if (value !== undefined && value !== null) structure[name] = read(value, path + label, violations);
      else if (isRequired) violations.add(missing, path + label, 'Member must not be null');
    }
    return structure;
  };
}

function listReader(element: Schema, checks: Checks, sensitive: ReadonlySet<string>): Reader {
  const read = readerOf(element, sensitive);
  const isStructure = unwrap(element)._zod.def.type === 'object';
  return (json, path, violations) => {
    if (!Array.isArray(json)) throw unreadable(json, 'list');
    if (checks.maxLength !== undefined && json.length > checks.maxLength) {
      violations.add(json, path, `Member must have length less than or equal to ${checks.maxLength}`);
    }
    if (isStructure) return json.map((item, index) => read(item, `${path}.${index + 1}.member.`, violations));
    const ofItems = new Violations();
    const items = json.filter((item) => item !== null).map((item) => read(item, path, ofItems));
    // AWS tells of a list of plain values as a whole, with all constraints of its items.
    if (ofItems.rules.length > 0) {
      violations.add(json, path, `Member must satisfy constraint: [${[...new Set(ofItems.rules)].join(', ')}]`);
    }
    return items;
  };
}

const readMap: Reader = (json) => {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw unreadable(json, 'map');
  const map: Record<string, string> = Object.create(null);
  for (const [key, value] of Object.entries(json)) {
    if (typeof value === 'string') map[key] = value;
    else if (value !== null) throw unreadable(value, 'String');
  }
  return map;
};

/** KMS's own pattern of a key identifier, in no model but in its messages. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const asciiOnly = /^[\u0000-\u007f]+$/;

function stringReader(checks: Checks, isSensitive: boolean): Reader {
  return (json, path, violations) => {
    if (typeof json !== 'string') throw unreadable(json, 'String');
    const shown = isSensitive ? undefined : json;
    if (checks.maxLength !== undefined && json.length > checks.maxLength) {
      violations.add(shown, path, `Member must have length less than or equal to ${checks.maxLength}`);
    }
    if (checks.minLength !== undefined && json.length < checks.minLength) {
      violations.add(shown, path, `Member must have length greater than or equal to ${checks.minLength}`);
    }
    if (checks.pattern !== undefined && !checks.pattern.test(json)) {
      violations.add(shown, path, `Member must satisfy regular expression pattern: ${textOf(checks.pattern)}`);
    }
    return json;
  };
}

function enumReader(values: readonly string[]): Reader {
  const known = new Set(values);
  const rule = `Member must satisfy enum value set: [${asPrinted(values).join(', ')}]`;
  return (json, path, violations) => {
    if (typeof json !== 'string') throw unreadable(json, 'String');
    if (!known.has(json)) violations.add(json, path, rule);
    return json;
  };
}

function integerReader(checks: Checks): Reader {
  return (json, path, violations) => {
    if (typeof json !== 'number') throw unreadable(json, 'Integer');
    // A fraction is cut off, as Java's integers do.
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
  if (typeof json !== 'boolean') throw unreadable(json, 'Boolean');
  return json;
};

/** AWS JSON 1.1: seconds since 1970, fractions allowed. */
const readTimestamp: Reader = (json) => {
  if (typeof json !== 'number') throw unreadable(json, 'Timestamp');
  const date = new Date(json * 1000);
  if (Number.isNaN(date.getTime())) throw new KmsError('SerializationException', 'Unparseable timestamp');
  return date;
};

function blobReader(minBytes: number, maxBytes: number): Reader {
  return (json, path, violations) => {
    if (typeof json !== 'string') throw unreadable(json, 'Blob');
    const bytes = decodeBase64(json);
    if (bytes === undefined) throw new KmsError('SerializationException', 'Invalid base64 in a blob');
    // AWS prints no blob's value.
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

function checksOf(def: z.core.$ZodTypeDef): Checks {
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

/** A pattern as AWS prints it: a slash needs no escape there. */
function textOf(pattern: RegExp): string {
  if (pattern === asciiOnly) return '^\\p{ASCII}+$';
  return pattern.source.replaceAll('\\/', '/');
}

function unreadable(json: unknown, expected: string): KmsError {
  if (typeof json === 'object' && json !== null) {
    const found = Array.isArray(json) ? 'Start of list' : 'Start of structure or map';
    return new KmsError('SerializationException', `${found} found where not expected.`);
  }
  if (expected === 'structure' || expected === 'list' || expected === 'map') {
    return new KmsError('SerializationException', 'Unexpected field type');
  }
  const article = /^[AEIOU]/.test(expected) ? 'an' : 'a';
  return new KmsError('SerializationException', `${tokenOf(json)} can not be converted to ${article} ${expected}`);
}

function tokenOf(json: unknown): string {
  if (typeof json === 'number') return 'NUMBER_VALUE';
  if (typeof json === 'boolean') return json ? 'TRUE_VALUE' : 'FALSE_VALUE';
  return typeof json === 'string' ? 'STRING_VALUE' : 'NULL_VALUE';
}
