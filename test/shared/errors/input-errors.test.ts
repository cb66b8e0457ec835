import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { blob, integer, text } from '../../../shared/declaration/shapes.ts';
import { toInputErrors } from '../../../shared/errors/input-errors.ts';

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
  expect(toInputErrors(error?.issues ?? [], schema)).toEqual([{ pointer: '', detail }]);
});

test.for([
  ['a possible member name', 'Color', { pointer: '/Color', detail: 'is not a known member' }],
  ['caller data', 'my-secret', { pointer: '', detail: 'contains an unknown member' }],
] as const)('an input error reports an unknown member whose name is %s', ([, name, expected]) => {
  const schema = z.strictObject({});
  const { error } = z.safeParse(schema, { [name]: 1 });
  expect(toInputErrors(error?.issues ?? [], schema)).toEqual([expected]);
});
