import { expect, expectTypeOf, test } from 'vitest';
import { buildRequest } from '../../client/http/build-request.ts';
import type { InputFor, PathMembers } from '../../client/operation-types.ts';
import { functionName, isRequired, memberNames, type Operation } from '../../shared/declaration/operation.ts';
import { allOperations } from '../support/operations.ts';

/** The optional members of AWS requests that the client requires. The compiler compares them with the client's types. */
const pathMembers: { readonly [Name in keyof PathMembers]: PathMembers[Name] } = {
  reEncrypt: 'SourceKeyId',
  decryptBatch: 'KeyId',
  reEncryptBatch: 'SourceKeyId',
};
const isRequiredByClient = (operation: Operation, member: string) =>
  isRequired(operation, member) || Object(pathMembers)[functionName(operation)] === member;

test('the client requires exactly the optional members that are in the path of every route', () => {
  const inEveryPath = allOperations.flatMap((operation) =>
    memberNames(operation)
      .filter((name) => !isRequired(operation, name))
      .filter((name) => operation.routes.every(({ path }) => path.includes(`{${name}}`)))
      .map((name) => [functionName(operation), name] as const),
  );
  expect(Object.fromEntries(inEveryPath)).toEqual(pathMembers);
});

test.for(allOperations.map((operation) => ({ operation, name: operation.name })))(
  'every input that the types accept can be sent over HTTP, as through Lambda: $name',
  ({ operation }) => {
    const names = memberNames(operation);
    const required = names.filter((name) => isRequiredByClient(operation, name));
    const optional = names.filter((name) => !required.includes(name));
    const toInput = (sent: readonly string[]) => Object.fromEntries(sent.map((name) => [name, 'x']));
    for (const sent of [required, names, ...optional.map((name) => [...required, name])])
      expect(() => buildRequest(operation, toInput(sent)), sent.join(' ')).not.toThrow();
  },
);

test('the types of the client require the key of a ciphertext only if every path contains it', () => {
  expectTypeOf<InputFor<'reEncrypt'>['SourceKeyId']>().toEqualTypeOf<string>();
  expectTypeOf<InputFor<'decryptBatch'>['KeyId']>().toEqualTypeOf<string>();
  expectTypeOf<InputFor<'reEncryptBatch'>['SourceKeyId']>().toEqualTypeOf<string>();
  expectTypeOf<InputFor<'decrypt'>['KeyId']>().toEqualTypeOf<string | undefined>();
  // @ts-expect-error The path of ReEncrypt contains the source key.
  const input: InputFor<'reEncrypt'> = { CiphertextBlob: new Uint8Array(1), DestinationKeyId: 'alias/new' };
  expect(input.SourceKeyId).toBeUndefined();
});
