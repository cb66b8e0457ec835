import * as sdk from '@aws-sdk/client-kms';

/**
 * Reads the SDK's runtime schemas. Their layout is private, and the SDK has no public accessor for required members. Only
 * this file depends on the layout. `checkLayout` throws if the layout has changed when this file is loaded.
 */
const schemas = sdk as unknown as Record<string, readonly unknown[] | undefined>;
const position = { tag: 0, id: 2, traits: 3, element: 4, members: 4, types: 5, requiredCount: 6, input: 4, output: 5 };
const tag = { simple: 0, list: 1, map: 2, structure: 3 };
const sensitiveBit = 8;
const simpleKinds: Readonly<Record<number, string>> = {
  0: 'string',
  1: 'integer',
  2: 'boolean',
  4: 'timestamp',
  21: 'blob',
};
const listModifier = 64;
const mapModifier = 128;

/** A type without its limits, which are not in the SDK. */
export type Kind =
  | string
  | { readonly items: Kind }
  | { readonly members: Readonly<Record<string, Kind>>; readonly required: string[] };

const emptyStructure: Kind = { members: {}, required: [] };

/** The names of the SDK's operations, sorted. */
export const sdkOperationNames: readonly string[] = Object.keys(schemas)
  .flatMap((name) => (/^([A-Z]\w+)Command$/.exec(name) ?? []).slice(1))
  .sort();

/** The errors that the SDK models, with their HTTP status. */
export const sdkErrors: readonly { readonly code: string; readonly status: number }[] = Object.entries(schemas).flatMap(
  ([name, schema]) => {
    const traits = schema?.[position.traits];
    if (!/Exception\$$/.test(name) || typeof traits !== 'object') return [];
    return [{ code: String(schema?.[position.id]), status: (traits as { httpError: number }).httpError }];
  },
);

checkLayout();

/** Returns the type of an operation's input or output. */
export function readSdkKind(operation: string, side: 'input' | 'output'): Kind {
  return readKind(schemas[`${operation}$`]?.[position[side]], new Set());
}

/** Returns the names of an operation's members that the SDK marks as sensitive. */
export function readSensitiveMembers(operation: string): Set<string> {
  const sensitive = new Set<string>();
  for (const side of ['input', 'output'] as const) readKind(schemas[`${operation}$`]?.[position[side]], sensitive);
  return sensitive;
}

/** Converts a type. Adds the names of members that the SDK marks as sensitive to `sensitive`. */
function readKind(type: unknown, sensitive: Set<string>): Kind {
  if (typeof type === 'function') return readKind(type(), sensitive);
  if (type === 'unit') return emptyStructure;
  if (typeof type === 'number') {
    if (type === mapModifier) return 'map';
    if (type >= listModifier && type < mapModifier) return { items: readKind(type - listModifier, sensitive) };
    const kind = simpleKinds[type];
    if (kind !== undefined) return kind;
  }
  if (Array.isArray(type)) {
    if (typeof type[0] === 'function') return readKind(type[0], sensitive);
    if (type[position.tag] === tag.simple) return readKind(type[position.element], sensitive);
    if (type[position.tag] === tag.list) return { items: readKind(type[position.element], sensitive) };
    if (type[position.tag] === tag.map) return 'map';
    if (type[position.tag] === tag.structure) return readStructure(type, sensitive);
  }
  throw new TypeError(`test/support/sdk-schemas.ts does not support the SDK type ${JSON.stringify(type)}.`);
}

function readStructure(structure: readonly unknown[], sensitive: Set<string>): Kind {
  const names = structure[position.members] as string[];
  const types = structure[position.types] as unknown[];
  for (const [index, name] of names.entries()) if (isSensitive(types[index])) sensitive.add(name);
  return {
    members: Object.fromEntries(names.map((name, index) => [name, readKind(types[index], sensitive)])),
    // The required members come first.
    required: names.slice(0, (structure[position.requiredCount] as number | undefined) ?? 0).sort(),
  };
}

/** Returns whether a member, or its simple type, has the sensitive trait. */
function isSensitive(type: unknown): boolean {
  if (typeof type === 'function') return isSensitive(type());
  if (!Array.isArray(type)) return false;
  if (typeof type[0] === 'function') return hasSensitiveTrait(type[1]) || isSensitive(type[0]);
  return type[position.tag] === tag.simple && hasSensitiveTrait(type[position.traits]);
}

function hasSensitiveTrait(traits: unknown): boolean {
  return typeof traits === 'number'
    ? (traits & sensitiveBit) !== 0
    : (traits as { sensitive?: unknown } | undefined)?.sensitive !== undefined;
}

/** Throws if the schema of a known request does not have the expected layout. */
function checkLayout(): void {
  const input = schemas.Encrypt$?.[position.input];
  const request: unknown = typeof input === 'function' ? input() : input;
  const isExpected =
    Array.isArray(request) &&
    request[position.tag] === tag.structure &&
    request[position.id] === 'EncryptRequest' &&
    Array.isArray(request[position.members]) &&
    request[position.members].slice(0, request[position.requiredCount]).join() === 'KeyId,Plaintext' &&
    request[position.members].length === (request[position.types] as unknown[] | undefined)?.length;
  if (!isExpected) {
    throw new Error(
      `The SDK changed the layout of its runtime schemas. Adapt test/support/sdk-schemas.ts (EncryptRequest is ${JSON.stringify(request)}).`,
    );
  }
}
