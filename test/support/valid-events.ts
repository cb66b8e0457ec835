import fc from 'fast-check';
import * as z from 'zod/mini';
import { loadDefaultSeed } from '../../emulator/seed/read-seed.ts';
import {
  hasBody,
  type JsonObject,
  type JsonValue,
  locationOf,
  memberSchema,
  type Operation,
  type Route,
} from '../../shared/declaration/operation.ts';
import { buildHttpEvent, encodeBody, toV1 } from './http-events.ts';
import { operations } from './operations.ts';
import { type Names, valuesOf } from './schema-values.ts';

/** An event with an input that is valid for the declaration. */
export interface ValidEvent {
  /** The operation's name. */
  readonly operation: string;
  readonly input: JsonObject;
  readonly event: unknown;
  readonly trigger: Trigger;
  /** Is `true` if the event must succeed because it is derived from the example. Other events may fail in KMS. */
  readonly mustSucceed: boolean;
}

export const triggers = [
  'direct',
  'payload 2.0',
  'payload 1.0',
  'payload 2.0 in base64',
  'payload 1.0 in base64',
] as const;
export type Trigger = (typeof triggers)[number];

const scope = 'arn:aws:kms:us-east-1:000000000000:';
const seeded = loadDefaultSeed().Keys;
const aliases = seeded.flatMap(({ Aliases = [] }) => Aliases);
const ids = seeded.map(({ KeyId }) => KeyId);
const names: Names = {
  keys: [...ids, ...aliases, ...ids.map((id) => `${scope}key/${id}`), ...aliases.map((name) => scope + name)],
  aliases: [...aliases, 'alias/example-create', 'alias/not/there'],
};

/** The example values of each member, such as ciphertexts and tokens that KMS accepts. */
const exampleValues = new Map<string, JsonValue[]>();
for (const { example } of operations) {
  for (const [name, value] of Object.entries(example.input)) {
    exampleValues.set(name, [...(exampleValues.get(name) ?? []), value]);
  }
}

/** Values that every operation accepts for a member. They can replace the member's value in the example. */
const free: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
  Limit: fc.integer({ min: 1, max: 100 }),
  NumberOfBytes: fc.integer({ min: 1, max: 1024 }),
  PendingWindowInDays: fc.integer({ min: 7, max: 30 }),
  RotationPeriodInDays: fc.integer({ min: 90, max: 2560 }),
  Description: fc.string({ maxLength: 200 }),
  DryRun: fc.constant(false),
  GrantTokens: fc.constant([]),
  BypassPolicyLockoutSafetyCheck: fc.boolean(),
  IncludeKeyMaterial: fc.constantFrom('ALL_KEY_MATERIAL', 'ROTATIONS_ONLY'),
};
/** Additional values for operations whose input does not contain an earlier result, such as a ciphertext. */
const freeWhenFirst: typeof free = {
  Plaintext: fc.uint8Array({ minLength: 1, maxLength: 4096 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  EncryptionContext: fc.dictionary(fc.stringMatching(/^[A-Za-z][\w:-]{0,20}$/), fc.string({ maxLength: 30 }), {
    maxKeys: 5,
    noNullPrototype: true,
  }),
};

function fromExample(operation: Operation): fc.Arbitrary<JsonObject> {
  const { input } = operation.example;
  const isFirst = !Object.keys(input).some((name) => /^(CiphertextBlob|Signature|Mac)/.test(name));
  const members = Object.keys(operation.input._zod.def.shape).flatMap((name): [string, fc.Arbitrary<JsonValue>][] => {
    const value = input[name];
    // A request must contain either NumberOfBytes or KeySpec.
    const isGiven = name === 'NumberOfBytes' && 'KeySpec' in input;
    const other = isGiven ? undefined : (free[name] ?? (isFirst ? freeWhenFirst[name] : undefined));
    if (other !== undefined) {
      return [[name, value === undefined ? fc.option(other) : fc.oneof(fc.constant(value), other)]];
    }
    if (value === undefined) return [[name, fc.constant(null)]];
    return [[name, fc.constantFrom(...spellings(value))]];
  });
  return fc
    .record(Object.fromEntries(members), { noNullPrototype: true })
    .map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as JsonObject);
}

/** Returns the equivalent key identifiers: the key id and the ARN. */
function spellings(value: JsonValue): JsonValue[] {
  if (typeof value === 'string' && ids.includes(value)) return [value, `${scope}key/${value}`];
  if (value === 'alias/example') return [value, `${scope}${value}`];
  return [value];
}

function fromSchema(operation: Operation): fc.Arbitrary<JsonObject> {
  const shape = operation.input._zod.def.shape;
  const members = Object.keys(shape).map((name) => {
    // Generating a large RSA key takes seconds.
    const values = valuesOf(memberSchema(operation, name), names).filter(
      (value) => typeof value !== 'string' || !/^RSA_(3072|4096)$/.test(value),
    );
    const schema = memberSchema(operation, name);
    const known = exampleValues.get(name)?.filter((value) => z.safeParse(schema as z.ZodMiniType, value).success);
    return [
      name,
      known === undefined || known.length === 0 ? values : fc.oneof(fc.constantFrom(...known), values),
    ] as const;
  });
  const requiredKeys = Object.keys(shape).filter((name) => shape[name]?._zod.def.type !== 'optional');
  const inputs = fc.record(Object.fromEntries(members), { requiredKeys, noNullPrototype: true });
  // The model can contradict itself. For KeyMaterialDescription, the length allows empty text, but the pattern does not.
  return inputs.filter((input) => z.safeParse(operation.input, input).success) as fc.Arbitrary<JsonObject>;
}

function routesFor(operation: Operation, input: JsonObject): Route[] {
  return operation.routes.filter((route) => {
    const locations = Object.keys(input).map((name) => locationOf(operation, route, name));
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    return !locations.includes('unsupported') && inPath.every((name) => name in input);
  });
}

/** Builds an event for a trigger. */
export function buildEvent(operation: Operation, trigger: Trigger, route: Route, input: JsonObject): unknown {
  const event = buildHttpEvent(operation, route, input);
  if (trigger === 'payload 2.0') return event;
  if (trigger === 'payload 1.0') return toV1(event);
  return trigger === 'payload 2.0 in base64' ? encodeBody(event) : toV1(encodeBody(event));
}

function generateEvents(operation: Operation): fc.Arbitrary<ValidEvent> {
  const inputs = fc.oneof(
    { weight: 7, arbitrary: fromExample(operation).map((input) => ({ input, mustSucceed: true })) },
    { weight: 2, arbitrary: fromSchema(operation).map((input) => ({ input, mustSucceed: false })) },
  );
  return fc.tuple(inputs, fc.constantFrom(...triggers), fc.nat()).map(([{ input, mustSucceed }, wanted, number]) => {
    const routes = routesFor(operation, input);
    const route = routes[number % Math.max(routes.length, 1)];
    const trigger = route === undefined || (!hasBody(route) && wanted.endsWith('base64')) ? 'direct' : wanted;
    const event = trigger === 'direct' || route === undefined ? input : buildEvent(operation, trigger, route, input);
    return { operation: operation.name, input, event, trigger, mustSucceed };
  });
}

/** Generates valid events for all operations and triggers. */
export const validEvents: fc.Arbitrary<ValidEvent> = fc.oneof(...operations.map(generateEvents));
