import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CreateKeyCommand, DisableKeyCommand, type KeySpec, type KeyUsageType } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadDefaultSeed } from '../../../emulator/seed/read-seed.ts';
import type { Seed } from '../../../emulator/seed/seed-schema.ts';
import { generateLookupToken, generateLookupTokenBatch } from '../../../functions/operations.ts';
import { tenancyDefaults } from '../../../shared/config/function-config.ts';
import type { JsonObject } from '../../../shared/declaration/operation.ts';
import { buildBearerEvent, buildDeployedConfig, claimTenancy, createGatewayContext } from '../../support/deployed.ts';
import { readDocBlocks } from '../../support/doc-blocks.ts';
import { useEmulator } from '../../support/emulator.ts';
import { callDirectly, captureRecords, failDirectly } from '../../support/envelope.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { buildHttpEvent } from '../../support/http-events.ts';
import { invoke } from '../../support/outcome.ts';
import { isSoak } from '../../support/soak.ts';

const KeyId = 'alias/example-mac';
const keyArn = (id: string) => `arn:aws:kms:us-east-1:000000000000:key/${id}`;
const exampleArn = keyArn('5a4d1e00-0000-4000-8000-000000000003');
const defaultSeed = loadDefaultSeed();
const material = Buffer.from(defaultSeed.Keys.find(({ Aliases }) => Aliases?.includes(KeyId))?.Material ?? []);
/** Keys of two tenants and one shared key, all with the same material, so that only the domain separates their tokens. */
const tenantKey = (number: number, tenant: string) => ({
  KeyId: `5a4d1e00-0000-4000-8000-00000000f00${number}`,
  KeySpec: 'HMAC_256' as const,
  KeyUsage: 'GENERATE_VERIFY_MAC' as const,
  Material: material,
  Tags: [{ TagKey: tenancyDefaults.tag, TagValue: tenant }],
});
const [keyOfA, keyOfB] = [tenantKey(1, 'a'), tenantKey(2, 'b')];

const seed: Seed = { ...defaultSeed, Keys: [...defaultSeed.Keys, keyOfA, keyOfB] };

const used = useEmulator({ seed });
let kms: FaultProxy;
beforeAll(async () => {
  kms = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(kms.endpoint);
});
afterAll(() => kms.close());
beforeEach(() => {
  kms.fault = 'none';
  kms.requests.clear();
});

interface Parts {
  readonly field: string;
  readonly value: string | Uint8Array;
  readonly version?: number;
  readonly tenant?: string;
  readonly purpose?: string;
  readonly normalizations?: string;
  readonly length?: number;
}

/** Computes a token as the guide describes, from a value that is already normalized. */
function computeToken(parts: Parts, key: Uint8Array = material): string {
  const { field, value, version = 1, tenant = '', purpose = '', normalizations = '', length = 32 } = parts;
  const texts = ['kms-functions/lookup-token/1', `${version}`, tenant, field, purpose, normalizations, `${length}`];
  const domain = createHmac('sha256', key);
  for (const text of texts) {
    const size = Buffer.byteLength(text);
    domain.update(Uint8Array.of(size >>> 24, size >>> 16, size >>> 8, size)).update(text);
  }
  return `v${version}.${createHmac('sha256', domain.digest()).update(value).digest('hex').slice(0, length)}`;
}

interface Vector {
  readonly input: JsonObject & { readonly Field: string; readonly Value: string };
  readonly token: string;
}

const guide = 'docs/guides/lookup-tokens.md';

/** Reads the table of tokens in the guide. */
const vectors: readonly Vector[] = [
  ...readFileSync(guide, 'utf8').matchAll(
    /^\| (\S+) \| ?(\S*) \| ?([A-Z_, ]*) \| (\d+) \| (\d+) \| `(".*")` \| `(v.*)` \|$/gm,
  ),
].map(([, field = '', purpose, names = '', version, length, value = '', token = '']) => ({
  input: {
    Field: field,
    Value: JSON.parse(value) as string,
    TokenVersion: Number(version),
    TokenLength: Number(length),
    ...(purpose && { Purpose: purpose }),
    ...(names.trim() && { Normalization: names.trim().split(', ') }),
  },
  token,
}));

describe('the tokens in the guide', () => {
  test('the guide lists a token for each normalization, and others without one', () => {
    expect(vectors).toHaveLength(8);
    const names = vectors.flatMap(({ input }) => (input.Normalization as string[] | undefined) ?? ['none']);
    expect([...new Set(names)].sort()).toEqual(['LOWER_CASE', 'NFC', 'TRIM', 'none']);
  });

  test.for(vectors)('the operation returns the token $token', async ({ input, token }) => {
    expect(await callDirectly(generateLookupToken, { KeyId, ...input })).toEqual({ Token: token, KeyId: exampleArn });
    const { Field, Value, ...settings } = input;
    const batch = await callDirectly(generateLookupTokenBatch, { KeyId, Field, ...settings, Items: [{ Value }] });
    expect(batch).toEqual({ Results: [{ Token: token }], KeyId: exampleArn });
  });

  test('the tokens follow from the description in the guide', () => {
    const plain = vectors.filter(({ input }) => input.Normalization === undefined);
    expect(plain).toHaveLength(3);
    for (const { input, token } of plain) {
      const { Field: field, Value: value, Purpose: purpose = '', TokenVersion: version } = input;
      expect(computeToken({ field, value, purpose: String(purpose), version: Number(version) })).toBe(token);
    }
  });

  test.runIf(isSoak)("the guide's Python program computes the tokens, with only the standard library", () => {
    const program = readDocBlocks(guide).find(({ language }) => language === 'python')?.code ?? '';
    const call = `
import base64, json, sys
material = base64.b64decode("${material.toString('base64')}")
for v in json.load(sys.stdin):
    print(lookup_token(material, v["Field"], v["Value"], v.get("Normalization", ()), v.get("Purpose", ""), "", v["TokenVersion"], v["TokenLength"]))
`;
    const input = JSON.stringify(vectors.map((vector) => vector.input));
    const output = execFileSync('python3', ['-I', '-c', program + call], { input, encoding: 'utf8' });
    expect(output.trim().split('\n')).toEqual(vectors.map(({ token }) => token));
  });
});

const Field = 'customer.email';

async function generate(input: JsonObject): Promise<string> {
  return (await callDirectly(generateLookupToken, { KeyId, Field, ...input })).Token;
}

describe('equal tokens', () => {
  const equal: readonly (readonly [title: string, JsonObject, JsonObject])[] = [
    ['of a text and its bytes in UTF-8', { Value: 'é' }, { ValueBytes: Buffer.from('é').toString('base64') }],
    [
      'in another order of the normalizations',
      { Value: 'A', Normalization: ['LOWER_CASE', 'TRIM'] },
      { Value: ' a', Normalization: ['TRIM', 'LOWER_CASE', 'TRIM'] },
    ],
    [
      'of composed and decomposed characters, with NFC',
      { Value: 'A\u030a', Normalization: ['NFC'] },
      { Value: '\u00c5', Normalization: ['NFC'] },
    ],
    [
      'of both cases, in every script',
      { Value: 'ÀΣЖ', Normalization: ['LOWER_CASE'] },
      { Value: 'àσж', Normalization: ['LOWER_CASE'] },
    ],
    [
      'of texts whose lower case is not composed',
      { Value: '\u0130\u0323', Normalization: ['NFC', 'LOWER_CASE'] },
      { Value: 'i\u0323\u0307', Normalization: ['NFC', 'LOWER_CASE'] },
    ],
  ];
  test.for(equal)('equal tokens %s', async ([, one, other]) => {
    expect(await generate(one)).toBe(await generate(other));
  });
});

test('white space at both ends is removed with TRIM, which are exactly the 25 characters of the property White_Space', async () => {
  const all = Array.from({ length: 0x11_0000 }, (_, code) =>
    (code & 0xf800) === 0xd800 ? '' : String.fromCodePoint(code),
  );
  const spaces = all.filter((character) => /^\p{White_Space}$/u.test(character));
  expect(spaces).toHaveLength(25);
  const Items = [
    ...spaces.map((space) => ({ Value: `${space}a${space}` })),
    { Value: '\ufeffa' },
    { Value: '\u200ba' },
  ];
  const { Results } = await callDirectly(generateLookupTokenBatch, { KeyId, Field, Normalization: ['TRIM'], Items });
  const tokens: string[] = Results.map(({ Token }: { Token: string }) => Token);
  const expected = computeToken({ field: Field, value: 'a', normalizations: 'TRIM' });
  expect(tokens.slice(0, 25)).toEqual(spaces.map(() => expected));
  expect(tokens.slice(25)).not.toContain(expected);
});

describe('tokens of the same value', () => {
  const base = { Value: 'a' };
  const other: readonly (readonly [title: string, JsonObject])[] = [
    ['field', { Field: 'customer.phone' }],
    ['purpose', { Purpose: 'billing' }],
    ['version', { TokenVersion: 2 }],
    ['normalization, even if it changes nothing', { Normalization: ['NFC'] }],
    ['length', { TokenLength: 31 }],
  ];
  test.for(other)('tokens of the same value are unrelated for another %s', async ([, change]) => {
    const [one, two] = [await generate(base), await generate({ ...base, ...change })];
    const digits = (token: string) => token.replace(/^v\d+\./, '').slice(0, 8);
    expect(digits(two)).not.toBe(digits(one));
  });

  test('two domains never have the same encoding', async () => {
    const name = fc.stringMatching(/^[a-z.,:]{1,6}$/).map((text) => text.replaceAll(',', '-'));
    const domain = fc.record({
      Field: name,
      Purpose: fc.option(name, { nil: undefined }),
      TokenVersion: fc.integer({ min: 1, max: 12 }),
      TokenLength: fc.constantFrom(63, 64),
    });
    const seen = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(domain, async (settings) => {
        const { Purpose, ...rest } = settings;
        const input = { ...rest, ...(Purpose !== undefined && { Purpose }), Value: 'x' };
        const digits = (await generate(input)).replace(/^v\d+\./, '').slice(0, 63);
        const key = JSON.stringify(input);
        expect(seen.get(digits) ?? key).toBe(key);
        seen.set(digits, key);
      }),
      { numRuns: isSoak ? 2_000 : 100 },
    );
  });
});

describe('versions', () => {
  test('tokens of earlier versions are returned with the tokens that those versions had', async () => {
    const { KeyMetadata } = await used.client.send(
      new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
    );
    const newKey = KeyMetadata?.Arn ?? '';
    const first = await generate({ Value: 'a' });
    const second = await generate({ KeyId: newKey, Value: 'a', TokenVersion: 2 });
    const rotation = { KeyId: newKey, Field, TokenVersion: 2, PreviousKeyIds: [KeyId] };
    const keys = { KeyId: newKey, PreviousKeyIds: [exampleArn] };
    expect(await callDirectly(generateLookupToken, { ...rotation, Value: 'a' })).toEqual({
      Token: second,
      PreviousTokens: [first],
      ...keys,
    });
    kms.requests.clear();
    const Items = Array.from({ length: 50 }, (_, index) => ({
      Reference: `r${index}`,
      Value: index === 7 ? 'a' : `${index}`,
    }));
    const { Results, ...usedKeys } = await callDirectly(generateLookupTokenBatch, { ...rotation, Items });
    expect(usedKeys).toEqual(keys);
    expect(Results).toHaveLength(50);
    expect(Results[7]).toEqual({ Reference: 'r7', Token: second, PreviousTokens: [first] });
    expect([...kms.requests]).toEqual([['GenerateMac', 2]]);
  });

  test('the same key has unrelated tokens in each version', async () => {
    const input = { KeyId, Field, Value: 'a', TokenVersion: 3, PreviousKeyIds: [KeyId, KeyId] };
    const { Token, PreviousTokens } = await callDirectly(generateLookupToken, input);
    const expected = [3, 2, 1].map((version) => computeToken({ field: Field, value: 'a', version }));
    expect([Token, ...PreviousTokens]).toEqual(expected);
  });

  test('an error of an earlier key names its place in the request', async () => {
    const elsewhere = exampleArn.replace('us-east-1', 'eu-west-1');
    const input = { KeyId, Field, Value: 'a', TokenVersion: 3, PreviousKeyIds: [KeyId, elsewhere] };
    expect(await failDirectly(generateLookupToken, input)).toContain('/PreviousKeyIds/1');
  });
});

describe('rejected requests', () => {
  const value = { Value: 'a' };
  const cases: readonly (readonly [title: string, JsonObject, expected: string])[] = [
    ['without a value', {}, '/Value is required, unless the request contains ValueBytes'],
    ['with two values', { ...value, ValueBytes: 'YQ==' }, '/ValueBytes must not be combined with Value'],
    [
      'with bytes to normalize',
      { ValueBytes: 'YQ==', Normalization: ['TRIM'] },
      '/ValueBytes must not be combined with Normalization',
    ],
    ['with an empty value', { Value: '' }, '/Value must have at least 1 character'],
    [
      'with nothing but white space',
      { Value: ' \t', Normalization: ['TRIM'] },
      '/Value must not consist only of white space',
    ],
    ['with a lone surrogate', { Value: 'a\ud800' }, '/Value must be well-formed Unicode'],
    [
      'with a character that does not exist',
      { Value: 'a\u0378', Normalization: ['NFC'] },
      '/Value contains a character',
    ],
    [
      'with an unknown normalization',
      { ...value, Normalization: ['UPPER_CASE'] },
      'must be one of TRIM, NFC, LOWER_CASE',
    ],
    ['with a short token', { ...value, TokenLength: 1 }, '/TokenLength must be at least 2'],
    ['with a long token', { ...value, TokenLength: 65 }, '/TokenLength must be at most 64'],
    ['with a field outside ASCII', { ...value, Field: 'é' }, '/Field must match'],
    [
      'with more earlier keys than earlier versions',
      { ...value, PreviousKeyIds: [KeyId] },
      '/PreviousKeyIds must have fewer items than TokenVersion',
    ],
  ];
  test.for(cases)('a request %s is rejected before KMS is called', async ([, change, expected]) => {
    const error = await failDirectly(generateLookupToken, { KeyId, Field, ...change });
    expect(error).toContain('ValidationException');
    expect(error).toContain(expected);
    expect([...kms.requests]).toEqual([]);
  });

  test('a batch reports all invalid values with their places, and no value', async () => {
    const Items = [{ Value: 'valid' }, { Value: 'canary\udc00' }, { Reference: '3' }];
    const event = buildHttpEvent(generateLookupTokenBatch, generateLookupTokenBatch.routes[0], { KeyId, Field, Items });
    const outcome = await invoke(await loadHandler(generateLookupTokenBatch), event);
    expect(outcome).toMatchObject({
      ok: false,
      problem: {
        status: 400,
        errors: [
          { pointer: '/Items/1/Value', detail: 'must be well-formed Unicode' },
          { pointer: '/Items/2/Value', detail: 'is required, unless the request contains ValueBytes' },
        ],
      },
    });
    expect(JSON.stringify(outcome)).not.toContain('canary');
  });

  test('a batch accepts 2,000 values with the longest references, and rejects 2,001', async () => {
    const Reference = '\u0001'.repeat(128);
    const items = (length: number) => Array.from({ length }, (_, index) => ({ Reference, Value: `${index}` }));
    const versions = { TokenLength: 64, TokenVersion: 9_999, PreviousKeyIds: [KeyId, KeyId, KeyId, KeyId] };
    const event = (length: number) =>
      buildHttpEvent(generateLookupTokenBatch, generateLookupTokenBatch.routes[0], {
        ...{ KeyId, Field, ...versions },
        Items: items(length),
      });
    const handler = await loadHandler(generateLookupTokenBatch);
    const longest = await invoke(handler, event(2_000));
    expect(longest).toMatchObject({ ok: true });
    // The limit of a Lambda function's response. Lambda encodes the body as a string in JSON.
    const body = JSON.stringify((longest as { body: unknown }).body);
    expect(JSON.stringify({ body }).length).toBeLessThan(6_291_556);
    expect(await invoke(handler, event(2_001))).toMatchObject({
      ok: false,
      problem: { status: 400, errors: [{ pointer: '/Items', detail: 'must have at most 2000 items' }] },
    });
  });

  test.for([
    ['HMAC_384', 'GENERATE_VERIFY_MAC'],
    ['HMAC_512', 'GENERATE_VERIFY_MAC'],
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'],
  ] satisfies [KeySpec, KeyUsageType][])(
    'a key with the key spec %s is rejected, and the message states the required key spec',
    async ([KeySpec, KeyUsage]) => {
      const { KeyMetadata } = await used.client.send(new CreateKeyCommand({ KeySpec, KeyUsage }));
      const wrong = KeyMetadata?.Arn ?? '';
      const error = await failDirectly(generateLookupToken, { KeyId: wrong, Field, Value: 'a' });
      expect(error).toContain('InvalidKeyUsageException: /KeyId must be an HMAC key with the key spec HMAC_256.');
      const previous = { KeyId, Field, Value: 'a', TokenVersion: 2, PreviousKeyIds: [wrong] };
      expect(await failDirectly(generateLookupToken, previous)).toContain('/PreviousKeyIds/0 must be an HMAC key');
    },
  );

  test('a disabled key is rejected', async () => {
    const command = new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const { KeyMetadata } = await used.client.send(command);
    await used.client.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    const input = { KeyId: KeyMetadata?.KeyId ?? '', Field, Value: 'a' };
    expect(await failDirectly(generateLookupToken, input)).toContain('DisabledException');
  });
});

describe('tenants', () => {
  const config = () => buildDeployedConfig({ auth: 'jwt', tenancy: claimTenancy });
  const callAs = async (tenant: string, input: JsonObject) =>
    invoke(
      await loadHandler(generateLookupToken, config()),
      buildBearerEvent(generateLookupToken, { tenant_id: tenant }, { Field, Value: 'a', ...input }),
      createGatewayContext(),
    );

  test('the tenant of the caller is part of the domain, even if two tenants have keys with the same material', async () => {
    const [ofA, ofB] = [await callAs('a', { KeyId: keyOfA.KeyId }), await callAs('b', { KeyId: keyOfB.KeyId })];
    expect(ofA).toMatchObject({ ok: true, body: { Token: computeToken({ field: Field, value: 'a', tenant: 'a' }) } });
    expect(ofB).toMatchObject({ ok: true, body: { Token: computeToken({ field: Field, value: 'a', tenant: 'b' }) } });
  });

  test.for([
    ['the key of another tenant', { KeyId: keyOfB.KeyId }, '/KeyId'],
    ['a key without a tenant', { KeyId: exampleArn }, '/KeyId'],
    [
      'the key of another tenant for an earlier version',
      { KeyId: keyOfA.KeyId, TokenVersion: 2, PreviousKeyIds: [keyOfB.KeyId] },
      '/PreviousKeyIds/0',
    ],
  ] as const)('a caller cannot use %s', async ([, input, pointer]) => {
    const outcome = await callAs('a', input);
    expect(outcome).toMatchObject({ ok: false, code: 'CallerNotAllowedError', problem: { status: 403 } });
    expect(outcome.text).toContain(pointer);
    expect(kms.requests.has('GenerateMac')).toBe(false);
  });

  test('a request cannot state a tenant', async () => {
    const outcome = await callAs('a', { KeyId: keyOfA.KeyId, Tenant: 'b' });
    expect(outcome).toMatchObject({ ok: false, problem: { status: 400, errors: [{ pointer: '/Tenant' }] } });
  });
});

test('the record of a call contains its keys, but neither values nor tokens', async () => {
  const canary = 'TokenCanary5tGb8Ws';
  let tokens: string[] = [];
  const records = await captureRecords(async () => {
    const input = { KeyId, Field, TokenVersion: 2, PreviousKeyIds: [exampleArn] };
    const { Token, PreviousTokens } = await callDirectly(generateLookupToken, { ...input, Value: canary });
    await callDirectly(generateLookupTokenBatch, { ...input, Items: [{ Reference: canary, Value: canary }] });
    tokens = [Token, ...PreviousTokens];
  });
  expect(records).toHaveLength(2);
  expect(records[0]).toMatchObject({ keys: [KeyId, exampleArn], usedKeys: [exampleArn], attempts: 2, outcome: 'OK' });
  const text = JSON.stringify(records);
  for (const token of tokens) expect(text).not.toContain(token.slice(3));
  for (const spelling of [
    canary,
    Buffer.from(canary).toString('hex'),
    Buffer.from(canary).toString('base64').slice(0, -4),
  ])
    expect(text).not.toContain(spelling);
});
