import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  ListGrantsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as all from '../../../functions/operations.ts';
import type { JsonObject, Operation } from '../../../shared/declaration/operation.ts';
import type { Handler } from '../../../shared/handler/create-handler.ts';
import { buildBearerEvent, claimTenancy, createGatewayContext, loadDeployedHandler } from '../../support/deployed.ts';
import { useEmulator } from '../../support/emulator.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { kmsError, startFaultServer, useFaultServer } from '../../support/fault-server.ts';
import { createContext, setLocalEnvironment } from '../../support/handlers.ts';
import { invoke, type Outcome } from '../../support/outcome.ts';

const used = useEmulator({ seed: 'none' });
const bound = { auth: 'jwt', tenancy: claimTenancy } as const;
const rejected = { ok: false, code: 'CallerNotAllowedError', problem: { status: 403 } };
const Plaintext = Buffer.from('hello').toString('base64');
let kms: FaultProxy;

beforeAll(async () => {
  kms = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(kms.endpoint);
});
afterAll(() => kms.close());
beforeEach(() => kms.requests.clear());
afterEach(() => {
  kms.fault = 'none';
  vi.useRealTimers();
});

type Call = (tenant: string, input: JsonObject) => Promise<Outcome>;

/** Loads a handler with its own cache, and returns a function that calls it with a tenant's token. */
async function load(operation: Operation): Promise<Call> {
  const handler: Handler = await loadDeployedHandler(operation, bound);
  return (tenant, input) =>
    invoke(handler, buildBearerEvent(operation, { tenant_id: tenant }, input), createGatewayContext());
}

async function callAs(tenant: string, operation: Operation, input: JsonObject): Promise<Outcome> {
  return (await load(operation))(tenant, input);
}

/** Creates a key with this tenant's tag, or without the tag, and returns its ARN. */
async function createKey(tenant?: string, more: object = {}): Promise<string> {
  const Tags = tenant === undefined ? [] : [{ TagKey: 'tenant', TagValue: tenant }];
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand({ Tags, ...more }));
  return KeyMetadata?.Arn ?? '';
}

async function createAlias(AliasName: string, TargetKeyId: string): Promise<void> {
  await used.client.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
}

function problemOf(outcome: Outcome): unknown {
  if (outcome.ok || outcome.trigger !== 'http') throw new Error(outcome.text);
  const { requestId: _, ...problem } = outcome.problem;
  return problem;
}

describe('an alias under tenancy', () => {
  const unusable = ['alias/app', 'alias/b/app', 'alias/ab/app', 'alias/a', 'alias/A/app', 'alias/sharedx/app'];

  test.for(unusable)("an alias without the tenant's prefix is rejected before KMS is called: %s", async (name) => {
    for (const KeyId of [name, `arn:aws:kms:us-east-1:000000000000:${name}`]) {
      expect(await callAs('a', all.encrypt, { KeyId, Plaintext })).toMatchObject(rejected);
      expect(await callAs('a', all.describeKey, { KeyId })).toMatchObject(rejected);
      expect(await callAs('a', all.createAlias, { AliasName: 'alias/a/new', TargetKeyId: KeyId })).toMatchObject(
        rejected,
      );
    }
    expect([...kms.requests]).toEqual([]);
  });

  test.for([...unusable, 'alias/shared/app', 'arn:aws:kms:us-east-1:000000000000:alias/a/app'])(
    'a tenant cannot create, move or delete an alias with the name %s',
    async (AliasName) => {
      const TargetKeyId = await createKey('a');
      kms.requests.clear();
      for (const operation of [all.createAlias, all.updateAlias])
        expect(await callAs('a', operation, { AliasName, TargetKeyId })).toMatchObject(rejected);
      expect(await callAs('a', all.deleteAlias, { AliasName })).toMatchObject(rejected);
      expect([...kms.requests]).toEqual([]);
    },
  );

  test("a tenant's alias cannot point to another tenant's key or to a key without a tenant", async () => {
    await createAlias('alias/a/moved', await createKey('a'));
    for (const TargetKeyId of [await createKey('b'), await createKey()]) {
      for (const AliasName of ['alias/a/to-foreign', 'alias/a/moved']) {
        const operation = AliasName === 'alias/a/moved' ? all.updateAlias : all.createAlias;
        expect(await callAs('a', operation, { AliasName, TargetKeyId })).toMatchObject(rejected);
      }
    }
  });

  test('a tenant can create, use, move and delete an alias below its prefix', async () => {
    const AliasName = 'alias/a/lifecycle';
    const [first, second] = [await createKey('a'), await createKey('a')];
    expect(await callAs('a', all.createAlias, { AliasName, TargetKeyId: first })).toMatchObject({ ok: true });
    expect(await callAs('a', all.describeKey, { KeyId: AliasName })).toMatchObject({ ok: true });
    expect(await callAs('a', all.updateAlias, { AliasName, TargetKeyId: second })).toMatchObject({ ok: true });
    expect(await callAs('a', all.encrypt, { KeyId: AliasName, Plaintext })).toMatchObject({ body: { KeyId: second } });
    expect(await callAs('a', all.deleteAlias, { AliasName })).toMatchObject({ ok: true });
    expect(await callAs('a', all.describeKey, { KeyId: AliasName })).toMatchObject({ code: 'NotFoundException' });
  });

  test('all tenants can use an alias below alias/shared/, but only with an encryption context', async () => {
    await createAlias('alias/shared/data', await createKey());
    for (const tenant of ['a', 'b']) {
      expect(await callAs(tenant, all.encrypt, { KeyId: 'alias/shared/data', Plaintext })).toMatchObject({ ok: true });
      expect(await callAs(tenant, all.describeKey, { KeyId: 'alias/shared/data' })).toMatchObject(rejected);
    }
  });
});

describe('a key of another tenant that an administrator has put behind an alias of the tenant', () => {
  const KeyId = 'alias/a/foreign';
  let foreign: string;
  beforeAll(async () => {
    foreign = await createKey('b');
    await createAlias(KeyId, foreign);
  });

  test("another tenant's key behind a tenant's alias is not used for the result of any call", async () => {
    const outcome = await callAs('a', all.encrypt, { KeyId, Plaintext });
    expect(outcome).toMatchObject(rejected);
    expect(outcome.text).not.toMatch(/CiphertextBlob|arn:/);
    expect(await callAs('a', all.describeKey, { KeyId })).toMatchObject(rejected);
  });

  test("another tenant's key behind an alias causes the same error with DryRun and if the key is disabled", async () => {
    expect(await callAs('a', all.encrypt, { KeyId, Plaintext, DryRun: true })).toMatchObject(rejected);
    await used.client.send(new DisableKeyCommand({ KeyId: foreign }));
    const outcome = await callAs('a', all.encrypt, { KeyId, Plaintext });
    expect(outcome).toMatchObject(rejected);
    expect(outcome.text).not.toContain('arn:');
  });
});

test("a key that does not exist causes the same error as another tenant's key", async () => {
  const foreign = await createKey('b');
  const absent = foreign.replace(/[^/]+$/, '12345678-1234-1234-1234-123456789012');
  for (const toIdentifier of [(arn: string) => arn, (arn: string) => arn.replace(/.*\//, '')]) {
    for (const operation of [all.encrypt, all.describeKey] as Operation[]) {
      const input = operation === all.encrypt ? { Plaintext } : {};
      const [first, second] = await Promise.all(
        [foreign, absent].map((arn) => callAs('a', operation, { ...input, KeyId: toIdentifier(arn) })),
      );
      expect(first).toMatchObject(rejected);
      expect(problemOf(second as Outcome)).toEqual(problemOf(first as Outcome));
    }
  }
});

describe('a ciphertext without its key', () => {
  const encrypt = async (KeyId: string, EncryptionContext: Record<string, string>) => {
    const { CiphertextBlob = new Uint8Array() } = await used.client.send(
      new EncryptCommand({ KeyId, EncryptionContext, Plaintext: Buffer.from('secret') }),
    );
    return Buffer.from(CiphertextBlob).toString('base64');
  };

  test('Decrypt without a KeyId returns the same error in every state of a key that the tenant may not use', async () => {
    const [foreign, disabled, own] = [await createKey('b'), await createKey('b'), await createKey('a')];
    const CiphertextBlob = await encrypt(foreign, { tenant: 'b' });
    const blobs = [
      // The context fits, because somebody encrypted the data directly in KMS.
      { CiphertextBlob: await encrypt(foreign, { tenant: 'a' }) },
      { CiphertextBlob },
      { CiphertextBlob, DryRun: true },
      { CiphertextBlob: await encrypt(foreign, { tenant: 'a' }), DryRun: true },
      { CiphertextBlob: await encrypt(disabled, { tenant: 'b' }) },
      { CiphertextBlob: await encrypt(own, { tenant: 'b' }) },
      { CiphertextBlob: Buffer.from('not a ciphertext').toString('base64') },
    ];
    await used.client.send(new DisableKeyCommand({ KeyId: disabled }));
    const problems = await Promise.all(blobs.map(async (input) => problemOf(await callAs('a', all.decrypt, input))));
    for (const problem of problems) expect(problem).toEqual(problems[0]);
    expect(problems[0]).toMatchObject({ code: 'CallerNotAllowedError' });
    expect(JSON.stringify(problems)).not.toContain('arn:');
  });

  test('Decrypt without a KeyId returns the KMS error if its message contains a key that the tenant may use', async () => {
    const own = await createKey('a');
    const CiphertextBlob = await encrypt(own, { tenant: 'a' });
    expect(await callAs('a', all.decrypt, { CiphertextBlob })).toMatchObject({ ok: true, body: { KeyId: own } });
    await used.client.send(new DisableKeyCommand({ KeyId: own }));
    expect(await callAs('a', all.decrypt, { CiphertextBlob })).toMatchObject({ code: 'DisabledException' });
  });

  test('only the tenant in the encryption context can decrypt a ciphertext under a key without a tenant', async () => {
    const CiphertextBlob = await encrypt(await createKey(), { tenant: 'a' });
    expect(await callAs('a', all.decrypt, { CiphertextBlob })).toMatchObject({ ok: true });
    expect(await callAs('b', all.decrypt, { CiphertextBlob })).toMatchObject(rejected);
  });
});

describe('an error of KMS for an alias', () => {
  const faults = useFaultServer();
  const KeyId = 'alias/a/app';

  /** Calls Encrypt, for which KMS returns an error. `lookup` responds to the lookups of the alias. */
  async function callWithLookup(lookup: typeof faults.respond): Promise<Outcome> {
    faults.respond = (response, request) => {
      const isEncrypt = request.headers['x-amz-target'] === 'TrentService.Encrypt';
      (isEncrypt ? kmsError('DisabledException', 'The key is disabled.') : lookup)(response, request);
    };
    const handler = await loadDeployedHandler(all.encrypt, { ...bound, endpoint: faults.endpoint });
    const event = buildBearerEvent(all.encrypt, { tenant_id: 'a' }, { KeyId, Plaintext });
    const { invokedFunctionArn } = createGatewayContext();
    return invoke(handler, event, { ...createContext(1_500), invokedFunctionArn });
  }

  test('a KMS error for an alias is hidden if the alias lookup fails', async () => {
    expect(await callWithLookup(kmsError('KMSInternalException', '', 500))).toMatchObject({
      code: 'ServiceUnavailableException',
    });
  });

  test('a KMS error for an alias is hidden if the alias lookup takes too long', async () => {
    expect(await callWithLookup(() => {})).toMatchObject({ code: 'TimeoutError', problem: { status: 504 } });
  });

  test('a KMS error for an alias is returned if the alias does not exist', async () => {
    expect(await callWithLookup(kmsError('NotFoundException'))).toMatchObject({ code: 'DisabledException' });
  });
});

describe('a grant under tenancy', () => {
  const grantee = { GranteePrincipal: 'arn:aws:iam::000000000000:role/app' };

  test("a tenant cannot create a grant on another tenant's key or on a key without a tenant", async () => {
    for (const KeyId of [await createKey('b'), await createKey()]) {
      for (const Operations of [['DescribeKey'], ['Encrypt']])
        expect(await callAs('a', all.createGrant, { ...grantee, KeyId, Operations })).toMatchObject(rejected);
    }
  });

  test("a tenant's grant has no constraint if none of its operations has an encryption context", async () => {
    const KeyId = await createKey('a', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const Operations = ['GenerateMac', 'VerifyMac', 'DescribeKey'];
    expect(await callAs('a', all.createGrant, { ...grantee, KeyId, Operations })).toMatchObject({ ok: true });
    const { Grants = [] } = await used.client.send(new ListGrantsCommand({ KeyId }));
    expect(Grants.map(({ Constraints }) => Constraints)).toEqual([undefined]);
  });
});

test('a lookup of a tenant that takes too long is a timeout, even if the call has time left', async () => {
  const server = await startFaultServer(() => {});
  const handler = await loadDeployedHandler(all.describeKey, { ...bound, endpoint: server.endpoint });
  const event = buildBearerEvent(all.describeKey, { tenant_id: 'a' }, { KeyId: await createKey('a') });
  const { invokedFunctionArn } = createGatewayContext();
  const outcome = await invoke(handler, event, { ...createContext(10_000), invokedFunctionArn });
  expect(outcome).toMatchObject({ code: 'TimeoutError', problem: { status: 504 } });
  await server.close();
}, 15_000);

describe('the tenant tag of a key', () => {
  const count = () => kms.requests.get('ListResourceTags') ?? 0;

  test('the tenant tag of a key is read once for concurrent calls, and cached for five minutes if it allows access', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const KeyId = await createKey('a');
    const call = await load(all.encrypt);
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => call('a', { KeyId, Plaintext })));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(count()).toBe(1);
    vi.advanceTimersByTime(299_000);
    expect(await call('a', { KeyId: KeyId.replace(/.*\//, ''), Plaintext })).toMatchObject({ ok: true });
    expect(count()).toBe(1);
    // Without the cached tag, the change takes effect.
    await used.client.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'tenant', TagValue: 'b' }] }));
    vi.advanceTimersByTime(2_000);
    expect(await call('a', { KeyId, Plaintext })).toMatchObject(rejected);
    expect(count()).toBe(2);
    expect(kms.requests.get('DescribeKey')).toBeUndefined();
  });

  test.for([
    ['of another tenant', 'b'],
    ['that is missing', undefined],
  ] as const)('a tenant tag %s is cached for one minute', async ([, tenant]) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const KeyId = await createKey(tenant);
    const call = await load(all.describeKey);
    for (let turn = 0; turn < 3; turn += 1) expect(await call('a', { KeyId })).toMatchObject(rejected);
    expect(count()).toBe(1);
    await used.client.send(new TagResourceCommand({ KeyId, Tags: [{ TagKey: 'tenant', TagValue: 'a' }] }));
    vi.advanceTimersByTime(59_000);
    expect(await call('a', { KeyId })).toMatchObject(rejected);
    vi.advanceTimersByTime(2_000);
    expect(await call('a', { KeyId })).toMatchObject({ ok: true });
    expect(count()).toBe(2);
  });

  test.for(['throttling', 'a reset before the execution', 'an error after the execution', 'an HTML response'] as const)(
    'the tenant tag of a key is never assumed if KMS does not return it: %s',
    async (fault) => {
      const KeyId = await createKey('a');
      const call = await load(all.encrypt);
      kms.fault = fault;
      expect(await call('a', { KeyId, Plaintext })).toMatchObject({
        code: 'ServiceUnavailableException',
        problem: { status: 503, retryable: true },
      });
      expect(kms.requests.get('Encrypt')).toBeUndefined();
      kms.fault = 'none';
      expect(await call('a', { KeyId, Plaintext })).toMatchObject({ ok: true });
    },
  );

  test('the tenant tag of a key is found among fifty tags', async () => {
    const KeyId = await createKey('a');
    const Tags = Array.from({ length: 49 }, (_, index) => ({ TagKey: `key-${index}`, TagValue: 'x' }));
    await used.client.send(new TagResourceCommand({ KeyId, Tags }));
    expect(await callAs('a', all.describeKey, { KeyId })).toMatchObject({ ok: true });
  });

  test.for(['tenant', 'Tenant', 'TENANT'])(
    'callers cannot set, change or remove the tenant tag: %s',
    async (TagKey) => {
      const KeyId = await createKey('a');
      const Tags = [{ TagKey, TagValue: 'b' }];
      expect(await callAs('a', all.tagResource, { KeyId, Tags })).toMatchObject(rejected);
      expect(await callAs('a', all.untagResource, { KeyId, TagKeys: [TagKey] })).toMatchObject(rejected);
      expect(await callAs('a', all.createKey, { Tags })).toMatchObject(rejected);
    },
  );
});
