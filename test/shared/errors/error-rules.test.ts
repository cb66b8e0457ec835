import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { sign } from '../../../functions/crypto/sign/operation.ts';
import { createGrant } from '../../../functions/grants/create-grant/operation.ts';
import { createKey } from '../../../functions/keys/create-key/operation.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { integer, text, timestamp } from '../../../shared/declaration/shapes.ts';
import { countMistakes, findClosestName, suggestName } from '../../../shared/errors/closest-name.ts';
import { createDirectError } from '../../../shared/errors/direct-error.ts';
import {
  createUnknownMemberError,
  putUnknownMembersFirst,
  toInputErrors,
  toPointer,
} from '../../../shared/errors/input-errors.ts';
import { createValidationError, KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { redactRequestValues } from '../../../shared/errors/redact-request-values.ts';
import { relocatePointers } from '../../../shared/errors/relocate-pointers.ts';
import { toKmsFunctionsError } from '../../../shared/errors/to-kms-functions-error.ts';
import { warnAboutRetries } from '../../../shared/errors/warn-about-retries.ts';

describe('the conversion of an error', () => {
  const kms = (name: string, status: number, message = 'Message.', more: object = {}) =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status }, ...more });
  const socket = (code: string) => Object.assign(new Error('Secret.'), { code });
  const noPolicy = 'because no identity-based policy allows the kms:Encrypt action';
  const socketCodes = [
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ECONNABORTED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ];
  const timeouts = ['TimeoutError', 'AbortError', 'RequestTimeout', 'RequestTimeoutException'];
  const throttling = ['Throttling', 'TooManyRequestsException', 'RequestLimitExceeded', 'SlowDown'];

  const rows: readonly (readonly [name: string, thrown: unknown, code: string, detail?: string])[] = [
    ...socketCodes.map((code) => [`the socket error ${code}`, socket(code), 'KmsUnreachableError'] as const),
    [
      'a reset that the SDK reports as a timeout',
      Object.assign(socket('ECONNRESET'), { name: 'TimeoutError' }),
      'KmsUnreachableError',
    ],
    ...timeouts.map(
      (name) => [`the timeout ${name}`, Object.assign(new Error('x'), { name }), 'TimeoutError'] as const,
    ),
    ['the timeout of a socket', socket('ETIMEDOUT'), 'TimeoutError'],
    ...throttling.map((name) => [`the throttling code ${name}`, kms(name, 400), 'ThrottlingException'] as const),
    ['the status 429', kms('Unknown', 429), 'ThrottlingException'],
    [
      'an error that the SDK marks as throttling',
      kms('Unknown', 400, 'x', { $retryable: { throttling: true } }),
      'ThrottlingException',
    ],
    ['an error that the SDK marks as retryable', kms('Unknown', 400, 'x', { $retryable: {} }), 'InternalError'],
    ['a KMS error with the name of an error of the service', kms('InternalError', 400), 'InternalError'],
    ['a KMS error', kms('DisabledException', 400), 'DisabledException', 'Message.'],
    ['a KMS error without a message', kms('DisabledException', 400, ''), 'DisabledException', 'The key is disabled.'],
    [
      'a KMS error without a body',
      kms('DisabledException', 400, 'UnknownError'),
      'DisabledException',
      'The key is disabled.',
    ],
    ['a KMS failure', kms('KMSInternalException', 500), 'KMSInternalException'],
    ['an unknown KMS error', kms('NewException', 400), 'InternalError'],
    ['an unknown KMS failure', kms('NewException', 500), 'KMSInternalException'],
    ['a KMS status below 500', kms('NewException', 499), 'InternalError'],
    ['a request that is too large for KMS', kms('NewException', 413), 'PayloadTooLargeError'],
    [
      'an unreadable response',
      Object.assign(new SyntaxError('x'), { $metadata: { httpStatusCode: 200 } }),
      'KMSInternalException',
    ],
    ['a syntax error without a response', new SyntaxError('x'), 'InternalError'],
    ['a KMS code without a response', Object.assign(new Error('x'), { name: 'DisabledException' }), 'InternalError'],
    ['a code that is a number', Object.assign(new Error('x'), { code: 7 }), 'InternalError'],
    ['an unknown socket error', socket('EOTHER'), 'InternalError'],
    ['text', 'secret', 'InternalError'],
    ['nothing', undefined, 'InternalError'],
    ['a denial of the role', kms('AccessDeniedException', 400, noPolicy), 'TagNotBoundError'],
    ['a denial of the key policy', kms('AccessDeniedException', 400, 'x'), 'AccessDeniedException', 'x'],
    [
      'an invalid key identifier',
      kms('NotFoundException', 400, 'Invalid keyId secret'),
      'NotFoundException',
      'The key identifier is not valid. Use a key id (a UUID), an alias with its prefix alias/, or the ARN of a key or alias.',
    ],
    [
      'another invalid member',
      kms('NotFoundException', 400, 'An Invalid keyId'),
      'NotFoundException',
      'An Invalid keyId',
    ],
    ['an unavailable service', kms('ServiceUnavailableException', 503), 'ServiceUnavailableException'],
    ['another error that mentions a policy', kms('DisabledException', 400, noPolicy), 'DisabledException', noPolicy],
    [
      'a denial with ARNs',
      kms(
        'AccessDeniedException',
        400,
        'User: arn:aws:sts::1:role/x, key "arn:aws-cn:kms:a:1:key/y"; arn:aws:a; barn:x',
      ),
      'AccessDeniedException',
      'User: …, key "…"; …; barn:x',
    ],
    [
      'an error with an ARN that callers may see',
      kms('DisabledException', 400, 'arn:aws:kms:us-east-1:1:key/x is disabled.'),
      'DisabledException',
      'arn:aws:kms:us-east-1:1:key/x is disabled.',
    ],
  ];
  test.for(rows)('the conversion of %s', ([, thrown, code, detail]) => {
    const error = toKmsFunctionsError(thrown, { json: {}, operation: encrypt, config: { keyScope: 'service' } });
    expect(error.code).toBe(code);
    expect(error.cause).toBe(thrown);
    expect(error.message).toBe(detail ?? `${error.entry.title}.`);
  });

  test('a denial of the role is an AccessDeniedException if the roles do not depend on the service tag', () => {
    const denial = kms('AccessDeniedException', 400, noPolicy);
    expect(toKmsFunctionsError(denial, { json: {}, operation: encrypt, config: { keyScope: 'account' } }).code).toBe(
      'AccessDeniedException',
    );
  });

  test('a typed error is not converted', () => {
    const error = new KmsFunctionsError('NotFoundException', 'x');
    expect(toKmsFunctionsError(error, { json: {}, operation: encrypt, config: { keyScope: 'service' } })).toBe(error);
  });
});

describe('a typed error', () => {
  test('a typed error has the title and the retryability in the catalogue, unless it has its own', () => {
    const error = new KmsFunctionsError('DisabledException');
    expect(error).toMatchObject({ name: 'KmsFunctionsError', message: 'The key is disabled.', isRetryable: false });
    expect('cause' in error).toBe(false);
    expect(new KmsFunctionsError('InvalidCiphertextException').message).toBe(
      'The ciphertext or its encryption context is not valid. Decrypt with the encryption context that was used to encrypt, including the case of its letters.',
    );
    expect(new KmsFunctionsError('TimeoutError').isRetryable).toBe(true);
    expect(new KmsFunctionsError('TimeoutError', 'x', { isRetryable: false }).isRetryable).toBe(false);
    expect(new KmsFunctionsError('DisabledException', 'x', { isRetryable: true, cause: 0 })).toMatchObject({
      isRetryable: true,
      message: 'x',
      cause: 0,
    });
  });

  test('a typed error is thrown by a direct invocation with its code, but without its stack', () => {
    const direct = createDirectError(new KmsFunctionsError('DisabledException', 'x', { cause: new Error('secret') }));
    expect(direct).toBeInstanceOf(Error);
    expect(direct.constructor.name).toBe('DisabledException');
    expect([direct.name, direct.message, direct.stack]).toEqual([
      'DisabledException',
      'DisabledException: x',
      'DisabledException: x',
    ]);
    expect(Object.keys(direct)).toEqual([]);
    expect(new Error('x').name).toBe('Error');
  });

  const sent = { check: 'List the keys.' };
  test.for([
    ['KMSInternalException', sent, false],
    ['ServiceUnavailableException', sent, false],
    ['InternalError', sent, false],
    ['KMSInternalException', undefined, true],
    ['ThrottlingException', sent, true],
  ] as const)(
    'a typed error may be retried unless KMS may have executed the request: %s with %j',
    ([code, check, isRetryable]) => {
      const errors = [{ pointer: '', detail: 'x' }];
      const error = new KmsFunctionsError(code, 'Detail.', { cause: 'cause', errors });
      const warned = warnAboutRetries(error, check as never, 'id-1');
      expect(warned).toMatchObject({ code, cause: 'cause', errors, isRetryable });
      expect(warned.message).toBe(
        isRetryable ? 'Detail.' : 'Detail. KMS may have executed the request id-1. List the keys.',
      );
    },
  );

  test('a validation error without a pointer names the request', () => {
    const error = createValidationError([{ pointer: '', detail: 'is too large' }]);
    expect([error.code, error.message]).toEqual(['ValidationException', 'The request is too large.']);
    expect(error.errors).toEqual([{ pointer: '', detail: 'is too large' }]);
    const question = { pointer: '/A', detail: 'is unknown. Did you mean `B`?. Or C' };
    expect(createValidationError([question]).message).toBe('/A is unknown. Did you mean `B`?. Or C.');
    const ending = { pointer: '/A', detail: 'is unknown. Did you mean `B`?' };
    expect(createValidationError([ending, ending]).message).toBe(
      '/A is unknown. Did you mean `B`? /A is unknown. Did you mean `B`?',
    );
  });
});

describe('the closest name', () => {
  const known = ['Plaintext', 'KeyId', 'EncryptionContext', 'Tag'];
  test.for<readonly [name: string, closest: string | undefined]>([
    ['plain-text', 'Plaintext'],
    ['PLAIN_TEXT', 'Plaintext'],
    ['plain text', 'Plaintext'],
    ['Plaintxet', 'Plaintext'],
    ['Plainte', 'Plaintext'],
    ['Plaint', undefined],
    ['Keyld', 'KeyId'],
    ['Tags', 'Tag'],
    ['Tagss', 'Tag'],
    ['Tg', 'Tag'],
    ['Xyg', undefined],
    // Two mistakes are too many in a name of four characters.
    ['KeId', 'KeyId'],
    ['KxId', undefined],
    ['Kxyld', 'KeyId'],
    ['x', undefined],
    ['', undefined],
    ['EncryptionContext'.padEnd(19, 'x'), 'EncryptionContext'],
    ['EncryptionContext'.padEnd(20, 'x'), undefined],
  ])('the closest name to %j is %j', ([name, closest]) => {
    expect(findClosestName(name, known)).toBe(closest);
    expect(suggestName(name, known)).toBe(closest === undefined ? '' : ` Did you mean \`${closest}\`?`);
  });

  test('the closest name has the fewest mistakes, and is the first of several', () => {
    expect(findClosestName('abcdee', ['abcdff', 'abcdef', 'abcdeg'])).toBe('abcdef');
    // A name that has no character in common is not close.
    expect(findClosestName('x', ['y'])).toBeUndefined();
    const long = 'x'.repeat(60);
    expect(findClosestName(long, [long])).toBe(long);
    expect(findClosestName(`${long}x`, [long])).toBeUndefined();
  });

  test.for([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['flaw', 'lawn', 2],
    ['abc', 'abc', 0],
  ] as const)('the number of mistakes between %j and %j is %j', ([from, to, mistakes]) => {
    expect(countMistakes(from, to)).toBe(mistakes);
    expect(countMistakes(to, from)).toBe(mistakes);
  });

  test('the number of mistakes stops at a limit that the lengths alone reach', () => {
    expect([countMistakes('a', 'abcd', 3), countMistakes('abcd', 'a', 2), countMistakes('a', 'xyz', 4)]).toEqual([
      3, 2, 3,
    ]);
    expect(countMistakes('ab', 'wxyz', 2)).toBe(2);
  });
});

describe('a redacted message', () => {
  const id = '5a4d1e00-0000-4000-8000-00000000ffff';
  const arn = `arn:aws:kms:us-east-1:000000000000:key/${id}`;
  test.for<readonly [message: string, json: unknown, redacted: string]>([
    ['abcd', { X: 'abcd' }, '…'],
    ['abc', { X: 'abc' }, 'abc'],
    ['abcdef abcd', { X: 'abcd', Y: 'abcdef' }, '… …'],
    ['abcdef abcd', { X: 'abcdef', Y: 'abcd' }, '… …'],
    ["Value 'x' at y, Value '' at z", {}, 'Value at y, Value at z'],
    ['inner deep', { X: [{ Y: 'inner' }, ['deep']] }, '… …'],
    ['secret-key Name 0', { secret_: 1, EncryptionContext: { 'secret-key': 'Name' } }, '… … 0'],
    ['Plaintext', { EncryptionContext: { a: 'b' }, Plaintext: 'x' }, 'Plaintext'],
    ['abc', { EncryptionContext: { abc: 'd' } }, 'abc'],
    ['bytes', { X: Buffer.from('bytes'), Y: null, Z: 7 }, 'bytes'],
    [`${id} and ${arn}`, { KeyId: arn }, `${id} and ${arn}`],
    [`${id} and ${arn}`, { Description: arn }, '… and …'],
    [`key/${id}`, { Description: arn }, '…'],
    [`${arn} us-east-1`, { KeyId: arn, Description: 'us-east-1' }, `${arn} …`],
    [`${id} x ${arn}`, { SourceKeyId: id, DestinationKeyId: arn, X: ' x ' }, `${id} x ${arn}`],
    ['alias/app', { AliasName: 'alias/app', Description: 'alias/app' }, 'alias/app'],
    ['alias/app', { KeyIds: 'alias/app' }, '…'],
    ['mapX abcd', { mapX: 1, M: { abcd: 'z' } }, '… …'],
    ['length size', { X: 'other' }, 'length size'],
    ['alias/app', 'alias/app', '…'],
    ['alias/app', ['alias/app'], '…'],
    ['0000', ['aaaa', 'bbbb'], '0000'],
    ['nothing', null, 'nothing'],
    ['nothing', undefined, 'nothing'],
  ])('the message %j for %j is %j', ([message, json, redacted]) => {
    expect(redactRequestValues(message, json)).toBe(redacted);
  });

  test.for<readonly [operation: Operation, json: object, message: string, redacted: string]>([
    [
      sign,
      { SigningAlgorithm: 'ECDSA_SHA_256', Message: 'text' },
      'Algorithm ECDSA_SHA_256 and text',
      'Algorithm ECDSA_SHA_256 and …',
    ],
    [sign, { SigningAlgorithm: 'secret-value' }, 'secret-value', '…'],
    [sign, { Message: 'ECDSA_SHA_256' }, 'ECDSA_SHA_256', '…'],
    [sign, { Unknown: 'RAW_', toString: 'text' }, 'RAW_ text', '… …'],
    [createGrant, { Operations: ['Encrypt', 'secret'] }, 'Encrypt secret', 'Encrypt …'],
    [
      createKey,
      { KeySpec: 'RSA_2048', Tags: [{ TagKey: 'team', TagValue: 'RSA_4096' }] },
      'RSA_2048 RSA_4096',
      'RSA_2048 …',
    ],
  ])('the values that the model of %s lists stay in messages: %j', ([{ input }, json, message, redacted]) => {
    expect(redactRequestValues(message, json, input)).toBe(redacted);
    for (const other of [null, undefined, [], 'text']) expect(redactRequestValues('x', other, input)).toBe('x');
  });
});

describe('the pointer to a member', () => {
  test.for<readonly [path: readonly PropertyKey[], pointer: string]>([
    [[], ''],
    [['Tags', 0, 'TagKey'], '/Tags/0/TagKey'],
    [['Tags', 123_456_789], '/Tags/123456789'],
    [['Tags', 1_234_567_890], '/Tags'],
    [['A', 'secret', 'B'], '/A'],
    [['tags'], ''],
    [['A1'], ''],
    [[`A${'x'.repeat(39)}`], `/A${'x'.repeat(39)}`],
    [[`A${'x'.repeat(40)}`], ''],
    [['A', Symbol('x')], '/A'],
    [['A', Symbol.iterator, 'B'], '/A'],
    [['A B'], ''],
  ])('the pointer to %o is %j', ([path, pointer]) => {
    expect(toPointer(path)).toBe(pointer);
  });

  test.for<readonly [name: string, error: object]>([
    ['Plaintxt', { pointer: '/A/Plaintxt', detail: 'is not a known member. Did you mean `Plaintext`?' }],
    ['plain~text', { pointer: '/A/plain~0text', detail: 'is not a known member. Did you mean `Plaintext`?' }],
    ['plain/text', { pointer: '/A/plain~1text', detail: 'is not a known member. Did you mean `Plaintext`?' }],
    ['other_name', { pointer: '/A/other_name', detail: 'is not a known member' }],
    [`o${'x'.repeat(39)}`, { pointer: `/A/o${'x'.repeat(39)}`, detail: 'is not a known member' }],
    [`o${'x'.repeat(40)}`, { pointer: '/A', detail: 'contains an unknown member' }],
    ['_other', { pointer: '/A', detail: 'contains an unknown member' }],
    ['other name', { pointer: '/A', detail: 'contains an unknown member' }],
  ])('the pointer to the unknown member %s contains it only if it is not caller data', ([name, error]) => {
    expect(createUnknownMemberError(['A'], name, ['Plaintext'])).toEqual(error);
  });
});

describe('an input error', () => {
  const schema = z.strictObject({
    Text: z.optional(text(2, 3)),
    Number: z.optional(integer(1, 9)),
    Choice: z.optional(z.enum(['A', 'B'])),
    Pattern: z.optional(z.string().check(z.regex(/^x$/))),
    Time: z.optional(timestamp()),
    Map: z.optional(z.record(z.string().check(z.maxLength(3)), z.string()).check(z.maxSize(1) as never)),
    Flag: z.optional(z.boolean()),
    List: z.optional(z.array(z.strictObject({ Inner: z.string() }))),
    Bytes: z.optional(z.base64()),
  });
  const find = (json: object) => toInputErrors(z.safeParse(schema, json).error?.issues ?? [], schema, json);

  test.for<readonly [json: object, pointer: string, detail: string]>([
    [{ Text: 7 }, '/Text', 'must be a string'],
    [{ Text: 'x' }, '/Text', 'must have at least 2 characters'],
    [{ Text: 'xxxx' }, '/Text', 'must have at most 3 characters'],
    [{ Number: 0 }, '/Number', 'must be at least 1'],
    [{ Number: 10 }, '/Number', 'must be at most 9'],
    [{ Number: 1.5 }, '/Number', 'must be an integer'],
    [{ Number: 'x' }, '/Number', 'must be a number'],
    [{ Choice: 'C' }, '/Choice', 'must be one of A, B'],
    [{ Pattern: 'y' }, '/Pattern', 'must match /^x$/'],
    [{ Flag: 'x' }, '/Flag', 'must be a boolean'],
    [{ List: {} }, '/List', 'must be a list'],
    [{ List: [[]] }, '/List/0', 'must be an object'],
    [{ List: [{}] }, '/List/0/Inner', 'is required'],
    [{ List: [{ Inner: 'x', inner: 'x' }] }, '/List/0/inner', 'is not a known member. Did you mean `Inner`?'],
    [{ Map: [] }, '/Map', 'must be an object'],
    [{ Map: { Key: 7 } }, '/Map', 'contains an invalid value, which must be a string'],
    [{ Map: { long: 'x' } }, '/Map', 'contains an invalid value, which contains a key that is not allowed'],
    [{ Bytes: '*' }, '/Bytes', 'must be base64 (RFC 4648, with padding)'],
    [{ Secret9: 1 }, '', 'contains an unknown member'],
  ])('an input error for %j names the member and the rule', ([json, pointer, detail]) => {
    expect(find(json)).toContainEqual({ pointer, detail });
  });

  test('an input error for a time explains the accepted forms', () => {
    expect(find({ Time: 'tomorrow' })[0]?.detail).toContain('must be a');
  });

  test('unknown members come first, and the order is otherwise the same', () => {
    const issues = ['a', 'unrecognized_keys', 'b', 'unrecognized_keys', 'c'].map((code, index) => ({ code, index }));
    expect(
      putUnknownMembersFirst(issues as never).map((issue) => (issue as unknown as { index: number }).index),
    ).toEqual([1, 3, 0, 2, 4]);
  });

  test('an input error for an issue without a known rule reveals nothing', () => {
    const issue = { code: 'custom', path: ['Text'], message: 'secret' };
    expect(toInputErrors([issue as never], schema, { Text: 'x' })).toEqual([
      { pointer: '/Text', detail: 'is not valid' },
    ]);
    const format = { code: 'invalid_format', format: 'regex', path: ['Text'] };
    expect(toInputErrors([format as never], schema, { Text: 'x' })).toEqual([
      { pointer: '/Text', detail: 'must match its pattern' },
    ]);
  });

  test('an input error for a path that the schema does not contain keeps the path', () => {
    const issue = { code: 'custom', path: ['Other', 'Inner'] };
    expect(toInputErrors([issue as never], schema, { Other: { Inner: 1 } })).toEqual([
      { pointer: '/Other/Inner', detail: 'is not valid' },
    ]);
    expect(toInputErrors([issue as never], schema, {})).toEqual([{ pointer: '/Other/Inner', detail: 'is required' }]);
    const unknown = { code: 'unrecognized_keys', keys: ['Txt'], path: ['Text', 'x'] };
    expect(toInputErrors([unknown as never], schema, {})).toEqual([
      { pointer: '/Text/Txt', detail: 'is not a known member' },
    ]);
  });

  test.for([
    ['int', 'must be at least 2'],
    ['number', 'must be at least 2'],
    ['map', 'must have at least 2 entries'],
  ] as const)('an input error for a limit of the type %s is %s', ([origin, detail]) => {
    const issue = { code: 'too_small', origin, minimum: 2, path: ['Text'] };
    expect(toInputErrors([issue as never], schema, { Text: 'x' })).toEqual([{ pointer: '/Text', detail }]);
  });

  test('the number of input errors is limited, also for unknown members', () => {
    const names = Array.from({ length: 30 }, (_, index) => `name_${'x'.repeat(index)}`);
    expect(find(Object.fromEntries(names.map((name) => [name, 1])))).toHaveLength(20);
    const List = Array.from({ length: 30 }, () => ({}));
    expect(find({ List })).toHaveLength(20);
  });
});

test('the pointers in an error about a part of an input become the pointers of the whole input', () => {
  const cause = new Error('cause');
  const pointers = { '/KeyId': '/AdditionalKeyIds/0' };
  const detail = '/KeyId is required, unlike /Key, /KeyIds, x/KeyId and /constructor. See /KeyId';
  const errors = [
    { pointer: '/KeyId', detail: 'is required' },
    { pointer: '/Other', detail: 'must be a text' },
  ];
  const error = new KmsFunctionsError('ValidationException', detail, { errors, cause, isRetryable: true });
  const moved = relocatePointers(error, pointers);
  expect(moved).toMatchObject({ code: 'ValidationException', cause, isRetryable: true });
  expect(moved.message).toBe(
    '/AdditionalKeyIds/0 is required, unlike /Key, /KeyIds, x/KeyId and /constructor. See /AdditionalKeyIds/0',
  );
  expect(moved.errors).toEqual([
    { pointer: '/AdditionalKeyIds/0', detail: 'is required' },
    { pointer: '/Other', detail: 'must be a text' },
  ]);
  const plain = new KmsFunctionsError('NotFoundException', '/KeyId does not exist.');
  expect(relocatePointers(plain, pointers).message).toBe('/AdditionalKeyIds/0 does not exist.');
  expect(relocatePointers(plain, pointers).errors).toBeUndefined();
  expect(relocatePointers(plain, {})).toBe(plain);
});
