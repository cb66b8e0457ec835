import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient, http, type Transport } from '../../client/index.ts';
import { sealer } from '../../client/sealer/index.ts';
import type { SeedInput } from '../../emulator/index.ts';
import { buildFunctions } from '../../scripts/build-functions.ts';
import type { JsonObject, Operation } from '../../shared/declaration/operation.ts';
import { createEmulatorTransport } from '../../testing/emulator-transport.ts';
import type { LoadFunctions } from '../../testing/function-set.ts';
import type { EmulatorTransport, EmulatorTransportOptions } from '../../testing/index.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import { type LocalStage, startLocalStage } from '../support/local-stage.ts';
import { once } from '../support/once.ts';
import { allOperations } from '../support/operations.ts';
import { expectSameResponse } from '../support/same-response.ts';

/** Like `emulator` in kms-functions/testing, with a bundle that these tests build. */
const loadFunctions: LoadFunctions = async () => {
  const folder = await once('functions', async (built) => {
    await buildFunctions(built);
    return built;
  });
  return import(pathToFileURL(join(folder, 'functions.js')).href);
};
const opened: EmulatorTransport[] = [];
function emulator(options?: EmulatorTransportOptions): EmulatorTransport {
  const transport = createEmulatorTransport(options, loadFunctions);
  opened.push(transport);
  return transport;
}
afterAll(() => Promise.all(opened.map((transport) => transport.close())));

const encode = (text: string) => new TextEncoder().encode(text);
const KeyId = '11111111-1111-4111-8111-111111111111';
const seed = { Keys: [{ KeyId, Aliases: ['alias/app'] }] } satisfies SeedInput;
const Plaintext = encode('hello');

describe('answers', () => {
  const used = useEmulator({ seed: 'default' });
  const [first, second] = [emulator({ seed: 'default' }), emulator({ seed: 'default' })];
  let stage: LocalStage;
  beforeAll(async () => {
    setLocalEnvironment(used.emulator.endpoint);
    stage = await startLocalStage();
  });
  afterAll(() => stage.close());

  const limits = { signal: new AbortController().signal, timeoutMs: 20_000 };
  const call = (transport: Transport, operation: Operation, input: JsonObject) =>
    transport.send(operation, input, limits).then(
      ({ body }) => ({ body }),
      // The class, and everything except the request id.
      (error) => {
        const { code, status, message, retryable, retryAfterMs, errors } = error;
        return { class: error.constructor.name, code, status, message, retryable, retryAfterMs, errors };
      },
    );

  test.for(allOperations.map((operation) => ({ name: operation.name, operation })))(
    'the transport has the same responses and problems as the API over HTTP: $name',
    async ({ operation }) => {
      const { input } = operation.example;
      const missing = Object.fromEntries(
        Object.entries(input).map(([name, value]) => [name, /KeyId$/.test(name) ? 'alias/missing' : value]),
      );
      for (const each of [{ ...input, Bogus: 'secret' }, missing, {}, input]) {
        const overHttp = await call(http({ endpoint: stage.url }), operation, each);
        const [one, other] = [await call(first, operation, each), await call(second, operation, each)];
        expectSameResponse(one, overHttp, other);
      }
    },
  );
});

describe('a transport', () => {
  test('the emulator starts with the first call, and ends with the block', async () => {
    let transport: EmulatorTransport;
    {
      await using kms = emulator({ seed });
      transport = kms;
      const client = createClient({ transport: kms });
      const { CiphertextBlob } = await client.encrypt({ KeyId: 'alias/app', Plaintext });
      expect((await client.decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext);
    }
    await expect(createClient({ transport }).listKeys()).rejects.toThrow(new TypeError('The emulator is closed.'));
    await expect(emulator().close()).resolves.toBeUndefined();
  });

  test('two transports have keys and caches of their own', async () => {
    const Tags = (TagValue: string) => [{ TagKey: 'tenant', TagValue }];
    const options = (tenant: string): EmulatorTransportOptions => ({
      seed: { Keys: [{ KeyId, Tags: Tags(tenant) }] },
      parameters: { tenantField: 'role' },
      caller: { userArn: 'arn:aws:sts::000000000000:assumed-role/checkout/one' },
    });
    const own = createClient({ transport: emulator(options('checkout')) });
    const foreign = createClient({ transport: emulator(options('billing')) });
    await expect(own.describeKey({ KeyId })).resolves.toBeDefined();
    await expect(foreign.describeKey({ KeyId })).rejects.toMatchObject({ status: 403 });
    await own.createKey();
    expect((await createClient({ transport: emulator({ seed }) }).listKeys()).Keys).toHaveLength(1);
  });

  test('a reset removes new keys, and restores the seed', async () => {
    const kms = emulator({ seed });
    const client = createClient({ transport: kms });
    const { KeyMetadata } = await client.createKey();
    await client.disableKey({ KeyId });
    await kms.reset();
    expect((await client.describeKey({ KeyId })).KeyMetadata.KeyState).toBe('Enabled');
    await expect(client.describeKey({ KeyId: KeyMetadata.KeyId })).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  test('the environment of the process has no effect, and stays as it is', async () => {
    const before = { ...process.env };
    const strange = {
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_REGION: 'eu-north-1',
      AUTH: 'jwt',
      TENANT_FIELD: 'role',
    };
    Object.assign(process.env, strange);
    try {
      const { KeyMetadata } = await createClient({ transport: emulator({ seed }) }).describeKey({ KeyId });
      expect(KeyMetadata.Arn).toBe(`arn:aws:kms:us-east-1:000000000000:key/${KeyId}`);
      expect(process.env).toEqual({ ...before, ...strange });
    } finally {
      for (const name of Object.keys(strange)) delete process.env[name];
      Object.assign(process.env, before);
    }
  });

  test('the functions run in the chosen account and Regions', async () => {
    const options = { account: '111122223333', region: 'eu-west-1', regions: ['eu-central-1'] };
    const client = createClient({ transport: emulator(options) });
    const { KeyMetadata } = await client.createKey({ MultiRegion: true });
    expect(KeyMetadata.Arn).toMatch(/^arn:aws:kms:eu-west-1:111122223333:key\/mrk-/);
    await client.replicateKey({ KeyId: KeyMetadata.KeyId, ReplicaRegion: 'eu-central-1' });
    const replica = KeyMetadata.Arn.replace('eu-west-1', 'eu-central-1');
    await expect(client.encrypt({ KeyId: replica, Plaintext })).resolves.toMatchObject({ KeyId: replica });
    const elsewhere = KeyMetadata.Arn.replace('eu-west-1', 'us-east-1');
    await expect(client.encrypt({ KeyId: elsewhere, Plaintext })).rejects.toMatchObject({ status: 400 });
  });

  test('callers of one emulator are separated by role and by claims, as in a deployment', async () => {
    const kms = emulator({ parameters: { tenantField: 'role' } });
    const role = (name: string): Client =>
      createClient({
        transport: kms.withCaller({ userArn: `arn:aws:sts::000000000000:assumed-role/${name}/session` }),
      });
    const { KeyMetadata } = await role('checkout').createKey();
    const input = { KeyId: KeyMetadata.Arn, Plaintext };
    await expect(role('checkout').encrypt(input)).resolves.toBeDefined();
    await expect(role('billing').encrypt(input)).rejects.toMatchObject({ status: 403, code: 'CallerNotAllowedError' });

    const tokens = emulator({ seed, parameters: { keysClaim: 'kms_keys' } });
    const bearer = (keys: string | readonly string[]): Client =>
      createClient({ transport: tokens.withCaller({ claims: { sub: 'ana', kms_keys: keys } }) });
    const call = { KeyId, Plaintext };
    await expect(bearer(KeyId).encrypt(call)).resolves.toBeDefined();
    await expect(bearer('alias/other').encrypt(call)).rejects.toMatchObject({ status: 403 });
    await expect(bearer(['alias/other', KeyId]).encrypt(call)).resolves.toBeDefined();
  });

  test('claims become text, as API Gateway passes them to functions', async () => {
    const kms = emulator({ parameters: { tenantField: 'claim:tenant' } });
    const ofTenant = (tenant: unknown): Client =>
      createClient({ transport: kms.withCaller({ claims: { sub: 'ana', tenant } }) });
    const { KeyMetadata } = await ofTenant(42).createKey();
    const call = { KeyId: KeyMetadata.Arn, Plaintext };
    await expect(ofTenant('42').encrypt(call)).resolves.toBeDefined();
    for (const tenant of [43, null, undefined, [42], { id: 42 }])
      await expect(ofTenant(tenant).encrypt(call)).rejects.toMatchObject({
        status: 403,
        code: 'CallerNotAllowedError',
      });
  });

  test('parameters have the effect that they have in a deployment', async () => {
    const kms = emulator({
      seed,
      parameters: { deletionGuardDays: 7, grantOperations: ['Encrypt'], allowedPrincipals: ['111122223333'] },
      caller: { userArn: 'arn:aws:iam::000000000000:user/ana' },
    });
    const client = createClient({ transport: kms });
    await client.encrypt({ KeyId, Plaintext });
    await expect(client.scheduleKeyDeletion({ KeyId })).rejects.toMatchObject({ code: 'KeyInUseError' });
    const grant = { KeyId, GranteePrincipal: 'arn:aws:iam::111122223333:role/reader' };
    await expect(client.createGrant({ ...grant, Operations: ['Encrypt'] })).resolves.toBeDefined();
    await expect(client.createGrant({ ...grant, Operations: ['Decrypt'] })).rejects.toMatchObject({ status: 403 });
    const stranger = { ...grant, GranteePrincipal: 'arn:aws:iam::444455556666:role/reader' };
    await expect(client.createGrant({ ...stranger, Operations: ['Encrypt'] })).rejects.toMatchObject({ status: 403 });
  });

  test('a request above the limit of Lambda is a GatewayError, and a large batch succeeds', async () => {
    const client = createClient({ transport: emulator({ seed }) });
    const Items = (count: number) => Array.from({ length: count }, () => ({ Plaintext: new Uint8Array(4_096) }));
    const { Results } = await client.encryptBatch({ KeyId, Items: Items(100) });
    expect(Results.filter(({ Error: error }) => error === undefined)).toHaveLength(100);
    await expect(client.encryptBatch({ KeyId, Items: Items(1_200) })).rejects.toMatchObject({
      code: 'GatewayError',
      status: 413,
      message: 'Request Entity Too Large',
    });
  });

  test('throttling and slow responses are those of the emulator', async () => {
    const slow = createClient({ transport: emulator({ seed, latencyMs: 400 }) });
    await expect(slow.encrypt({ KeyId, Plaintext }, { timeoutMs: 100, retry: { attempts: 1 } })).rejects.toMatchObject({
      code: expect.stringMatching(/^(CallTimeoutError|TimeoutError)$/),
    });
    const controller = new AbortController();
    const aborted = slow.encrypt({ KeyId, Plaintext }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    const busy = createClient({ transport: emulator({ seed, quotas: 0.0001 }), retry: { attempts: 1 } });
    const calls = Array.from({ length: 20 }, () => busy.encrypt({ KeyId, Plaintext }).catch((error) => error.code));
    expect(await Promise.all(calls)).toContain('ThrottlingException');
  });

  test('the clock of the emulator can be moved', async () => {
    const kms = emulator({ seed });
    const client = createClient({ transport: kms });
    await client.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    (await kms.start()).clock.advance({ days: 8 });
    await expect(client.describeKey({ KeyId })).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  test('a sealer seals and opens messages with it', async () => {
    const messages = sealer({ transport: emulator({ seed }), keyId: 'alias/app' });
    const { message } = await messages.seal(encode('the text'), { encryptionContext: { a: 'b' } });
    expect(new TextDecoder().decode((await messages.open(message)).plaintext)).toBe('the text');
  });

  test('nothing is printed', async () => {
    const written: unknown[] = [];
    const { write } = process.stdout;
    process.stdout.write = ((chunk: unknown) => written.push(chunk) > 0) as typeof write;
    try {
      const client = createClient({ transport: emulator({ seed }) });
      await client.encrypt({ KeyId, Plaintext });
      await client.encrypt({ KeyId: 'alias/missing', Plaintext }).catch(() => {});
    } finally {
      process.stdout.write = write;
    }
    expect(written).toEqual([]);
  });

  test.for([
    [{ regoin: 'eu-west-1' }, 'emulator has no option regoin. Did you mean `region`?'],
    [{ parameters: { tenantfield: 'role' } }, 'emulator has no parameter tenantfield. Did you mean `tenantField`?'],
    [{ parameters: { auth: 'jwt' } }, 'emulator has no parameter auth. The option `caller` replaces authentication.'],
    [{ parameters: { regions: ['eu-west-1'] } }, 'emulator has no parameter regions. `regions` is an option.'],
    [
      { parameters: { alarms: 'on' } },
      'emulator has no parameter alarms. Its parameters are keysClaim, tenantField, tenantContextKey, tenantTag, ' +
        'callerContextKey, allowedPrincipals, grantOperations, dataKeyCache, deletionGuardDays.',
    ],
    [{ account: '1' }, '`account` must have 12 digits.'],
    [{ caller: {} }, '`caller` must have either `userArn` or `claims`.'],
    [{ caller: { userArn: 'a', claims: {} } }, '`caller` must have either `userArn` or `claims`.'],
  ] as const)('wrong options are rejected at once: %o', ([options, message]) => {
    expect(() => emulator(options as never)).toThrow(new TypeError(message));
  });

  test('an invalid seed rejects the first call with its reason', async () => {
    const client = createClient({ transport: emulator({ seed: { Keys: [{ KeyId: 'a.b' }] } }) });
    await expect(client.listKeys()).rejects.toThrow(/KeyId/);
  });
});
