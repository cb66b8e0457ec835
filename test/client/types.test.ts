import { describe, expectTypeOf, test } from 'vitest';
import type { Client, InputFor, KmsFunctionsClientError, OutputFor, PagedName } from '../../client/index.ts';

describe('the client types', () => {
  test('the client types infer bytes, dates, lists and enumerations from the declaration', () => {
    expectTypeOf<InputFor<'encrypt'>['Plaintext']>().toEqualTypeOf<Uint8Array>();
    expectTypeOf<OutputFor<'encrypt'>['CiphertextBlob']>().toEqualTypeOf<Uint8Array<ArrayBuffer>>();
    expectTypeOf<OutputFor<'describeKey'>['KeyMetadata']['CreationDate']>().toEqualTypeOf<Date>();
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
    expectTypeOf<Keys>().toExtend<AsyncIterable<{ KeyId: string; KeyArn: string }>>();
  });

  test('the client types require the members that every response has', () => {
    type KeyMetadata = OutputFor<'createKey'>['KeyMetadata'];
    expectTypeOf<Pick<KeyMetadata, 'KeyId' | 'Arn' | 'KeyState' | 'Enabled'>>().toExtend<{
      readonly KeyId: string;
      readonly Arn: string;
      readonly KeyState: string;
      readonly Enabled: boolean;
    }>();
    expectTypeOf<KeyMetadata['DeletionDate']>().toEqualTypeOf<Date | undefined>();
    expectTypeOf<OutputFor<'listKeys'>['Keys'][number]['KeyArn']>().toEqualTypeOf<string>();
    expectTypeOf<OutputFor<'listKeys'>['Truncated']>().toEqualTypeOf<boolean>();
    expectTypeOf<OutputFor<'listKeys'>['NextMarker']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<OutputFor<'generateDataKey'>['KeyMaterialId']>().toEqualTypeOf<string | undefined>();
  });

  test('the client types require the plaintext, except for requests with a Recipient', () => {
    const call = async (client: Client, input: InputFor<'decrypt'>) => {
      const Recipient = { AttestationDocument: new Uint8Array(1) };
      const key = { KeyId: 'k' };
      expectTypeOf((await client.decrypt(key)).Plaintext).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
      expectTypeOf((await client.generateRandom()).Plaintext).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
      expectTypeOf((await client.generateDataKey(key)).Plaintext).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
      const pair = await client.generateDataKeyPair({ ...key, KeyPairSpec: 'RSA_2048' });
      expectTypeOf(pair.PrivateKeyPlaintext).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
      const agreement = { ...key, KeyAgreementAlgorithm: 'ECDH', PublicKey: new Uint8Array(1) } as const;
      expectTypeOf((await client.deriveSharedSecret(agreement)).SharedSecret).toEqualTypeOf<Uint8Array<ArrayBuffer>>();
      expectTypeOf((await client.decrypt({ ...key, Recipient })).Plaintext).toEqualTypeOf<
        Uint8Array<ArrayBuffer> | undefined
      >();
      expectTypeOf((await client.generateDataKey({ ...key, Recipient })).Plaintext).toEqualTypeOf<
        Uint8Array<ArrayBuffer> | undefined
      >();
      expectTypeOf((await client.decrypt(input)).Plaintext).toEqualTypeOf<Uint8Array<ArrayBuffer> | undefined>();
      // @ts-expect-error there is no such member
      await client.decrypt({ Ciphertext: new Uint8Array(1) });
    };
    expectTypeOf(call).toBeFunction();
  });

  test('a stub can implement a client method', () => {
    const stub: Pick<Client, 'decrypt'> = {
      decrypt: async () => ({
        KeyId: 'k',
        Plaintext: new Uint8Array(1),
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' as const,
      }),
    };
    expectTypeOf(stub).toExtend<Pick<Client, 'decrypt'>>();
  });

  test('the client types include all error codes', () => {
    expectTypeOf<'NotFoundException' | 'GatewayError'>().toExtend<KmsFunctionsClientError['code']>();
    expectTypeOf<'NotFoundExeption'>().not.toExtend<KmsFunctionsClientError['code']>();
  });
});
