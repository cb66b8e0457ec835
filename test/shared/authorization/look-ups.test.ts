import { beforeEach, describe, expect, test, vi } from 'vitest';
import { decrypt } from '../../../functions/crypto/decrypt/operation.ts';
import { reEncrypt } from '../../../functions/crypto/re-encrypt/operation.ts';
import { describeKey } from '../../../functions/keys/describe-key/operation.ts';
import { disableKey } from '../../../functions/keys/disable-key/operation.ts';
import { authorizeKeys } from '../../../shared/authorization/authorize-keys.ts';
import { bindTenant } from '../../../shared/authorization/bind-tenant.ts';
import { hasTags, lookUpKeyArn } from '../../../shared/authorization/key-lookup.ts';
import { createTenantTagReader } from '../../../shared/authorization/tenant-tags.ts';
import { type Call, createCall } from '../../../shared/call/call.ts';
import type { Caller } from '../../../shared/call/caller.ts';
import type { ChainMiddleware, ChainRequest } from '../../../shared/call/chain.ts';
import type { Operation } from '../../../shared/declaration/operation.ts';
import { buildDeployedConfig, claimTenancy } from '../../support/deployed.ts';
import { kmsError, type Respond, useFaultServer } from '../../support/fault-server.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';

const kms = useFaultServer();
const prefix = 'arn:aws:kms:us-east-1:000000000000:key';
let keys = 0;
/** Returns the ARN of a key that no other test uses, because the tags of keys are cached. */
const newKey = () => {
  keys += 1;
  return `${prefix}/${keys}`;
};

interface Tag {
  readonly TagKey: string;
  readonly TagValue?: string;
}

/** Responds to ListResourceTags with these pages, and to DescribeKey with this ARN. */
function respondWith(pages: readonly (readonly Tag[])[], Arn?: string): Respond {
  let next = 0;
  return (response, { headers }) => {
    if (headers['x-amz-target'] === 'TrentService.DescribeKey')
      return response.end(JSON.stringify({ KeyMetadata: { Arn, KeyId: 'x' } }));
    const Tags = pages[next % pages.length];
    next += 1;
    const isLast = next % pages.length === 0;
    // KMS documents NextMarker only for truncated responses.
    response.end(JSON.stringify({ Tags, Truncated: !isLast, NextMarker: isLast ? 'unused' : `page-${next}` }));
  };
}

const owner = (value: string): Tag[] => [{ TagKey: 'tenant', TagValue: value }];
const bearer = (claims: Caller['claims'] = {}): Caller => ({ kind: 'jwt', isVerified: true, principal: 'x', claims });

function callOf(operation: Operation, input: Record<string, unknown>, caller: Caller = bearer()): Call {
  const config = buildDeployedConfig({ auth: 'jwt', keysClaim: 'keys', tenancy: claimTenancy });
  return Object.assign(createCall(operation, config, 'id', 10_000), { input, json: { ...input }, caller });
}

const before = (middleware: ChainMiddleware, call: Call) =>
  middleware.before?.({ internal: { call } } as unknown as ChainRequest);
const after = (middleware: ChainMiddleware, call: Call, response: unknown) =>
  middleware.after?.({ internal: { call }, response } as unknown as ChainRequest);

beforeEach(() => {
  setLocalEnvironment(kms.endpoint);
  return () => vi.useRealTimers();
});

describe('the tags of a key', () => {
  const isPayments = (tags: ReadonlyMap<string, string>) => tags.get('team') === 'payments';
  const payments = [{ TagKey: 'team', TagValue: 'payments' }];

  test('the tags of a key allow access for a minute after they were read, and are then read again', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const [call, arn] = [callOf(describeKey, {}), newKey()];
    kms.respond = respondWith([payments]);
    const start = kms.requests;
    expect(await hasTags(call, arn, isPayments)).toBe(true);
    kms.respond = respondWith([[]]);
    vi.advanceTimersByTime(59_999);
    expect(await hasTags(call, arn, isPayments)).toBe(true);
    expect(kms.requests - start).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await hasTags(callOf(describeKey, {}), arn, isPayments)).toBe(false);
    expect(kms.requests - start).toBe(2);
  });

  test('the tags of a key that do not match are read again for each call', async () => {
    const arn = newKey();
    kms.respond = respondWith([[]]);
    expect(await hasTags(callOf(describeKey, {}), arn, isPayments)).toBe(false);
    kms.respond = respondWith([payments]);
    expect(await hasTags(callOf(describeKey, {}), arn, isPayments)).toBe(true);
  });

  test('the tags of a key are read from every page, and from no further page', async () => {
    kms.respond = respondWith([[{ TagKey: 'a', TagValue: 'b' }], payments]);
    const start = kms.requests;
    expect(await hasTags(callOf(describeKey, {}), newKey(), isPayments)).toBe(true);
    expect(kms.requests - start).toBe(2);
  });

  test('the tags of at most 1,000 keys are cached', async () => {
    vi.resetModules();
    const cache = await import('../../../shared/authorization/key-lookup.ts');
    kms.respond = respondWith([payments]);
    const arnOf = (key: number) => `${prefix}/cached-${key}`;
    const count = async (key: number) => {
      const start = kms.requests;
      await cache.hasTags(callOf(describeKey, {}), arnOf(key), isPayments);
      return kms.requests - start;
    };
    const tags = new Map([['team', 'payments']]);
    for (let key = 0; key < 999; key += 1) cache.rememberTags(callOf(describeKey, {}), arnOf(key), tags);
    expect([await count(999), await count(0), await count(999)]).toEqual([1, 0, 0]);
    expect([await count(1_000), await count(1_000), await count(0), await count(999)]).toEqual([1, 0, 1, 1]);
  });

  test('the tags of a key that does not exist never match', async () => {
    kms.respond = kmsError('NotFoundException');
    expect(await hasTags(callOf(describeKey, {}), newKey(), () => true)).toBe(false);
    kms.respond = kmsError('AccessDeniedException');
    await expect(hasTags(callOf(describeKey, {}), newKey(), () => true)).rejects.toThrow('A KMS message.');
  });
});

describe('the tenant tag', () => {
  test.for([
    ['on the second page', [[{ TagKey: 'a', TagValue: 'b' }], owner('a')], 'a', 2],
    ['on the first of two pages', [owner('a'), []], 'a', 1],
    ['without a value', [[{ TagKey: 'tenant' }]], '', 1],
    ['with another case', [[{ TagKey: 'Tenant', TagValue: 'a' }]], undefined, 1],
    ['that is missing', [[]], undefined, 1],
  ] as const)('the tenant tag %s is read', async ([, pages, expected, requests]) => {
    kms.respond = respondWith(pages);
    const start = kms.requests;
    expect(await createTenantTagReader('tenant')(callOf(describeKey, {}), newKey(), 'a')).toBe(expected);
    expect(kms.requests - start).toBe(requests);
  });

  test("the lookup of a tenant tag is repeated for a call that waited for another call's failed lookup", async () => {
    let requests = 0;
    kms.respond = (response, request) => {
      requests += 1;
      if (requests > 1) return respondWith([owner('a')])(response, request);
      setTimeout(() => kmsError('AccessDeniedException')(response, request), 20);
    };
    const [readTag, arn] = [createTenantTagReader('tenant'), newKey()];
    const first = readTag(callOf(describeKey, {}), arn, 'a');
    const second = readTag(callOf(describeKey, {}), arn, 'a');
    await expect(first).rejects.toThrow('A KMS message.');
    expect(await second).toBe('a');
    // The failure is not cached.
    expect(await readTag(callOf(describeKey, {}), arn, 'a')).toBe('a');
    expect(requests).toBe(2);
  });

  test.for([
    ['of the tenant', 'a', 300_000],
    ['of another tenant', 'b', 60_000],
  ] as const)('the tenant tag %s is cached until its time is over', async ([, value, ttlMs]) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    vi.advanceTimersByTime(1_000);
    const [readTag, arn] = [createTenantTagReader('tenant'), newKey()];
    kms.respond = respondWith([owner(value)]);
    expect(await readTag(callOf(describeKey, {}), arn, 'a')).toBe(value);
    kms.respond = respondWith([owner('c')]);
    vi.advanceTimersByTime(ttlMs - 1);
    expect(await readTag(callOf(describeKey, {}), arn, 'a')).toBe(value);
    // A use does not extend the time.
    vi.advanceTimersByTime(1);
    expect(await readTag(callOf(describeKey, {}), arn, 'a')).toBe('c');
  });
});

describe('an alias', () => {
  test('an alias is replaced with the key whose tenant tag was checked, so that KMS does not resolve it again', async () => {
    const arn = newKey();
    kms.respond = respondWith([owner('a')], arn);
    const call = callOf(disableKey, { KeyId: 'alias/a/app' }, bearer({ tenant_id: 'a' }));
    await before(bindTenant(disableKey, { tenancy: claimTenancy }), call);
    expect(call.input).toEqual({ KeyId: arn });
    expect(call.tenant).toBe('a');
  });

  test.for([
    ['a tag', 'tag:tenant=a'],
    ['one of two tags with the same key', 'tag:tenant=b tag:tenant=a'],
    ['the ARN of its key', `${prefix}/listed`],
  ])('an alias is replaced with the key that was checked if the key list contains %s', async ([, list]) => {
    const arn = `${prefix}/listed`;
    kms.respond = respondWith([owner('a')], arn);
    const call = callOf(disableKey, { KeyId: 'alias/app' }, bearer({ keys: list }));
    await before(authorizeKeys(disableKey, call.config), call);
    expect(call.input).toEqual({ KeyId: arn });
  });

  test('an alias that KMS does not find is rejected like a key outside the key list', async () => {
    kms.respond = kmsError('NotFoundException');
    const call = callOf(disableKey, { KeyId: 'alias/app' }, bearer({ keys: 'tag:tenant=a' }));
    await expect(before(authorizeKeys(disableKey, call.config), call)).rejects.toThrow(
      '/KeyId identifies a key that the caller may not use.',
    );
    expect(await lookUpKeyArn(call, 'alias/app')).toBeUndefined();
  });
});

describe('directKeys', () => {
  const reject = 'identifies a key that the caller may not use.';
  const config = { directKeys: 'alias/direct' };
  const direct: Caller = { kind: 'direct', isVerified: false };

  test.for<readonly [name: string, caller: Caller, alias: string, isAllowed: boolean]>([
    ['a direct invoker', direct, 'alias/direct', true],
    ['a direct invoker', direct, 'alias/token', false],
    ['a bearer', bearer({ keys: 'alias/token' }), 'alias/token', true],
    ['a bearer', bearer({ keys: 'alias/token' }), 'alias/direct', false],
    ['an IAM caller', { kind: 'iam', isVerified: true, principal: 'x' }, 'alias/token', true],
  ])('directKeys restricts direct invokers only: %s with %o and %s', async ([, caller, KeyId, isAllowed]) => {
    const call = callOf(disableKey, { KeyId }, caller);
    const outcome = Promise.resolve(before(authorizeKeys(disableKey, { ...call.config, ...config }), call));
    await (isAllowed ? expect(outcome).resolves.toBeUndefined() : expect(outcome).rejects.toThrow(`/KeyId ${reject}`));
  });

  test('a bearer is not restricted if the deployment has only directKeys', async () => {
    const call = callOf(disableKey, { KeyId: 'alias/token' });
    const { keysClaim: _, ...without } = call.config;
    await before(authorizeKeys(disableKey, { ...without, keysClaim: undefined, ...config }), call);
    expect(call.input).toEqual({ KeyId: 'alias/token' });
  });

  test.for([
    ['no key', {}, 'must be thrown'],
    ['a key outside the list', { KeyId: `${prefix}/other` }, 'must be thrown'],
    ['a key in the list', { KeyId: `${prefix}/listed` }, undefined],
  ] as const)('the key in the response of Decrypt is checked against the key list: %s', async ([, response, error]) => {
    const call = callOf(decrypt, { CiphertextBlob: new Uint8Array(8) }, bearer({ keys: `${prefix}/listed` }));
    const middleware = authorizeKeys(decrypt, call.config);
    await before(middleware, call);
    const outcome = Promise.resolve(after(middleware, call, response));
    await (error === undefined
      ? expect(outcome).resolves.toBeUndefined()
      : expect(outcome).rejects.toThrow('The ciphertext is not valid for this request'));
  });

  test('the source key in the response of ReEncrypt is checked against the key list', async () => {
    const input = { CiphertextBlob: new Uint8Array(8), DestinationKeyId: `${prefix}/listed` };
    const call = callOf(reEncrypt, input, bearer({ keys: `${prefix}/listed` }));
    const middleware = authorizeKeys(reEncrypt, call.config);
    await before(middleware, call);
    await after(middleware, call, { SourceKeyId: `${prefix}/listed` });
    await expect(after(middleware, call, { SourceKeyId: `${prefix}/other` })).rejects.toThrow('ciphertext');
  });
});
