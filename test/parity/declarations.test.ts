import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { allOperations, awsOperations } from '../../functions/all-operations.ts';
import * as declarations from '../../functions/operations.ts';
import { catalogue } from '../../shared/declaration/error-catalogue.ts';
import { kmsInput } from '../../shared/declaration/kms-input.ts';
import {
  folderName,
  functionName,
  keyMembers,
  memberNames,
  type Operation,
  referenceUrl,
} from '../../shared/declaration/operation.ts';
import { type Schema, unwrap } from '../../shared/declaration/schema-metadata.ts';
import { type Description, describeSchema, type Facts, factsOf } from '../support/describe.ts';
import { type Kind, readSdkKind, readSensitiveMembers, sdkErrors, sdkOperationNames } from '../support/sdk-schemas.ts';
import factsJson from './kms-facts.json' with { type: 'json' };

const facts = factsJson as unknown as Facts & { readonly operations: Readonly<Record<string, OperationFacts>> };

interface OperationFacts {
  readonly input: string;
  readonly output: string | null;
  readonly errors: readonly string[];
}

const sides = ['input', 'output'] as const;

/** Returns the type of a declared schema. */
function kindOf(description: Description): Kind {
  switch (description.kind) {
    case 'structure': {
      const members = Object.entries(description.members as Record<string, Description>);
      return {
        members: Object.fromEntries(members.map(([name, member]) => [name, kindOf(member)])),
        required: description.required as string[],
      };
    }
    case 'list':
      return { items: kindOf(description.items as Description) };
    case 'enum':
      return 'string';
    default:
      return description.kind;
  }
}

/** Returns the names of the members that the model marks as sensitive, at any depth. */
function sensitiveOfFacts(name: string | null | undefined, into = new Set<string>()): Set<string> {
  const shape = facts.shapes[name ?? ''] as (Facts['shapes'][string] & { sensitive?: boolean }) | undefined;
  for (const [member, { shape: inner }] of Object.entries(shape?.members ?? {})) {
    if ((facts.shapes[inner] as { sensitive?: boolean } | undefined)?.sensitive) into.add(member);
    sensitiveOfFacts(inner, into);
  }
  if (shape?.member !== undefined) sensitiveOfFacts(shape.member.shape, into);
  return into;
}

/** Returns the paths of the objects in a schema that are not strict or, if `strict` is `false`, are strict. */
function objectsThatAreNot(strict: boolean, schema: Schema, path = ''): string[] {
  const { def } = unwrap(schema)._zod;
  if (def.type === 'array') return objectsThatAreNot(strict, (def as z.core.$ZodArrayDef).element, `${path}/*`);
  if (def.type !== 'object') return [];
  const { shape, catchall } = def as z.core.$ZodObjectDef;
  const nested = Object.entries(shape).flatMap(([name, member]) =>
    objectsThatAreNot(strict, member, `${path}/${name}`),
  );
  return (catchall?._zod.def.type === 'never') === strict ? nested : [path || '/', ...nested];
}

test('the declarations contain exactly the operations in the SDK', () => {
  const declared = awsOperations.map(({ name }) => name);
  expect(declared.sort()).toEqual(sdkOperationNames);
});

test('operation names and routes are unique, and each declaration is exported under the name of its function', () => {
  expect(new Set(allOperations.map(({ name }) => name)).size).toBe(allOperations.length);
  for (const [name, operation] of Object.entries(declarations)) expect(name).toBe(functionName(operation));
  const routes = allOperations.flatMap((operation) => operation.routes.map(({ method, path }) => `${method} ${path}`));
  expect(new Set(routes).size).toBe(routes.length);
});

test('every declaration in functions/ is in the operations list', () => {
  const files = globSync('functions/*/*/operation.ts').map((file) => file.split('/').slice(1, 3).join('/'));
  expect(files.sort()).toEqual(allOperations.map((operation) => `${operation.group}/${folderName(operation)}`).sort());
});

const sdkTypes = join(
  dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-kms/package.json')),
  'dist-types',
);

/** Reads "Cross-account use" in the API reference, which the SDK's type declarations contain as comments. */
function readCrossAccountUse(name: string): boolean {
  const text = readFileSync(join(sdkTypes, 'commands', `${name}Command.d.ts`), 'utf8');
  const [, use] = /Cross-account use<\/b>: (Yes|No|Not applicable|You must)\b/.exec(text) ?? [];
  if (use === undefined) throw new Error(`The API reference for ${name} does not contain "Cross-account use".`);
  return use === 'Yes';
}

/**
 * Replaces the values of CustomerMasterKeySpec with the values of KeySpec, because AWS also returns key specs that its
 * model does not list
 * (https://aws.amazon.com/blogs/security/how-to-create-post-quantum-signatures-using-aws-kms-and-ml-dsa/).
 */
function allowNewerKeySpecs(description: Description): Description {
  if (description.kind !== 'structure') return description;
  const members = description.members as Record<string, Description>;
  const allowed = Object.entries(members).map(([name, member]) => [
    name,
    name === 'CustomerMasterKeySpec' ? members.KeySpec : allowNewerKeySpecs(member),
  ]);
  return { ...description, members: Object.fromEntries(allowed) };
}

/**
 * Keeps only the required members that are also required in the model. Declarations require more members of a response
 * than the model, which requires only KeyMetadata.KeyId.
 */
function keepRequired<Shape extends object>(shape: Shape, model: object): Shape {
  const { members, items, required } = shape as Parts;
  const other = model as Parts;
  if (items !== undefined) return { ...shape, items: keepRequired(items, other.items ?? {}) };
  if (members === undefined) return shape;
  const kept = Object.entries(members).map(([name, member]) => [
    name,
    typeof member === 'object' ? keepRequired(member, (other.members?.[name] ?? {}) as object) : member,
  ]);
  return {
    ...shape,
    members: Object.fromEntries(kept),
    required: required?.filter((name) => other.required?.includes(name)),
  };
}

interface Parts {
  readonly members?: Readonly<Record<string, object | string>>;
  readonly items?: object;
  readonly required?: readonly string[];
}

const schemaOf = { input: kmsInput, output: ({ output }: Operation) => output() };

describe.each(allOperations.map((operation) => [operation.name, operation] as const))('%s', (_, operation) => {
  test('the declaration is exported from functions/GROUP/NAME/operation.ts, next to its handler', async () => {
    const folder = new URL(`../../functions/${operation.group}/${folderName(operation)}/`, import.meta.url);
    const module = (await import(new URL('operation.ts', folder).href)) as Record<string, unknown>;
    expect(module[functionName(operation)]).toBe(operation);
    expect(existsSync(new URL('handler.ts', folder))).toBe(true);
  });

  test('the declaration rejects unknown members in a request at any depth, and accepts them in a response', () => {
    expect(objectsThatAreNot(true, operation.input)).toEqual([]);
    expect(objectsThatAreNot(false, operation.output())).toEqual([]);
  });

  test('the declaration has a one-sentence summary', () => {
    expect(operation.summary).toMatch(/^[A-Z].*\.$/);
  });

  test('the declaration contains a tenancy that fits its members', () => {
    // The operations that the steps perform have their own tenancy.
    if (operation.isOwn && operation.tenancy === 'steps') return;
    const members = memberNames(operation);
    const hasContext = members.some((member) => member.endsWith('EncryptionContext'));
    expect(operation.tenancy === 'encryption-context').toBe(hasContext);
    const hasKey = keyMembers(operation).length > 0 || members.includes('Tags');
    expect(['encryption-context', 'grant-constraint', 'key-tag'].includes(operation.tenancy)).toBe(hasKey);
  });

  test('the declaration has an example that matches its schemas', () => {
    const { input, output } = operation.example;
    expect(z.safeParse(operation.input, input).error?.issues ?? []).toEqual([]);
    // For AWS operations, the emulator returns the response.
    expect(output !== undefined).toBe(operation.isOwn === true);
    if (output !== undefined) expect(z.safeParse(operation.output(), output).error?.issues ?? []).toEqual([]);
  });
});

describe.each(awsOperations.map((operation) => [operation.name, operation] as const))('%s', (name, operation) => {
  const ofFacts = facts.operations[name];

  test.each(sides)(
    'the declaration has the same members in its %s as the SDK, with the same types and required members',
    (side) => {
      const declared = kindOf(describeSchema(schemaOf[side](operation), side));
      const ofSdk = readSdkKind(name, side);
      expect(side === 'input' ? declared : keepRequired(declared as object, ofSdk as object)).toEqual(ofSdk);
    },
  );

  test.each(sides)(
    'the declaration has the same shapes, limits, patterns and enumerations in its %s as the model',
    (side) => {
      const described = describeSchema(schemaOf[side](operation), side);
      const modeled = factsOf(facts, ofFacts?.[side] ?? null, side);
      if (side === 'input') expect(described).toEqual(modeled);
      else expect(keepRequired(described, modeled)).toEqual(allowNewerKeySpecs(modeled));
      const ofModel = Object.keys(facts.shapes[ofFacts?.[side] ?? '']?.members ?? {});
      expect(Object.keys(described.members as object), "in the model's order").toEqual(ofModel);
    },
  );

  test('the declaration marks the same members as sensitive as the SDK and the model', () => {
    expect([...operation.sensitive].sort()).toEqual([...readSensitiveMembers(name)].sort());
    const byFacts = sensitiveOfFacts(ofFacts?.output, sensitiveOfFacts(ofFacts?.input));
    expect([...operation.sensitive].sort()).toEqual([...byFacts].sort());
  });

  test('the declaration contains the errors in the model, which are all in the SDK and in the catalogue', () => {
    expect(operation.errors).toEqual(ofFacts?.errors);
    for (const code of operation.errors) {
      expect(sdkErrors.map((error) => error.code)).toContain(code);
      expect(catalogue).toHaveProperty(code);
    }
  });

  test('the declaration accepts keys in other accounts only if the API reference allows cross-account use', () => {
    expect(operation.crossAccount).toBe(readCrossAccountUse(name));
  });

  test("the declaration links to the operation's page in the API reference", () => {
    expect(referenceUrl(operation)).toBe(`https://docs.aws.amazon.com/kms/latest/APIReference/API_${name}.html`);
  });
});

test('the SDK and the model have the same errors', () => {
  const modeled = new Set(Object.values(facts.operations).flatMap((operation) => operation.errors));
  expect(sdkErrors.map(({ code }) => code).sort()).toEqual([...modeled].sort());
});
