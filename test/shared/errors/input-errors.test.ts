import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { blob, integer, text } from '../../../shared/declaration/shapes.ts';
import { toInputErrors } from '../../../shared/errors/input-errors.ts';
import { createValidationError } from '../../../shared/errors/kms-functions-error.ts';

const list = (minimum: number, maximum: number) => z.array(z.int()).check(z.minLength(minimum), z.maxLength(maximum));

test.for([
  ['one byte', blob(1, 4), '', 'must have at least 1 byte'],
  ['several bytes', blob(1, 4), 'AAAAAAAAAAA=', 'must have at most 4 bytes'],
  ['one character', text(1, 4), '', 'must have at least 1 character'],
  ['several characters', text(1, 4), 'value', 'must have at most 4 characters'],
  ['one item', list(0, 1), [1, 2], 'must have at most 1 item'],
  ['several items', list(2, 3), [1], 'must have at least 2 items'],
  ['a number', integer(1, 9), 0, 'must be at least 1'],
] as const)('an error for a limit of %s uses the correct singular or plural', ([, schema, value, detail]) => {
  const { error } = z.safeParse(schema, value);
  expect(toInputErrors(error?.issues ?? [], schema, value)).toEqual([{ pointer: '', detail }]);
});

const known = z.strictObject({
  Plaintext: z.optional(z.string()),
  KeyId: z.optional(z.string()),
  EncryptionContext: z.optional(z.record(z.string(), z.string())),
  Tags: z.optional(z.array(z.strictObject({ TagKey: z.optional(z.string()), TagValue: z.string() }))),
});
const detail = 'is not a known member';

test.for([
  ['in another case', { plaintext: 1 }, '/plaintext', `${detail}. Did you mean \`Plaintext\`?`],
  [
    'with underscores',
    { Encryption_Context: 1 },
    '/Encryption_Context',
    `${detail}. Did you mean \`EncryptionContext\`?`,
  ],
  ['with hyphens', { 'key-id': 1 }, '/key-id', `${detail}. Did you mean \`KeyId\`?`],
  [
    'with a typing mistake',
    { EncriptionContext: 1 },
    '/EncriptionContext',
    `${detail}. Did you mean \`EncryptionContext\`?`,
  ],
  ['in a list', { Tags: [{ tagKey: '', TagValue: '' }] }, '/Tags/0/tagKey', `${detail}. Did you mean \`TagKey\`?`],
  ['that resembles none', { data: 1 }, '/data', detail],
  ['that may be a value', { 'my-secret': 1 }, '', 'contains an unknown member'],
  ['that may be base64', { aGVsbG8K0: 1 }, '', 'contains an unknown member'],
] as const)('an input error names an unknown member %s, and the member that was meant', ([, json, pointer, rule]) => {
  const { error } = z.safeParse(known, json);
  expect(toInputErrors(error?.issues ?? [], known, json)).toEqual([{ pointer, detail: rule }]);
});

test.for([
  ['text', z.string()],
  ['bytes', blob(1, 4)],
  ['a list', list(1, 2)],
  ['a map', z.record(z.string(), z.string())],
  ['a value of an enumeration', z.enum(['A', 'B'])],
  ['an integer', integer(1, 9)],
  ['an object', z.strictObject({})],
] as const)('an input error reports that %s is required', ([, schema]) => {
  const required = z.strictObject({ Outer: z.strictObject({ Member: schema }) });
  const json = { Outer: {} };
  const { error } = z.safeParse(required, json);
  expect(toInputErrors(error?.issues ?? [], required, json)).toEqual([
    { pointer: '/Outer/Member', detail: 'is required' },
  ]);
});

test('a message with several input errors ends each question and sentence once', () => {
  const unknown = { pointer: '/plaintext', detail: `${detail}. Did you mean \`Plaintext\`?` };
  const missing = { pointer: '/Plaintext', detail: 'is required' };
  const text = '/plaintext is not a known member. Did you mean `Plaintext`?';
  expect(createValidationError([unknown, missing]).message).toBe(`${text} /Plaintext is required.`);
  expect(createValidationError([missing, unknown]).message).toBe(`/Plaintext is required; ${text}`);
});
