import { describe, expectTypeOf, test } from 'vitest';
import type { Client, InputFor, KmsFunctionsClientError, OutputFor, PagedName } from '../../client/index.ts';

describe('the client types', () => {
  test('the client types infer bytes, dates, lists and enumerations from the declaration', () => {
    expectTypeOf<InputFor<'encrypt'>['Plaintext']>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<OutputFor<'encrypt'>['CiphertextBlob']>().toEqualTypeOf<Uint8Array | undefined>();
    expectTypeOf<NonNullable<OutputFor<'describeKey'>['KeyMetadata']>['CreationDate']>().toEqualTypeOf<
      Date | undefined
    >();
    expectTypeOf<InputFor<'decrypt'>['GrantTokens']>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<InputFor<'createKey'>['Origin']>().toEqualTypeOf<
      'AWS_KMS' | 'EXTERNAL' | 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE' | undefined
    >();
  });

  test('the client types require inputs and required members', () => {
    expectTypeOf<Client['createKey']>().toBeCallableWith();
    expectTypeOf<Client['encrypt']>().toBeCallableWith({ KeyId: 'k', Plaintext: new Uint8Array() });
    const wrong = (client: Client) => {
      // @ts-expect-error the input is required
      client.encrypt();
      // @ts-expect-error Plaintext is required
      client.encrypt({ KeyId: 'k' });
      // @ts-expect-error bytes are not a string
      client.encrypt({ KeyId: 'k', Plaintext: 'text' });
      // @ts-expect-error there is no such member
      client.listKeys({ Limits: 1 });
      // @ts-expect-error there is no such operation
      client.encypt({});
      // @ts-expect-error CreateKey has no pages
      client.paginate.createKey();
    };
    expectTypeOf(wrong).toBeFunction();
  });

  test('the client types infer the items of a list', () => {
    expectTypeOf<PagedName>()
      .extract<'listKeys' | 'listAliases' | 'encrypt'>()
      .toEqualTypeOf<'listKeys' | 'listAliases'>();
    type Keys = ReturnType<ReturnType<Client['paginate']['listKeys']>['items']>;
    expectTypeOf<Keys>().toExtend<AsyncIterable<{ KeyId?: string | undefined }>>();
  });

  test('the client types include all error codes', () => {
    expectTypeOf<'NotFoundException' | 'GatewayError'>().toExtend<KmsFunctionsClientError['code']>();
    expectTypeOf<'NotFoundExeption'>().not.toExtend<KmsFunctionsClientError['code']>();
  });
});
