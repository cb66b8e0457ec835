import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { createRequestReader } from '../../../emulator/http/request-reader.ts';
import { disableKey } from '../../../functions/keys/disable-key/operation.ts';
import { kmsInput, omitOwnMembers } from '../../../shared/declaration/kms-input.ts';
import { defineOperation, memberNames } from '../../../shared/declaration/operation.ts';
import * as shapes from '../../../shared/declaration/shapes.ts';

const extended = defineOperation({
  ...disableKey,
  input: z.strictObject({ KeyId: shapes.keyId(), Reason: z.optional(z.string()) }),
  ownMembers: ['Reason'],
});

test('an own member is part of the input of a function, but not of the request that KMS accepts', () => {
  expect(memberNames(extended)).toEqual(['KeyId', 'Reason']);
  expect(Object.keys(kmsInput(extended)._zod.def.shape)).toEqual(['KeyId']);
  expect(kmsInput(disableKey)).toBe(disableKey.input);
});

test('the request to KMS does not contain own members', () => {
  expect(omitOwnMembers(extended, { KeyId: 'alias/app', Reason: 'tidy up' })).toEqual({ KeyId: 'alias/app' });
  const input = { KeyId: 'alias/app' };
  expect(omitOwnMembers(disableKey, input)).toBe(input);
});

test('the emulator ignores own members, as it ignores all members that KMS does not have', () => {
  expect(createRequestReader(extended)({ KeyId: 'alias/app', Reason: 7 })).toEqual({ KeyId: 'alias/app' });
});
