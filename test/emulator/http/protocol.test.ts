import { describe, expect, test } from 'vitest';
import { rawCall } from '../../support/call.ts';
import { useEmulator } from '../../support/emulator.ts';

const used = useEmulator();
const call = (...args: Parameters<typeof rawCall> extends [string, ...infer Rest] ? Rest : never) =>
  rawCall(used.emulator.endpoint, ...args);

test('a response contains the KMS headers', async () => {
  const { status, headers, json } = await call('ListKeys', { Limit: 1 });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers.get('cache-control')).toContain('no-store');
  expect(Date.parse(headers.get('date') ?? '')).toBeGreaterThan(Date.now() - 60_000);
  expect(json.Truncated).toBe(true);
});

test('an operation without output returns an empty body', async () => {
  const { status, text } = await call('DisableKey', { KeyId: '5a4d1e00-0000-4000-8000-000000000103' });
  expect([status, text]).toEqual([200, '']);
});

test('a response contains times as seconds since 1970', async () => {
  const { json } = await call('DescribeKey', { KeyId: 'alias/example' });
  expect((json.KeyMetadata as { CreationDate: number }).CreationDate).toBe(Date.UTC(2024, 0, 1) / 1000);
});

test('a response omits absent members instead of returning null', async () => {
  const { text } = await call('DescribeKey', { KeyId: 'alias/example' });
  expect(text).not.toContain('null');
});

const example = { KeyId: 'alias/example', Plaintext: 'aGVsbG8=' };

test.each([
  ['ignores an unknown member', { ...example, Unknown: { deep: [1] } }],
  [
    'treats null as an absent optional member',
    { ...example, EncryptionContext: null, GrantTokens: null, DryRun: null },
  ],
])('Encrypt %s', async (_, body) => {
  expect((await call('Encrypt', body)).status).toBe(200);
});

const deep = (member: string) => `{"${member}":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

test('Encrypt ignores an unknown member with 100,000 nested lists', async () => {
  const { json } = await call('Encrypt', deep('Unknown').replace('{', `{"KeyId":"alias/example","Plaintext":"aGk=",`));
  expect(json.EncryptionAlgorithm).toBe('SYMMETRIC_DEFAULT');
});

test('Encrypt rejects more than 10 grant tokens if one of them is 5,000 nested lists', async () => {
  const tokens = `[${'"t",'.repeat(10)}${'['.repeat(5_000)}${']'.repeat(5_000)}]`;
  const body = `{"KeyId":"alias/example","Plaintext":"aGk=","GrantTokens":${tokens}}`;
  const { status, json } = await call('Encrypt', body);
  expect([status, json.__type]).toEqual([400, 'SerializationException']);
});

test.each(['Action', 'Resource', 'Principal', 'Condition'])(
  'PutKeyPolicy rejects a policy with 15,000 nested lists in %s',
  async (element) => {
    const lists = `${'['.repeat(15_000)}${']'.repeat(15_000)}`;
    const value = { Principal: `{"AWS":${lists}}`, Condition: `{"StringEquals":{"kms:ViaService":${lists}}}` }[element];
    const statement = JSON.stringify({ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*', [element]: 0 });
    const Policy = `{"Version":"2012-10-17","Statement":${statement.replace(`"${element}":0`, `"${element}":${value ?? lists}`)}}`;
    const { status, json } = await call('PutKeyPolicy', { KeyId: '5a4d1e00-0000-4000-8000-000000000001', Policy });
    expect([status, json.__type]).toEqual([400, 'MalformedPolicyDocumentException']);
  },
);

test.each(['/?Action=GetCallerIdentity', '/keys', '/_kms'])(
  'a GET request for %s returns UnknownOperationException',
  async (path) => {
    const response = await fetch(new URL(path, used.emulator.endpoint));
    expect([response.status, await response.json()]).toEqual([400, { __type: 'UnknownOperationException' }]);
  },
);

describe('the KMS endpoint', () => {
  const headers = (changed: Record<string, string>) => ({ headers: changed });
  test.each([
    ['no target', undefined, example, {}, 'UnknownOperationException'],
    ['an unknown operation', 'Enc', example, {}, 'UnknownOperationException'],
    [
      'a target in another service',
      undefined,
      example,
      headers({ 'x-amz-target': 'Kinesis.Encrypt' }),
      'UnknownOperationException',
    ],
    ['no authorization', 'Encrypt', example, headers({ authorization: '' }), 'MissingAuthenticationTokenException'],
    [
      'an unknown authorization scheme',
      'Encrypt',
      example,
      headers({ authorization: 'Basic eA==' }),
      'IncompleteSignatureException',
    ],
    ['a body that is not JSON', 'Encrypt', '{', {}, 'SerializationException'],
    ['an unsupported method', 'Encrypt', example, { method: 'PUT' }, 'UnknownOperationException'],
    [
      'a target with different capitalization',
      undefined,
      example,
      headers({ 'x-amz-target': 'trentservice.Encrypt' }),
      'UnknownOperationException',
    ],
    ['a body that is too large', 'Encrypt', ' '.repeat(1024 * 1024 + 1), {}, 'RequestEntityTooLargeException'],
    ['500,000 opening brackets', 'Encrypt', '['.repeat(500_000), {}, 'SerializationException'],
    ['a member 100,000 levels deep', 'Encrypt', deep('KeyId'), {}, 'SerializationException'],
    ['a list as its body', 'Encrypt', '[]', {}, 'SerializationException'],
    ['a string as its body', 'Encrypt', '"x"', {}, 'SerializationException'],
    ['null as its body', 'Encrypt', 'null', {}, 'SerializationException'],
    ['a number instead of a string', 'Encrypt', { ...example, KeyId: 1 }, {}, 'SerializationException'],
    ['a string instead of a map', 'Encrypt', { ...example, EncryptionContext: 'x' }, {}, 'SerializationException'],
    ['a number in a map', 'Encrypt', { ...example, EncryptionContext: { a: 1 } }, {}, 'SerializationException'],
    ['a map instead of a list', 'Encrypt', { ...example, GrantTokens: {} }, {}, 'SerializationException'],
    ['a string instead of a boolean', 'Encrypt', { ...example, DryRun: 'true' }, {}, 'SerializationException'],
    ['a string instead of a number', 'ListKeys', { Limit: '1' }, {}, 'SerializationException'],
    ['invalid base64', 'Encrypt', { ...example, Plaintext: '!' }, {}, 'SerializationException'],
  ] as const)('the KMS endpoint rejects a request with %s', async (_, operation, body, init, code) => {
    const { status, json } = await call(operation, body, init);
    expect([status, json.__type]).toEqual([400, code]);
  });
});

describe('input validation', () => {
  const one = (text: string) => `1 validation error detected: ${text}`;
  test.each([
    [
      'a missing member',
      'Encrypt',
      { KeyId: 'a' },
      one("Value at 'plaintext' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'an empty string',
      'DescribeKey',
      { KeyId: '' },
      `2 validation errors detected: Value '' at 'keyId' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'keyId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^\\p{ASCII}+$`,
    ],
    [
      'a string that is not ASCII',
      'DescribeKey',
      { KeyId: 'キー' },
      one(
        "Value 'キー' at 'keyId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^\\p{ASCII}+$",
      ),
    ],
    [
      'a blob that is too long',
      'Encrypt',
      { ...example, Plaintext: Buffer.alloc(4097).toString('base64') },
      one("Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096"),
    ],
    [
      'a number that is too small',
      'ListKeys',
      { Limit: 0 },
      one("Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ],
    [
      'a number that is too large',
      'GenerateRandom',
      { NumberOfBytes: 1025 },
      one(
        "Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024",
      ),
    ],
    [
      'a value that is not in the enumeration',
      'ListKeyRotations',
      { KeyId: 'a', IncludeKeyMaterial: 'X' },
      one(
        "Value 'X' at 'includeKeyMaterial' failed to satisfy constraint: Member must satisfy enum value set: [ALL_KEY_MATERIAL, ROTATIONS_ONLY]",
      ),
    ],
    [
      'a string that does not match its pattern',
      'DeleteAlias',
      { AliasName: 'alias/ä' },
      one(
        "Value 'alias/ä' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
      ),
    ],
    [
      'an invalid member in a list of structures',
      'CreateKey',
      { Tags: [{ TagKey: 'a'.repeat(129), TagValue: '' }] },
      one(
        `Value '${'a'.repeat(129)}' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128`,
      ),
    ],
    [
      'an invalid string in a list',
      'Encrypt',
      { ...example, GrantTokens: [''] },
      one(
        "Value '[]' at 'grantTokens' failed to satisfy constraint: Member must satisfy constraint: [Member must have length greater than or equal to 1]",
      ),
    ],
    [
      'a list that is too long',
      'Encrypt',
      { ...example, GrantTokens: Array(11).fill('a') },
      one(
        "Value '[a, a, a, a, a, a, a, a, a, a, a]' at 'grantTokens' failed to satisfy constraint: Member must have length less than or equal to 10",
      ),
    ],
  ])('input validation returns the AWS message for %s', async (_, operation, body, message) => {
    const { status, json } = await call(operation, body);
    expect([status, json.__type, json.message]).toEqual([400, 'ValidationException', message]);
  });

  test('input validation reports all violations in one message', async () => {
    const { json } = await call('Encrypt', {});
    expect(json.message).toBe(
      "2 validation errors detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null; Value at 'plaintext' failed to satisfy constraint: Member must not be null",
    );
  });
});
