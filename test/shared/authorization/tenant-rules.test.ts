import { beforeEach, describe, expect, test } from 'vitest';
import * as all from '../../../functions/operations.ts';
import { bindTenant } from '../../../shared/authorization/bind-tenant.ts';
import { type Call, createCall } from '../../../shared/call/call.ts';
import type { Caller } from '../../../shared/call/caller.ts';
import type { ChainRequest } from '../../../shared/call/chain.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { buildDeployedConfig, claimTenancy } from '../../support/deployed.ts';
import { kmsError, useFaultServer } from '../../support/fault-server.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';
import { respondWithKeys } from '../../support/tagged-keys.ts';

const kms = useFaultServer();
const prefix = 'arn:aws:kms:us-east-1:000000000000:key/';
const own = `${prefix}own`;
const other = `${prefix}other`;
const shared = `${prefix}shared`;
const missing = `${prefix}missing`;
const tag = (TagValue: string) => ({ TagKey: claimTenancy.tag, TagValue });
const respond = respondWithKeys({
  keys: { [own]: [[tag('a')]], [other]: [[tag('b')]], [shared]: [[]] },
  aliases: {
    'alias/a/own': own,
    'alias/a/other': other,
    'alias/a/shared': shared,
    'alias/shared/x': shared,
    'alias/b/own': own,
  },
});
beforeEach(() => {
  setLocalEnvironment(kms.endpoint);
  kms.respond = respond;
});

const bearer: Caller = { kind: 'jwt', isVerified: true, principal: 'x', claims: { tenant_id: 'a' } };
const context = { [claimTenancy.contextKey]: 'a' };

function callOf(operation: Operation, input: object, overrides: Partial<Call> = {}, limitMs = 10_000): Call {
  const config = buildDeployedConfig({ auth: 'jwt', tenancy: claimTenancy, keyScope: 'service' });
  const call = createCall(operation, config, 'id', limitMs);
  return Object.assign(call, { input: { ...input }, json: { ...input }, caller: bearer }, overrides);
}

/** Runs one hook of a new middleware, whose cache is empty. Returns the error that it throws. */
async function run(
  call: Call,
  hook: 'before' | 'after' = 'before',
  tenancy = claimTenancy,
): Promise<Error | undefined> {
  const request = { internal: { call } } as unknown as ChainRequest;
  try {
    await bindTenant(call.operation, { tenancy })[hook]?.(request);
  } catch (error) {
    return error as Error;
  }
  return undefined;
}

const foreign = (member: string) =>
  `/${member} identifies a key that does not exist or does not belong to the caller's tenant.`;
const unusable = (member: string) =>
  `/${member} must not be an alias, unless it begins with alias/a/ or alias/shared/.`;
const required = (member: string) => `/${member} must identify a key that belongs to the caller's tenant.`;
const hidden =
  'The ciphertext is not valid for this request, or the caller may not use its key. For a specific error, also specify the key.';

describe('a request of a tenant', () => {
  const rsa = { EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' };
  const rows: readonly (readonly [operation: Operation, input: object, bound: object])[] = [
    [all.encrypt, { KeyId: 'own' }, { KeyId: own, EncryptionContext: context }],
    [
      all.encrypt,
      { KeyId: 'own', EncryptionContext: { p: 'q' } },
      { KeyId: own, EncryptionContext: { p: 'q', ...context } },
    ],
    [all.encrypt, { KeyId: shared }, { KeyId: shared, EncryptionContext: context }],
    [all.encrypt, { KeyId: 'alias/a/own' }, { KeyId: 'alias/a/own', EncryptionContext: context }],
    [all.encrypt, { KeyId: 'alias/a/other' }, { KeyId: 'alias/a/other', EncryptionContext: context }],
    [all.encrypt, { KeyId: 'alias/shared/x' }, { KeyId: 'alias/shared/x', EncryptionContext: context }],
    [all.encrypt, { KeyId: 'own', ...rsa }, { KeyId: own, ...rsa }],
    [all.encrypt, { KeyId: 'alias/a/own', ...rsa }, { KeyId: own, ...rsa }],
    [all.decrypt, {}, { EncryptionContext: context }],
    [all.decrypt, { KeyId: 'own', ...rsa }, { KeyId: own, ...rsa }],
    [
      all.reEncrypt,
      { DestinationKeyId: 'own' },
      { DestinationKeyId: own, SourceEncryptionContext: context, DestinationEncryptionContext: context },
    ],
    [
      all.reEncrypt,
      { SourceKeyId: own, SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1', DestinationKeyId: shared },
      {
        SourceKeyId: own,
        SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1',
        DestinationKeyId: shared,
        DestinationEncryptionContext: context,
      },
    ],
    [all.disableKey, { KeyId: 'own' }, { KeyId: own }],
    [all.disableKey, { KeyId: 'alias/a/own' }, { KeyId: own }],
    [all.createAlias, { AliasName: 'alias/a/new', TargetKeyId: 'own' }, { AliasName: 'alias/a/new', TargetKeyId: own }],
    [all.deleteAlias, { AliasName: 'alias/a/x' }, { AliasName: 'alias/a/x' }],
    [
      all.createGrant,
      { KeyId: own, Operations: ['Encrypt'] },
      { KeyId: own, Operations: ['Encrypt'], Constraints: { EncryptionContextSubset: context } },
    ],
    [all.createKey, {}, { Tags: [tag('a')] }],
    [all.replicateKey, { KeyId: 'own' }, { KeyId: own, Tags: [tag('a')] }],
    [all.generateRandom, { NumberOfBytes: 1 }, { NumberOfBytes: 1 }],
  ];
  test.for(rows)('a request of a tenant is bound to it: $0.name with %j', async ([operation, input, bound]) => {
    const call = callOf(operation, input);
    expect(await run(call)).toBeUndefined();
    expect(call.input).toEqual(bound);
    expect(call.tenant).toBe('a');
  });

  test.for<readonly [operation: Operation, input: object, message: string]>([
    [all.encrypt, { KeyId: 'other' }, foreign('KeyId')],
    [all.encrypt, { KeyId: 'missing' }, foreign('KeyId')],
    [all.encrypt, { KeyId: 'alias/b/own' }, unusable('KeyId')],
    [all.encrypt, { KeyId: shared, ...rsa }, foreign('KeyId')],
    [all.encrypt, { KeyId: 'alias/a/shared', ...rsa }, foreign('KeyId')],
    [all.encrypt, { KeyId: 'alias/a/missing', ...rsa }, 'The key, alias or grant does not exist.'],
    [all.decrypt, rsa, required('KeyId')],
    [all.reEncrypt, { SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1', DestinationKeyId: own }, required('SourceKeyId')],
    [all.reEncrypt, { SourceKeyId: own, DestinationKeyId: other }, foreign('DestinationKeyId')],
    [all.disableKey, { KeyId: shared }, foreign('KeyId')],
    [all.disableKey, { KeyId: 'alias/a/other' }, foreign('KeyId')],
    [all.createAlias, { AliasName: 'alias/b/new', TargetKeyId: own }, '/AliasName must begin with alias/a/.'],
    [all.createAlias, { AliasName: 'alias/a/new', TargetKeyId: other }, foreign('TargetKeyId')],
    [all.listAliases, {}, "The request must specify a key that belongs to the caller's tenant."],
    [all.listKeys, {}, 'Callers with a tenant cannot use this operation.'],
    [all.replicateKey, { KeyId: other }, foreign('KeyId')],
    [all.tagResource, { KeyId: own, Tags: [tag('a')] }, 'The tenant tag cannot be changed or removed.'],
  ])('a request of a tenant is rejected: $0.name with %j', async ([operation, input, message]) => {
    expect((await run(callOf(operation, input)))?.message).toBe(message);
  });

  test("a request of a tenant is rejected if a key list check has replaced another tenant's alias with the key", async () => {
    const call = callOf(all.disableKey, { KeyId: 'alias/b/own' }, { input: { KeyId: own } });
    expect((await run(call))?.message).toBe(unusable('KeyId'));
  });

  test('a request without a tenant is not changed', async () => {
    for (const caller of [
      { kind: 'local', isVerified: false },
      { kind: 'direct', isVerified: false },
    ] as const) {
      const call = callOf(all.disableKey, { KeyId: 'other' }, { caller, usedKeys: [other] });
      expect(await run(call, 'before', { ...claimTenancy, direct: 'unbound' })).toBeUndefined();
      expect(await run(call, 'after')).toBeUndefined();
      expect([call.input, call.tenant]).toEqual([{ KeyId: 'other' }, undefined]);
    }
    expect(Object.keys(bindTenant(all.disableKey, { tenancy: undefined }))).toEqual(['before']);
  });
});

test.for<readonly [operation: Operation, usedKeys: readonly string[], message: string | undefined]>([
  [all.encrypt, [own], undefined],
  [all.encrypt, [shared], undefined],
  [all.encrypt, [other], hidden],
  [all.encrypt, [missing], hidden],
  [all.encrypt, [], hidden],
  [all.reEncrypt, [own], hidden],
  [all.reEncrypt, [own, shared], undefined],
  [all.reEncrypt, [own, other], hidden],
  [all.reEncrypt, [other, own], hidden],
  [all.disableKey, [own], undefined],
  [all.disableKey, [], undefined],
  [all.disableKey, [shared], hidden],
  [all.createKey, [missing], undefined],
  [all.generateRandom, [], undefined],
])('the keys in a response to a tenant are checked: $0.name with %j', async ([operation, usedKeys, message]) => {
  expect((await run(callOf(operation, {}, { tenant: 'a', usedKeys }), 'after'))?.message).toBe(message);
});

describe('an error of KMS for a tenant', () => {
  const failure = (text: string, name = 'DisabledException') =>
    Object.assign(new Error(text), { name, $metadata: { httpStatusCode: 400 } });
  const answer = async (call: Call, error: Error): Promise<Error> => {
    const request = { internal: { call }, error } as unknown as ChainRequest;
    await bindTenant(call.operation, { tenancy: claimTenancy }).onError?.(request);
    return request.error as Error;
  };
  const reEncrypt = { SourceKeyId: own, DestinationKeyId: 'alias/a/other' };

  test.for<readonly [operation: Operation, input: object, text: string, message: string | undefined]>([
    [all.decrypt, {}, `${own} is disabled.`, undefined],
    [all.decrypt, {}, `${shared} is disabled.`, undefined],
    [all.decrypt, {}, `${other} is disabled.`, hidden],
    [all.decrypt, {}, `${missing} is disabled.`, hidden],
    [all.decrypt, {}, 'The ciphertext is not valid.', hidden],
    [all.decrypt, { KeyId: own }, 'x', undefined],
    [all.encrypt, { KeyId: 'alias/a/own' }, 'x', undefined],
    [all.encrypt, { KeyId: 'alias/a/shared' }, 'x', undefined],
    [all.encrypt, { KeyId: 'alias/a/missing' }, 'x', undefined],
    [all.encrypt, { KeyId: 'alias/a/other' }, 'x', foreign('KeyId')],
    [all.disableKey, { KeyId: 'alias/a/other' }, 'x', undefined],
    [all.reEncrypt, reEncrypt, 'x', foreign('DestinationKeyId')],
    [all.reEncrypt, { DestinationKeyId: own }, `${own} is disabled.`, undefined],
    [all.reEncrypt, { DestinationKeyId: own }, `${other} is disabled.`, hidden],
  ])('an error of KMS for a tenant is hidden if it is about a foreign key: $0.name with %j: %s', async (row) => {
    const [operation, input, text, message] = row;
    const error = failure(text);
    const given = await answer(callOf(operation, input, { tenant: 'a' }), error);
    if (message === undefined) expect(given).toBe(error);
    else expect(given).toMatchObject({ code: 'CallerNotAllowedError', message });
  });

  test('an error of KMS for a tenant is not hidden if it does not depend on the key, or the caller has no tenant', async () => {
    const throttled = failure('x', 'ThrottlingException');
    expect(await answer(callOf(all.decrypt, {}, { tenant: 'a' }), throttled)).toBe(throttled);
    const disabled = failure('x');
    expect(await answer(callOf(all.decrypt, {}), disabled)).toBe(disabled);
  });

  test('an error of KMS for a tenant requires no lookup if the request identifies the key by its ARN', async () => {
    const start = kms.requests;
    await answer(callOf(all.encrypt, { KeyId: own }, { tenant: 'a' }), failure('x'));
    expect(kms.requests).toBe(start);
  });
});

describe("the lookup of a key's tenant", () => {
  const message = "The service could not look up the key's tenant, because KMS is not available.";
  test.for([
    ['KMSInternalException', 500],
    ['ThrottlingException', 400],
    ['UnknownException', 400],
  ] as const)(
    'a request of a tenant fails with a 503 error if KMS cannot look up the key: %s',
    async ([name, status]) => {
      kms.respond = kmsError(name, 'x', status);
      for (const KeyId of [own, 'alias/a/own']) {
        const error = await run(callOf(all.disableKey, { KeyId }));
        expect(error).toMatchObject({ code: 'ServiceUnavailableException', message });
        expect(error?.cause).toMatchObject({ name });
      }
    },
  );

  test('a request of a tenant fails with the error of KMS if the role may not look up the key', async () => {
    kms.respond = kmsError('AccessDeniedException', 'because no identity-based policy allows kms:ListResourceTags');
    const error = await run(callOf(all.disableKey, { KeyId: own }));
    expect(error).toBeInstanceOf(KmsFunctionsError);
    expect(error).toMatchObject({ code: 'TagNotBoundError' });
  });

  test('a request of a tenant fails with a 503 error if the response of KMS is not JSON', async () => {
    kms.respond = (response) => response.end('x');
    expect(await run(callOf(all.disableKey, { KeyId: own }))).toMatchObject({ code: 'ServiceUnavailableException' });
  });

  test.for([
    ['takes too long', () => {}, 30],
    ['reports a timeout', kmsError('TimeoutError'), 10_000],
  ] as const)('a request of a tenant fails with a 504 error if the lookup %s', async ([, answer, limitMs]) => {
    kms.respond = answer;
    const error = await run(callOf(all.disableKey, { KeyId: own }, {}, limitMs));
    expect(error).toMatchObject({ code: 'TimeoutError' });
    expect(error?.cause).toBeInstanceOf(Error);
  });
});
