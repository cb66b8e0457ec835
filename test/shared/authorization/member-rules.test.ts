import { describe, expect, test } from 'vitest';
import { encrypt } from '../../../functions/crypto/encrypt/operation.ts';
import { reEncrypt } from '../../../functions/crypto/re-encrypt/operation.ts';
import { createKey } from '../../../functions/keys/create-key/operation.ts';
import { describeKey } from '../../../functions/keys/describe-key/operation.ts';
import { putKeyPolicy } from '../../../functions/policies/put-key-policy/operation.ts';
import { tagResource } from '../../../functions/tags/tag-resource/operation.ts';
import { untagResource } from '../../../functions/tags/untag-resource/operation.ts';
import { applyGuards } from '../../../shared/authorization/apply-guards.ts';
import { bindCaller } from '../../../shared/authorization/bind-caller.ts';
import { checkScope } from '../../../shared/authorization/check-scope.ts';
import { bindEncryptionContext, bindGrantConstraints } from '../../../shared/authorization/encryption-context.ts';
import { dependsOnKey, readKeyArn } from '../../../shared/authorization/hide-key-errors.ts';
import { protectTags } from '../../../shared/authorization/protect-tags.ts';
import { protectTenantTag } from '../../../shared/authorization/protect-tenant-tag.ts';
import { rejectForeignResponse } from '../../../shared/authorization/reject-foreign-response.ts';
import { resolveTenant } from '../../../shared/authorization/tenant.ts';
import { requireTenantAlias, requireUsableAlias } from '../../../shared/authorization/tenant-keys.ts';
import { type Call, createCall } from '../../../shared/call/call.ts';
import type { Caller } from '../../../shared/call/caller.ts';
import type { ChainMiddleware, ChainRequest } from '../../../shared/call/chain.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { buildDeployedConfig, claimTenancy } from '../../support/deployed.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';

setLocalEnvironment('http://127.0.0.1:1');
const caller: Caller = { kind: 'iam', isVerified: true, principal: 'arn:aws:sts::000000000000:assumed-role/app' };

function callOf(operation: Operation, input: Record<string, unknown>, overrides: Partial<Call> = {}): Call {
  const call = createCall(operation, buildDeployedConfig({}), 'request-1', 10_000);
  return Object.assign(call, { input: { ...input }, json: { ...input }, caller, ...overrides });
}

function run(middleware: ChainMiddleware, call: Call, hook: 'before' | 'after' = 'before'): Call {
  middleware[hook]?.({ internal: { call } } as unknown as ChainRequest);
  return call;
}

function readMessage(check: () => unknown): string | undefined {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

describe('the encryption context', () => {
  const config = { callerContextKey: 'caller' };
  const bound = { caller: caller.principal };
  test.for<readonly [name: string, operation: Operation, input: object, expected: object]>([
    ['without an algorithm', encrypt, {}, { EncryptionContext: bound }],
    [
      'with the default algorithm',
      encrypt,
      { EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
      { EncryptionAlgorithm: 'SYMMETRIC_DEFAULT', EncryptionContext: bound },
    ],
    [
      'with another context',
      encrypt,
      { EncryptionContext: { a: 'b', caller: caller.principal } },
      { EncryptionContext: { a: 'b', ...bound } },
    ],
    [
      'with an RSA algorithm',
      encrypt,
      { EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' },
      { EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' },
    ],
    ['of an operation without a context', describeKey, {}, {}],
    [
      'of the destination only, if the source key is asymmetric',
      reEncrypt,
      { SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' },
      { SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1', DestinationEncryptionContext: bound },
    ],
    ['of both keys', reEncrypt, {}, { SourceEncryptionContext: bound, DestinationEncryptionContext: bound }],
  ])('the encryption context receives the caller if the key takes a context: %s', ([, operation, input, expected]) => {
    expect(run(bindCaller(operation, config), callOf(operation, { ...input })).input).toEqual(expected);
  });

  test('the encryption context does not change without a principal or without callerContextKey', () => {
    const direct: Caller = { kind: 'direct', isVerified: false };
    expect(run(bindCaller(encrypt, config), callOf(encrypt, {}, { caller: direct })).input).toEqual({});
    expect(run(bindCaller(encrypt, { callerContextKey: undefined }), callOf(encrypt, {})).input).toEqual({});
  });

  test('the encryption context must not contain another value under the key', () => {
    const bind = (context: object) =>
      readMessage(() => bindEncryptionContext({ EncryptionContext: context }, '', 'k', 'v'));
    expect(bind({ k: 'w' })).toBe('/EncryptionContext must not contain another tenant or caller.');
    expect(bind({ k: '' })).toBe('/EncryptionContext must not contain another tenant or caller.');
    expect([bind({ k: 'v' }), bind({ K: 'w' }), bind({})]).toEqual([undefined, undefined, undefined]);
    // Members of Object.prototype are not part of the context.
    const input: Record<string, unknown> = {};
    bindEncryptionContext(input, '', 'constructor', 'v');
    expect(input).toEqual({ EncryptionContext: { constructor: 'v' } });
  });
});

describe('the constraints of a grant', () => {
  const subset = { EncryptionContextSubset: { k: 'v' } };
  const takesContext = [
    'Decrypt',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
    'ReEncryptFrom',
    'ReEncryptTo',
  ];
  test.for<readonly [Operations: readonly string[], Constraints: object | undefined, expected: object | undefined]>([
    ...takesContext.map((name) => [['DescribeKey', name], undefined, subset] as const),
    [['Sign', 'DescribeKey'], undefined, undefined],
    [['Encrypt'], { EncryptionContextSubset: { a: 'b' } }, { EncryptionContextSubset: { a: 'b', k: 'v' } }],
    [['Encrypt'], { EncryptionContextEquals: { a: 'b' } }, { EncryptionContextEquals: { a: 'b', k: 'v' } }],
    [
      ['Encrypt'],
      { EncryptionContextEquals: {}, EncryptionContextSubset: { a: 'b' } },
      { EncryptionContextEquals: { k: 'v' }, EncryptionContextSubset: { a: 'b', k: 'v' } },
    ],
  ])('the constraints of a grant for %j with %j become %j', ([Operations, Constraints, expected]) => {
    const given = JSON.stringify(Constraints);
    const input: Record<string, unknown> = { Operations, Constraints };
    bindGrantConstraints(input, 'k', 'v');
    expect(input.Constraints).toEqual(expected);
    expect(JSON.stringify(Constraints)).toBe(given);
  });

  test('the constraints of a grant must not contain another value', () => {
    const input = { Operations: ['Encrypt'], Constraints: { EncryptionContextEquals: { k: 'w' } } };
    expect(readMessage(() => bindGrantConstraints(input, 'k', 'v'))).toBe(
      '/Constraints/EncryptionContextEquals must not contain another tenant or caller.',
    );
  });
});

describe('the tags of the service', () => {
  const serviceTag = { TagKey: 'kms-functions:service', TagValue: 'dev' };
  const requestTag = { TagKey: 'kms-functions:request-id', TagValue: 'request-1' };
  const protect = (operation: Operation, input: object, service: string | undefined = 'dev') =>
    run(protectTags(operation, { serviceTag: service }), callOf(operation, { ...input }));
  const error = (pointer: string, name: string) => ({
    pointer,
    detail: `must not be the ${name} tag, which callers cannot set, change or remove`,
  });

  test('the tags of the service are added only to new keys', () => {
    const Tags = [{ TagKey: 'a', TagValue: 'b' }];
    expect(protect(createKey, { Tags }).input).toEqual({ Tags: [...Tags, serviceTag, requestTag] });
    expect(protect(createKey, {}).input).toEqual({ Tags: [serviceTag, requestTag] });
    expect(run(protectTags(createKey, { serviceTag: undefined }), callOf(createKey, {})).input).toEqual({
      Tags: [requestTag],
    });
    expect(protect(tagResource, { Tags }).input).toEqual({ Tags });
    expect(protect(describeKey, { KeyId: 'x' }).input).toEqual({ KeyId: 'x' });
  });

  test.for<readonly [operation: Operation, input: object, expected: readonly object[]]>([
    [createKey, { Tags: [{ TagKey: 'a' }, { TagKey: 'KMS-Functions:service' }] }, [error('/Tags/1/TagKey', 'service')]],
    [tagResource, { Tags: [requestTag] }, [error('/Tags/0/TagKey', 'request')]],
    [untagResource, { TagKeys: ['a', requestTag.TagKey] }, [error('/TagKeys/1', 'request')]],
    [tagResource, { Tags: [null, 'x', { TagKey: 7 }], TagKeys: 'x' }, []],
    [describeKey, { Tags: [requestTag] }, []],
  ])('the tags of the service cannot be sent: $0.name with %j', ([operation, input, expected]) => {
    expect(protect(operation, input).errors).toEqual(expected);
  });

  test('the service tag may be sent if the deployment has no service tag, unlike the request tag', () => {
    const call = callOf(tagResource, { Tags: [serviceTag, requestTag] });
    expect(run(protectTags(tagResource, { serviceTag: undefined }), call).errors).toEqual([
      error('/Tags/1/TagKey', 'request'),
    ]);
  });

  test('the policy lockout safety check cannot be bypassed if the deployment has a service tag', () => {
    const bypass = { BypassPolicyLockoutSafetyCheck: true };
    const detail = 'must not be true, because every key must stay manageable';
    expect(protect(putKeyPolicy, bypass).errors).toEqual([{ pointer: '/BypassPolicyLockoutSafetyCheck', detail }]);
    expect(protect(putKeyPolicy, { BypassPolicyLockoutSafetyCheck: false }).errors).toEqual([]);
    expect(run(protectTags(putKeyPolicy, { serviceTag: undefined }), callOf(putKeyPolicy, bypass)).errors).toEqual([]);
  });
});

describe('the tenant tag', () => {
  const own = { TagKey: 'tenant', TagValue: 'a' };
  const other = { TagKey: 'x', TagValue: 'y' };
  const foreign = 'The tenant tag cannot be changed or removed.';
  const set = '/Tags must not set the tenant tag to another tenant.';

  test.for<readonly [Tags: object[] | undefined, expected: object[]]>([
    [undefined, [own]],
    [[], [own]],
    [[other], [other, own]],
    [
      [own, other],
      [other, own],
    ],
    [[{ TagKey: 'x', TagValue: 'a' }], [{ TagKey: 'x', TagValue: 'a' }, own]],
  ])('the tenant tag is added once to a new key with the tags %j', ([Tags, expected]) => {
    const call = callOf(createKey, Tags === undefined ? {} : { Tags });
    protectTenantTag(call, 'tenant', 'a');
    expect(call.input.Tags).toEqual(expected);
  });

  test.for<readonly [operation: Operation, input: object, message: string | undefined]>([
    [createKey, { Tags: [own, { TagKey: 'tenant', TagValue: 'b' }] }, set],
    [createKey, { Tags: [{ TagKey: 'Tenant', TagValue: 'a' }] }, set],
    [tagResource, { Tags: [other, own] }, foreign],
    [tagResource, { Tags: [{ TagKey: 'TENANT', TagValue: 'a' }] }, foreign],
    [untagResource, { TagKeys: ['x', 'Tenant'] }, foreign],
    [untagResource, { TagKeys: ['x'] }, undefined],
    [tagResource, { Tags: [other] }, undefined],
    [describeKey, { Tags: [own] }, undefined],
  ])(
    'the tenant tag cannot be set to another value, changed or removed: $0.name with %j',
    ([operation, input, message]) => {
      const call = callOf(operation, { ...input });
      expect(readMessage(() => protectTenantTag(call, 'tenant', 'a'))).toBe(message);
      if (operation !== createKey) expect(call.input).toEqual(input);
    },
  );
});

describe('a tenant', () => {
  const none = 'The caller has no tenant.';
  const noRole = 'The caller has no tenant, because it does not use an IAM role.';
  const invalid =
    'The caller has no valid tenant. A tenant is 1 to 64 letters, digits, hyphens and underscores, but not aws or shared.';
  const direct = 'Direct invocation is not allowed, because direct invokers have no tenant.';
  const claim = (tenant_id: unknown): Partial<Caller> => ({ kind: 'jwt', claims: { tenant_id } });
  const role = (principal: string): Partial<Caller> => ({ kind: 'iam', principal });
  test.for<readonly [caller: Partial<Caller>, tenancy: object, expected: string | undefined, message?: string]>([
    [claim('a'), {}, 'a'],
    [claim('x'.repeat(64)), {}, 'x'.repeat(64)],
    [claim('x'.repeat(65)), {}, undefined, invalid],
    [claim('a\n'), {}, undefined, invalid],
    [claim(' a'), {}, undefined, invalid],
    [claim('AWS'), {}, undefined, invalid],
    [claim('Shared'), {}, undefined, invalid],
    [claim(''), {}, undefined, none],
    [claim(['a']), {}, undefined, none],
    [{ kind: 'jwt' }, {}, undefined, none],
    [{ kind: 'jwt', claims: {} }, { field: 'claim:constructor' }, undefined, none],
    [role('arn:aws:sts::000000000000:assumed-role/a-1'), { field: 'role' }, 'a-1'],
    [role('arn:aws-cn:sts::000000000000:assumed-role/a'), { field: 'role' }, 'a'],
    [role('arn:aws:sts::000000000000:assumed-role/a/session'), { field: 'role' }, undefined, noRole],
    [role('arn:aws:iam::000000000000:user/a'), { field: 'role' }, undefined, noRole],
    [role('x arn:aws:sts::000000000000:assumed-role/a'), { field: 'role' }, undefined, noRole],
    [role('arn:aws:sts::0000000000001:assumed-role/a'), { field: 'role' }, undefined, noRole],
    [{ kind: 'iam' }, { field: 'role' }, undefined, noRole],
    [
      role('arn:aws:sts::000000000000:assumed-role/AWSReservedSSO_x'),
      { field: 'role' },
      undefined,
      'The caller has no tenant, because IAM Identity Center can replace its role.',
    ],
    [role('arn:aws:sts::000000000000:assumed-role/xAWSReservedSSO_x'), { field: 'role' }, 'xAWSReservedSSO_x'],
    [{ kind: 'direct' }, {}, undefined, direct],
    [{ kind: 'direct' }, { direct: 'unbound' }, undefined],
    [{ kind: 'local' }, {}, undefined],
  ])('the tenant of the caller %j with %j is %j', ([given, tenancy, expected, message]) => {
    let tenant: string | undefined;
    const resolve = () => {
      tenant = resolveTenant({ isVerified: true, kind: 'unknown', ...given }, { ...claimTenancy, ...tenancy });
    };
    expect(readMessage(resolve)).toBe(message);
    expect(tenant).toBe(expected);
  });

  const own = (member: string) => `/${member} must begin with alias/a/.`;
  test('only aliases below the prefix of the tenant can be created or changed', () => {
    const check = (name: unknown) => readMessage(() => requireTenantAlias('AliasName', name, 'a'));
    expect(check('alias/a/x')).toBeUndefined();
    for (const name of ['alias/a', 'alias/ab/x', 'alias/shared/x', 'x/alias/a/', undefined, 7, ['alias/a/x']])
      expect(check(name)).toBe(own('AliasName'));
  });

  test('only aliases of the tenant and of all tenants can be used', () => {
    const check = (name: string) => readMessage(() => requireUsableAlias('KeyId', name, 'a'));
    const arn = 'arn:aws:kms:us-east-1:000000000000:';
    for (const name of ['alias/a/x', 'alias/shared/x', 'key-id', `${arn}alias/a/x`, `${arn}key/x`])
      expect(check(name), name).toBeUndefined();
    for (const name of ['alias/b/x', 'alias/a', 'alias/x/alias/shared/', `${arn}alias/b/x`])
      expect(check(name), name).toBe('/KeyId must not be an alias, unless it begins with alias/a/ or alias/shared/.');
  });
});

describe('the scope', () => {
  const scope = { partition: 'aws', regions: ['us-east-1', 'eu-west-1'], accountIds: ['000000000000', '111122223333'] };
  const arn = (region = 'us-east-1', account = '000000000000', partition = 'aws', service = 'kms') =>
    `arn:${partition}:${service}:${region}:${account}:key/x`;
  const findErrors = (operation: Operation, input: object) =>
    run(checkScope(operation, scope), callOf(operation, { ...input })).errors;
  test.for<readonly [key: unknown, detail: string | undefined]>([
    ['x', undefined],
    [arn(), undefined],
    [arn('eu-west-1', '111122223333'), undefined],
    [arn('us-east-1', '000000000000', 'aws-cn'), 'must be in the partition of this service'],
    [arn('us-east-1', '000000000000', 'aws', 'iam'), 'must be the ARN of a KMS key or alias'],
    [arn('us-west-2'), 'must be in a Region that this service allows (us-east-1, eu-west-1)'],
    [arn('us-east-1', '222222222222'), 'must be in an account that this service allows'],
    ['arn:aws:kms', 'must be in a Region that this service allows (us-east-1, eu-west-1)'],
    [`alias/${'x'.repeat(250)}`, undefined],
    [`alias/${'x'.repeat(251)}`, 'must contain an alias name of at most 256 characters'],
    [7, undefined],
  ])('the key %s has the error %j in the scope', ([KeyId, detail]) => {
    expect(findErrors(describeKey, { KeyId })).toEqual(detail === undefined ? [] : [{ pointer: '/KeyId', detail }]);
  });

  test('all keys in one request must be in the same Region', () => {
    const other = [{ pointer: '/DestinationKeyId', detail: 'must be in the same Region as the other key' }];
    const find = (SourceKeyId: string, DestinationKeyId: string) =>
      findErrors(reEncrypt, { SourceKeyId, DestinationKeyId });
    expect(find(arn('eu-west-1'), arn('us-east-1'))).toEqual(other);
    expect(find(arn('us-east-1'), arn('eu-west-1'))).toEqual(other);
    expect(find(arn('eu-west-1'), arn('eu-west-1', '111122223333'))).toEqual([]);
    expect(find('x', arn('eu-west-1'))).toEqual([]);
  });

  test('a response for a key outside the scope is rejected, whichever of the keys it is', () => {
    const check = (...usedKeys: string[]) =>
      readMessage(() => run(rejectForeignResponse(scope), callOf(describeKey, {}, { usedKeys }), 'after'));
    const detail = 'The key belongs to an account that this service does not allow.';
    expect(check()).toBeUndefined();
    expect(check(arn(), arn('us-west-2', '111122223333'))).toBeUndefined();
    expect(check(arn(), arn('us-east-1', '222222222222'))).toBe(detail);
    expect(check(arn('us-east-1', '222222222222'), arn())).toBe(detail);
    expect(check(arn('us-east-1', '000000000000', 'aws-cn'))).toBe(detail);
    expect(check('x')).toBe(detail);
  });
});

test('guards run only if the deployment has policy bounds', () => {
  const calls: unknown[] = [];
  const guard = (...given: unknown[]) => void calls.push(given);
  const policyBounds = buildDeployedConfig({}).policyBounds;
  run(applyGuards([guard, guard], { policyBounds }), callOf(describeKey, { KeyId: 'x' }));
  expect(calls).toEqual([
    [{ KeyId: 'x' }, policyBounds],
    [{ KeyId: 'x' }, policyBounds],
  ]);
  run(applyGuards([guard], { policyBounds: undefined }), callOf(describeKey, {}));
  expect(calls).toHaveLength(2);
});

describe('an error of KMS', () => {
  const kmsError = (name: string, message = 'x') =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
  const call = callOf(describeKey, {});

  test.for([
    'DependencyTimeoutException',
    'KMSInternalException',
    'ServiceUnavailableException',
    'ThrottlingException',
    'TimeoutError',
  ])('%s does not depend on the key', (name) => {
    expect(dependsOnKey(kmsError(name), call)).toBe(false);
  });

  test('an error that cannot depend on the key is not hidden', () => {
    expect(dependsOnKey(Object.assign(new Error('x'), { code: 'ECONNRESET' }), call)).toBe(false);
    expect(dependsOnKey(new Error('x'), call)).toBe(false);
    expect(dependsOnKey(new KmsFunctionsError('NotFoundException'), call)).toBe(false);
    expect(dependsOnKey(kmsError('DisabledException'), call)).toBe(true);
    expect(dependsOnKey(kmsError('NotFoundException'), call)).toBe(true);
  });

  test.for<readonly [error: unknown, arn: string | undefined]>([
    [
      new Error('arn:aws-cn:kms:cn-north-1:000000000000:key/mrk-1 is disabled.'),
      'arn:aws-cn:kms:cn-north-1:000000000000:key/mrk-1',
    ],
    [new Error('arn:aws:kms:us-east-1:000000000000:alias/x is disabled.'), undefined],
    [new Error('arn:aws:kms:us-east-1:00000000000:key/x'), undefined],
    ['arn:aws:kms:us-east-1:000000000000:key/x', undefined],
  ])('the key in the error %s is %j', ([error, arn]) => {
    expect(readKeyArn(error)).toBe(arn);
  });
});
