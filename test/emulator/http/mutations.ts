import type { Description } from '../../support/describe.ts';

/** An invalid request, and the error that KMS returns. */
export interface Mutation {
  readonly title: string;
  readonly code: 'ValidationException' | 'SerializationException';
  readonly body: Record<string, unknown>;
}

type Members = Readonly<Record<string, Description>>;

/**
 * Creates invalid variants of a request. In each variant, one member is missing, null, of the wrong type, too short, too
 * long or does not match its pattern.
 */
export function createMutations(input: Description, example: Readonly<Record<string, unknown>>): Mutation[] {
  const mutations: Mutation[] = [];
  const add = (title: string, code: Mutation['code'], member: string, value: unknown) => {
    const body: Record<string, unknown> = { ...example, [member]: value };
    if (value === undefined) delete body[member];
    mutations.push({ title: `${member} ${title}`, code, body });
  };
  for (const member of input.required as string[]) {
    add('missing', 'ValidationException', member, undefined);
    add('null', 'ValidationException', member, null);
  }
  for (const [member, description] of Object.entries(input.members as Members)) {
    for (const value of listWrongTypes(description)) {
      add(`with a wrong type (${JSON.stringify(value)})`, 'SerializationException', member, value);
    }
    for (const [title, value] of listOutOfBounds(description)) add(title, 'ValidationException', member, value);
    for (const { title, code, value } of createInvalidMembers(description, example[member]))
      add(title, code, member, value);
  }
  return mutations;
}

interface InvalidValue {
  readonly title: string;
  readonly code: Mutation['code'];
  readonly value: unknown;
}

/** Creates variants of a structure, or of a list of structures, in which one member is invalid. */
function createInvalidMembers(description: Description, example: unknown): InvalidValue[] {
  const isList = description.kind === 'list';
  const inner = isList ? (description as unknown as { items: Description }).items : description;
  if (inner.kind !== 'structure') return [];
  const whole = (isList ? (example as unknown[] | undefined)?.[0] : example) ?? {};
  return createMutations(inner, whole as Record<string, unknown>).map(({ title, code, body }) => ({
    title: `with ${title}`,
    code,
    value: isList ? [body] : body,
  }));
}

const wrongValues: Readonly<Record<string, readonly unknown[]>> = {
  string: [1, true, {}, []],
  enum: [1, false, {}, ['x']],
  blob: [1, true, {}, [], '*', 'AAA', 'AA==\n'],
  integer: ['1', true, {}, []],
  boolean: ['true', 1, {}, []],
  timestamp: ['2030-01-01T00:00:00Z', true, {}, []],
  map: ['x', 1, true, [], { a: 1 }, { a: {} }],
  list: ['x', 1, true, {}],
  structure: ['x', 1, true, []],
};

function listWrongTypes({ kind }: Description): readonly unknown[] {
  return wrongValues[kind] ?? [];
}

function listOutOfBounds(description: Description): [title: string, value: unknown][] {
  const { kind, min, max, pattern } = description as Description & { min?: number; max?: number; pattern?: string };
  const found: [string, unknown][] = [];
  if (kind === 'enum')
    found.push(
      ['outside its enumeration', 'NOT_ONE_OF_THEM'],
      ['with different capitalization', toLowerCase(description)],
    );
  if (kind === 'integer') {
    if (min !== undefined) found.push(['too small', min - 1], ['far too small', -2_147_483_648]);
    if (max !== undefined) found.push(['too large', max + 1], ['far too large', 2_147_483_647]);
  }
  if (kind === 'blob') {
    if (min !== undefined && min > 0) found.push(['too short', Buffer.alloc(min - 1).toString('base64')]);
    if (max !== undefined) found.push(['too long', Buffer.alloc(max + 1).toString('base64')]);
  }
  if (kind === 'string') {
    if (min !== undefined && min > 0) found.push(['too short', 'a'.repeat(min - 1)]);
    if (max !== undefined) found.push(['too long', 'a'.repeat(max + 1)]);
    if (pattern !== undefined)
      found.push(['not matching its pattern', '\u{1F511}'.repeat(Math.max(1, Math.ceil((min ?? 1) / 2)))]);
  }
  if (kind === 'list') {
    const { items } = description as unknown as { items: Description };
    if (max !== undefined) found.push(['too long', Array(max + 1).fill(items.kind === 'string' ? 'a' : {})]);
    for (const [title, value] of listOutOfBounds(items)) found.push([`with an item ${title}`, [value]]);
  }
  return found;
}

function toLowerCase(description: Description): string {
  return String((description.values as string[])[0]).toLowerCase();
}
