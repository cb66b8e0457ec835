import fc from 'fast-check';
import { type JsonObject, memberNames, type Operation } from '../../shared/declaration/operation.ts';
import { buildHttpEvent, encodeBody, toV1 } from './http-events.ts';
import { operations } from './operations.ts';

/** The text that identifies planted values. A response with this text repeats a value from the request. */
export const canaryCore = 'anary0123456789';

export interface HostileEvent {
  /** The operation's name. */
  readonly operation: string;
  readonly event: unknown;
}

const canaries = fc.constantFrom(
  `C${canaryCore}`,
  `c${canaryCore}`,
  `C${canaryCore} 'quoted' at "once"`,
  `C${canaryCore}\n\tat file.js:1:1`,
  `alias/c${canaryCore}`,
  `arn:aws:kms:us-west-2:000000000000:key/c${canaryCore}`,
  `arn:aws:kms:us-west-2:000000000000:alias/C${canaryCore}`,
  `arn:aws:kms:us-west-2:000000000000:c${canaryCore}`,
  `arn:c${canaryCore}:kms:us-west-2:000000000000:key/x`,
  `arn:aws:kms:us-west-2:000000000000:key/5a4d1e00-0000-4000-8000-000000000001/C${canaryCore}`,
  Buffer.from(`C${canaryCore}`).toString('base64'),
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: `C${canaryCore}` }] }),
  `\u{1F511}C${canaryCore}\u0000`,
  `C${canaryCore}\ud800`,
  `${'x'.repeat(9000)}C${canaryCore}`,
);
/** The names that a pointer must not repeat. A member name consists of letters and starts with a capital letter. */
const names = fc.constantFrom(
  `c${canaryCore}`,
  `C${canaryCore}`,
  `C_${canaryCore}`,
  `C${canaryCore}/x`,
  '',
  'constructor',
  'toString',
  '0',
  '$metadata',
);

/** Generates values that no operation expects. */
export const hostileValues: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: canaries },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, 0, -1, 1.5, 1e308, '', [], {}, [[]], [null]) },
  { weight: 1, arbitrary: fc.dictionary(names, canaries, { maxKeys: 3, noNullPrototype: true }) },
  { weight: 1, arbitrary: fc.array(canaries, { maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constant({ toString: 1, valueOf: 1, toJSON: 1, length: 1e9 }) },
  {
    weight: 1,
    arbitrary: fc.constant(JSON.parse(`{"__proto__":{"c":"C${canaryCore}"},"constructor":{"prototype":{}}}`)),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 200 }).map((depth) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`)),
  },
);

type Json = Record<string, unknown> | unknown[];

/** Copies a document, and replaces, adds or removes one member. */
function mutate(document: unknown, pick: number, value: unknown, name: string, how: string): unknown {
  const copy = structuredClone(document);
  const locations: { holder: Json; key: string | number }[] = [];
  const walk = (holder: Json) => {
    for (const key of Object.keys(holder)) {
      locations.push({ holder, key });
      const inner = (holder as Record<string, unknown>)[key];
      if (typeof inner === 'object' && inner !== null) walk(inner as Json);
    }
  };
  walk(copy as Json);
  const location = locations[pick % Math.max(locations.length, 1)];
  if (location === undefined || how === 'add at the top') return define(copy as Json, name, value);
  const holder = location.holder as Record<string, unknown>;
  if (how === 'remove') delete holder[location.key];
  else if (how === 'add') define(holder, name, value);
  else if (how === 'add below') {
    const inner = holder[location.key];
    define(typeof inner === 'object' && inner !== null ? (inner as Json) : holder, name, value);
  } else define(holder, String(location.key), value);
  return copy;
}

function define(holder: Json, name: string, value: unknown): Json {
  return Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

const ways = fc.constantFrom('replace', 'replace', 'replace', 'add', 'add below', 'add at the top', 'remove');
const addedNames = fc.oneof(names, fc.constant('__proto__'));

function generateMutations(document: unknown): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.nat(), hostileValues, addedNames, ways)
    .map(([pick, value, name, how]) => mutate(document, pick, value, name, how));
}

/** Generates variants of the example with invalid values in its own members and in other members. */
function generateInputs(operation: Operation): fc.Arbitrary<unknown> {
  const members = fc
    .tuple(fc.constantFrom(...memberNames(operation), 'EncryptionContext', 'GrantTokens', 'Tags'), hostileValues)
    .map(([name, value]) => ({ ...operation.example.input, [name]: value }));
  const entries = fc
    .tuple(
      fc.oneof(names, canaries),
      hostileValues,
      fc.constantFrom('EncryptionContext', 'SourceEncryptionContext', 'DestinationEncryptionContext'),
    )
    .map(([name, value, map]) => ({ ...operation.example.input, [map]: define({}, name, value) }));
  const withMaps = memberNames(operation).some((name) => name.endsWith('EncryptionContext')) ? [entries] : [];
  return fc.oneof(generateMutations(operation.example.input), members, ...withMaps);
}

const rawBodies: fc.Arbitrary<{ body: unknown; isBase64Encoded?: unknown }> = fc.oneof(
  canaries.map((body) => ({ body })),
  canaries.map((body) => ({ body: `{"Plaintext":"${body}` })),
  canaries.map((body) => ({ body: `{"${body}":}` })),
  fc.json().map((body) => ({ body })),
  fc
    .uint8Array({ maxLength: 200 })
    .map((bytes) => ({ body: Buffer.from(bytes).toString('base64'), isBase64Encoded: true })),
  fc.uint8Array({ maxLength: 50 }).map((bytes) => ({
    body: Buffer.concat([Buffer.from(`{"Plaintext":"C${canaryCore}`), Buffer.from(bytes), Buffer.from('"}')]).toString(
      'base64',
    ),
    isBase64Encoded: true,
  })),
  canaries.map((body) => ({ body, isBase64Encoded: true })),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ body: Buffer.from(bytes).toString('latin1') })),
  fc.constant({ body: undefined }),
);

const contentTypes = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'text/plain',
  `application/c${canaryCore}`,
  `c${canaryCore}`,
  '',
);

const queries = fc.oneof(
  fc
    .tuple(fc.oneof(names, fc.constantFrom('Limit', 'Marker', 'KeyId')), canaries)
    .map((pair) => new URLSearchParams([pair]).toString()),
  fc.constantFrom('%', '%zz=%ff', '&&&', '=', `Limit=1&Limit=c${canaryCore}`, `__proto__=c${canaryCore}`, 'a[b]=c'),
);

function generateHttpEvents(operation: Operation): fc.Arbitrary<unknown> {
  return fc.nat().chain((number) => {
    const route = operation.routes[number % operation.routes.length] ?? operation.routes[0];
    const event = buildHttpEvent(operation, route);
    const forms = fc.constantFrom<(event: never) => unknown>((same) => same, toV1, encodeBody);
    const broken = fc.oneof(
      generateInputs(operation).map((input) => ({
        ...event,
        body: JSON.stringify(withoutPath(route.path, input as JsonObject)),
      })),
      generateInputs(operation).map((input) => ({ ...event, pathParameters: input })),
      generateInputs(operation).map((input) => ({
        ...toV1(event),
        queryStringParameters: input,
        multiValueQueryStringParameters: null,
      })),
      hostileValues.map((value) => ({
        ...toV1(event),
        multiValueQueryStringParameters: { Limit: [value], Marker: value, KeyId: [value, value] },
      })),
      rawBodies.map((body) => ({ ...event, headers: { 'content-type': 'application/json' }, ...body })),
      fc
        .tuple(rawBodies, contentTypes)
        .map(([body, type]) => ({ ...event, headers: { 'content-type': type }, ...body })),
      queries.map((rawQueryString) => ({ ...event, rawQueryString })),
      canaries.map((routeKey) => ({ ...event, routeKey })),
      canaries.map((segment) => ({
        ...event,
        pathParameters: { KeyId: segment, AliasName: segment, SourceKeyId: segment },
      })),
    );
    return fc.oneof(
      {
        weight: 5,
        arbitrary: fc.tuple(broken, forms).map(([one, form]) => ('httpMethod' in one ? one : form(one as never))),
      },
      { weight: 2, arbitrary: generateMutations(event) },
      { weight: 1, arbitrary: generateMutations(toV1(event)) },
    );
  });
}

/** Removes the path parameters from an input, so that most events have each member in one location. */
function withoutPath(path: string, input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([name]) => !path.includes(`{${name}}`)));
}

const anything = fc.oneof(fc.jsonValue(), canaries, hostileValues, fc.array(hostileValues, { maxLength: 3 }));

function generateEvents(operation: Operation): fc.Arbitrary<HostileEvent> {
  const events = fc.oneof(
    { weight: 4, arbitrary: generateInputs(operation) },
    { weight: 7, arbitrary: generateHttpEvents(operation) },
    { weight: 1, arbitrary: anything },
  );
  return events.map((event) => ({ operation: operation.name, event }));
}

const sizesBytes = [1024 * 1024 - 64, 1024 * 1024 + 1, 3_000_000, 6_000_000];

function generateLargeEvents(operation: Operation): fc.Arbitrary<HostileEvent> {
  const event = buildHttpEvent(operation, operation.routes[0]);
  const headers = { 'content-type': 'application/json' };
  return fc.tuple(fc.constantFrom(...sizesBytes), fc.nat(4)).map(([bytes, form]) => {
    const text = `c${canaryCore}`.repeat(Math.ceil(bytes / (canaryCore.length + 1)));
    const body = JSON.stringify({ EncryptionContext: { a: text } });
    const forms = [
      { ...operation.example.input, Description: text },
      { ...event, headers, body },
      { ...event, headers, body: Buffer.from(body).toString('base64'), isBase64Encoded: true },
      { ...event, rawQueryString: `Marker=${text}` },
      { ...toV1(event), headers, body: `[${'[],'.repeat(bytes / 3)}[]]` },
    ];
    return { operation: operation.name, event: forms[form] };
  });
}

/** Generates hostile events, including arbitrary JSON values, which Lambda accepts as events. */
export const hostileEvents: fc.Arbitrary<HostileEvent> = fc.oneof(
  { weight: 300, arbitrary: fc.oneof(...operations.map(generateEvents)) },
  { weight: 1, arbitrary: fc.oneof(...operations.map(generateLargeEvents)) },
);
