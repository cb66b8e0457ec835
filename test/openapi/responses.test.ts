import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEmulator } from '../../emulator/index.ts';
import { loadDefaultSeed } from '../../emulator/seed/read-seed.ts';
import type { Seed } from '../../emulator/seed/seed-schema.ts';
import {
  hasBody,
  type JsonObject,
  type JsonValue,
  keyMembers,
  locationOf,
  memberNames,
  memberSchema,
  type Operation,
  type Route,
} from '../../shared/declaration/operation.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { hostileValues } from '../support/hostile-events.ts';
import { buildHttpEvent } from '../support/http-events.ts';
import { type LocalStage, startLocalStage } from '../support/local-stage.ts';
import { type DocumentedOperation, documentedOperations, expectToMatch, responseSchema } from '../support/openapi.ts';
import { allOperations, isSoak } from '../support/operations.ts';
import { valuesOf } from '../support/schema-values.ts';
import { seedInAllStates } from '../support/states.ts';

/** The types of keys that the requests use, each in every key state. */
const keyKinds = [
  { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' },
  { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' },
  { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
  { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' },
  { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
  { KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' },
];
const randomRequests = isSoak ? 300 : 4;

/** Identifiers that the default seed does not contain, or that the service rejects. */
const wrongKeys = [
  'alias/not-there',
  '5a4d1e00-0000-4000-8000-00000000dead',
  'mrk-5a4d1e000000400080000000000000ad',
  'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-00000000dead',
  'arn:aws:kms:us-east-1:111122223333:key/5a4d1e00-0000-4000-8000-000000000001',
  'arn:aws:kms:eu-west-1:000000000000:alias/example',
  'arn:aws:kms',
  'alias/aws/s3',
  'alias/',
  '%',
];

const states = seedInAllStates(keyKinds);
const seed: Seed = { ...loadDefaultSeed(), Keys: [...loadDefaultSeed().Keys, ...states.Keys] };
const keyNames = [...seed.Keys.flatMap(({ KeyId, Aliases }) => Aliases?.[0] ?? KeyId), ...wrongKeys];
const names = { keys: keyNames, aliases: ['alias/example', 'alias/new', 'alias/not-there', 'alias/aws/x', 'x'] };

let emulator: Awaited<ReturnType<typeof startEmulator>>;
let stage: LocalStage;

beforeAll(async () => {
  emulator = await startEmulator({ seed });
  setLocalEnvironment(emulator.endpoint);
  stage = await startLocalStage();
});
afterAll(async () => {
  await stage.close();
  await emulator.close();
});

const routes = allOperations.flatMap((operation) =>
  operation.routes.map((route) => {
    const row = documentedOperations.find(({ method, path }) => method === route.method && path === route.path);
    if (row === undefined) throw new Error(`The document does not contain ${route.method} ${route.path}.`);
    return { name: row.name, operation, route, row };
  }),
);

/** Lists inputs that differ from the example in one member: other keys, and values of grants, dry runs and pages. */
function listVariants(operation: Operation): JsonObject[] {
  const { input } = operation.example;
  const withKeys = keyMembers(operation).flatMap((member) =>
    pick(keyNames).map((key) => ({ ...input, [member]: key })),
  );
  const special: Readonly<Record<string, readonly JsonValue[]>> = {
    GrantTokens: [['not-a-grant-token']],
    DryRun: [true],
    Marker: ['not-a-marker'],
    Limit: [0, 1, 1001],
    EncryptionContext: [{ other: 'context' }],
    CustomKeyStoreId: ['cks-00000000000000000'],
    GrantId: ['0'.repeat(64)],
    ImportToken: ['AAAA'],
    PolicyName: ['other'],
    Policy: ['{}', 'not JSON', '{"Version":"2012-10-17","Statement":[]}'],
    KeyMaterialId: ['0'.repeat(64)],
    Recipient: [{ KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: 'AAAA' }],
  };
  const withSpecial = memberNames(operation).flatMap((member) =>
    (special[member] ?? []).map((value) => ({ ...input, [member]: value })),
  );
  return [input, input, ...withKeys, ...withSpecial];
}

/** Selects all items in a full run, and every seventh item in other runs, starting at a different item for each call. */
function pick<T>(items: readonly T[]): readonly T[] {
  pickCount += 1;
  return isSoak ? items : items.filter((_, index) => (index + pickCount) % 7 === 0);
}
let pickCount = 0;

/** Generates inputs that differ from the example in a few members: values that the schema allows, and hostile values. */
function generateVariants(operation: Operation): fc.Arbitrary<JsonObject> {
  const changes = memberNames(operation).map((name) => {
    const allowed = valuesOf(memberSchema(operation, name), names);
    return fc.record({ name: fc.constant(name), value: fc.oneof(allowed, hostileValues), isRemoved: fc.boolean() });
  });
  if (changes.length === 0) return fc.constant({});
  return fc.array(fc.oneof(...changes), { minLength: 1, maxLength: 2 }).map((list) => {
    const input: Record<string, unknown> = { ...operation.example.input };
    for (const { name, value, isRemoved } of list) {
      if (isRemoved) delete input[name];
      else input[name] = value;
    }
    return input as JsonObject;
  });
}

/** Converts the values in the path and the query to text, which is at most as long as API Gateway accepts. */
function toSendable(operation: Operation, route: Route, input: JsonObject): JsonObject {
  const isText = (name: string) => ['path', 'query'].includes(locationOf(operation, route, name));
  const toText = (value: JsonValue) => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 2_000);
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, isText(name) ? toText(value) : value]));
}

/** Sends an input, and expects the document to contain the status, the content type and the body of the response. */
async function expectDocumented(operation: Operation, route: Route, row: DocumentedOperation, variant: JsonObject) {
  const input = toSendable(operation, route, variant);
  const inPath = memberNames(operation).filter((name) => locationOf(operation, route, name) === 'path');
  // Without its path members, a request has another route. A URL cannot contain a lone surrogate.
  if (inPath.some((name) => !/^[^\ud800-\udfff]+$/u.test(String(input[name] ?? '')))) return;
  const { rawPath, rawQueryString, headers, body } = buildHttpEvent(operation, route, input);
  const target = rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`;
  const type = headers['content-type'];
  await expectResponse(row, target, {
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
    ...(body === undefined ? {} : { body }),
  });
}

async function expectResponse(row: DocumentedOperation, target: string, init: RequestInit) {
  const response = await fetch(`${stage.url}${target}`, { method: row.method, ...init });
  const text = await response.text();
  const mediaType = response.headers.get('content-type') ?? '';
  const context = `${row.method} ${target} ${JSON.stringify(init)}: ${response.status} ${text}`.slice(0, 2_000);
  expect(Object.keys(row.responses), context).toContain(String(response.status));
  expect(Object.keys(row.responses[response.status]?.content ?? {}), context).toContain(mediaType);
  counted.set(response.status, (counted.get(response.status) ?? 0) + 1);
  try {
    expectToMatch(responseSchema(row, String(response.status), mediaType), JSON.parse(text));
  } catch (error) {
    throw new Error(`${context}\n${String(error)}`);
  }
}

const counted = new Map<number, number>();

describe('every response is in the OpenAPI document', () => {
  test.for(routes)('$name: other keys, key states and values', async ({ operation, route, row }) => {
    await emulator.restoreSeed();
    for (const input of listVariants(operation)) await expectDocumented(operation, route, row, input);
  });

  test.for(routes)(
    '$name: random and hostile values',
    { timeout: isSoak ? 600_000 : 30_000 },
    async ({ operation, route, row }) => {
      await emulator.restoreSeed();
      const property = fc.asyncProperty(generateVariants(operation), (input) =>
        expectDocumented(operation, route, row, input),
      );
      await fc.assert(property, { numRuns: randomRequests, ...(isSoak ? {} : { seed: 20_260_101 }) });
    },
  );

  const withBody = routes.filter(({ route }) => hasBody(route));
  test.for(pick(withBody))('$name: a request that is too large for API Gateway', async ({ row }) => {
    const target = row.path.replaceAll(/\{\w+\}/g, 'x');
    await expectResponse(row, target, { body: 'x'.repeat(10 * 1024 * 1024 + 1) });
  });

  test('the requests cause successes and errors', () => {
    for (const status of [200, 201, 400, 404, 409, 413])
      expect(counted.get(status) ?? 0, `${status}`).toBeGreaterThan(0);
  });
});
