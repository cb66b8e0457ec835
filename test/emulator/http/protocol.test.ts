import { describe, expect, test } from 'vitest';
import { rawCall } from '../../support/call.ts';
import { useEmulator } from '../../support/emulator.ts';

const used = useEmulator();
const call = (...args: Parameters<typeof rawCall> extends [string, ...infer Rest] ? Rest : never) =>
  rawCall(used.emulator.endpoint, ...args);

test('a response has the headers of KMS', async () => {
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

test('times are seconds since 1970', async () => {
  const { json } = await call('DescribeKey', { KeyId: 'alias/example' });
  expect((json.KeyMetadata as { CreationDate: number }).CreationDate).toBe(Date.UTC(2024, 0, 1) / 1000);
});

test('a response has no null members', async () => {
  const { text } = await call('DescribeKey', { KeyId: 'alias/example' });
  expect(text).not.toContain('null');
});

const example = { KeyId: 'alias/example', Plaintext: 'aGVsbG8=' };

test.each([
  ['an unknown member is ignored', { ...example, Unknown: { deep: [1] } }],
  [
    'null for an optional member means absent',
    { ...example, EncryptionContext: null, GrantTokens: null, DryRun: null },
  ],
])('%s', async (_, body) => {
  expect((await call('Encrypt', body)).status).toBe(200);
});

const deep = (member: string) => `{"${member}":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

test('an unknown member is ignored at any depth', async () => {
  const { json } = await call('Encrypt', deep('Unknown').replace('{', `{"KeyId":"alias/example","Plaintext":"aGk=",`));
  expect(json.EncryptionAlgorithm).toBe('SYMMETRIC_DEFAULT');
});

test('returns UnknownOperationException for GET', async () => {
  const response = await fetch(used.emulator.endpoint);
  expect([response.status, await response.json()]).toEqual([400, { __type: 'UnknownOperationException' }]);
});

describe('rejects a request with', () => {
  const headers = (changed: Record<string, string>) => ({ headers: changed });
  test.each([
    ['no target', undefined, example, {}, 'UnknownOperationException'],
    ['an unknown operation', 'Enc', example, {}, 'UnknownOperationException'],
    [
      'another service',
      undefined,
      example,
      headers({ 'x-amz-target': 'Kinesis.Encrypt' }),
      'UnknownOperationException',
    ],
    ['no authorization', 'Encrypt', example, headers({ authorization: '' }), 'MissingAuthenticationTokenException'],
    [
      'an unknown kind of authorization',
      'Encrypt',
      example,
      headers({ authorization: 'Basic eA==' }),
      'IncompleteSignatureException',
    ],
    ['a body that is not JSON', 'Encrypt', '{', {}, 'SerializationException'],
    ['another method', 'Encrypt', example, { method: 'PUT' }, 'UnknownOperationException'],
    [
      'a target in another case',
      undefined,
      example,
      headers({ 'x-amz-target': 'trentservice.Encrypt' }),
      'UnknownOperationException',
    ],
    ['a body that is too large', 'Encrypt', ' '.repeat(1024 * 1024 + 1), {}, 'RequestEntityTooLargeException'],
    ['500,000 open brackets', 'Encrypt', '['.repeat(500_000), {}, 'SerializationException'],
    ['a member 100,000 levels deep', 'Encrypt', deep('KeyId'), {}, 'SerializationException'],
    ['a list', 'Encrypt', '[]', {}, 'SerializationException'],
    ['a string', 'Encrypt', '"x"', {}, 'SerializationException'],
    ['null', 'Encrypt', 'null', {}, 'SerializationException'],
    ['a number instead of a string', 'Encrypt', { ...example, KeyId: 1 }, {}, 'SerializationException'],
    ['a string instead of a map', 'Encrypt', { ...example, EncryptionContext: 'x' }, {}, 'SerializationException'],
    ['a number in a map', 'Encrypt', { ...example, EncryptionContext: { a: 1 } }, {}, 'SerializationException'],
    ['a map instead of a list', 'Encrypt', { ...example, GrantTokens: {} }, {}, 'SerializationException'],
    ['a string instead of a boolean', 'Encrypt', { ...example, DryRun: 'true' }, {}, 'SerializationException'],
    ['a string instead of a number', 'ListKeys', { Limit: '1' }, {}, 'SerializationException'],
    ['invalid base64', 'Encrypt', { ...example, Plaintext: '!' }, {}, 'SerializationException'],
  ] as const)('%s', async (_, operation, body, init, code) => {
    const { status, json } = await call(operation, body, init);
    expect([status, json.__type]).toEqual([400, code]);
  });
});

describe('reports violated constraints in the words of AWS', () => {
  const one = (text: string) => `1 validation error detected: ${text}`;
  test.each([
    [
      'missing',
      'Encrypt',
      { KeyId: 'a' },
      one("Value at 'plaintext' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'empty',
      'DescribeKey',
      { KeyId: '' },
      `2 validation errors detected: Value '' at 'keyId' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'keyId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^\\p{ASCII}+$`,
    ],
    [
      'not ASCII',
      'DescribeKey',
      { KeyId: 'キー' },
      one(
        "Value 'キー' at 'keyId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^\\p{ASCII}+$",
      ),
    ],
    [
      'too long a blob',
      'Encrypt',
      { ...example, Plaintext: Buffer.alloc(4097).toString('base64') },
      one("Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096"),
    ],
    [
      'too small a number',
      'ListKeys',
      { Limit: 0 },
      one("Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1"),
    ],
    [
      'too large a number',
      'GenerateRandom',
      { NumberOfBytes: 1025 },
      one(
        "Value '1025' at 'numberOfBytes' failed to satisfy constraint: Member must have value less than or equal to 1024",
      ),
    ],
    [
      'outside an enumeration',
      'ListKeyRotations',
      { KeyId: 'a', IncludeKeyMaterial: 'X' },
      one(
        "Value 'X' at 'includeKeyMaterial' failed to satisfy constraint: Member must satisfy enum value set: [ALL_KEY_MATERIAL, ROTATIONS_ONLY]",
      ),
    ],
    [
      'not matching a pattern',
      'DeleteAlias',
      { AliasName: 'alias/ä' },
      one(
        "Value 'alias/ä' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
      ),
    ],
    [
      'in a list of structures',
      'CreateKey',
      { Tags: [{ TagKey: 'a'.repeat(129), TagValue: '' }] },
      one(
        `Value '${'a'.repeat(129)}' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length less than or equal to 128`,
      ),
    ],
    [
      'in a list of strings',
      'Encrypt',
      { ...example, GrantTokens: [''] },
      one(
        "Value '[]' at 'grantTokens' failed to satisfy constraint: Member must satisfy constraint: [Member must have length greater than or equal to 1]",
      ),
    ],
    [
      'too long a list',
      'Encrypt',
      { ...example, GrantTokens: Array(11).fill('a') },
      one(
        "Value '[a, a, a, a, a, a, a, a, a, a, a]' at 'grantTokens' failed to satisfy constraint: Member must have length less than or equal to 10",
      ),
    ],
  ])('%s', async (_, operation, body, message) => {
    const { status, json } = await call(operation, body);
    expect([status, json.__type, json.message]).toEqual([400, 'ValidationException', message]);
  });

  test('reports all violations at once', async () => {
    const { json } = await call('Encrypt', {});
    expect(json.message).toBe(
      "2 validation errors detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null; Value at 'plaintext' failed to satisfy constraint: Member must not be null",
    );
  });
});
