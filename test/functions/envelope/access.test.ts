import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  TagResourceCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type DataKeys, readHeader, sealBuffer } from '../../../envelope/index.ts';
import { generateDataKey, open, rewrap, seal } from '../../../functions/operations.ts';
import type { FunctionConfig } from '../../../shared/config/function-config.ts';
import type { JsonObject, Operation } from '../../../shared/declaration/operation.ts';
import { buildBearerEvent, buildDeployedConfig, claimTenancy, createGatewayContext } from '../../support/deployed.ts';
import { useEmulator } from '../../support/emulator.ts';
import { callDirectly, captureRecords, failDirectly } from '../../support/envelope.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { invoke, type Outcome } from '../../support/outcome.ts';

const used = useEmulator({ seed: 'none' });
let kms: FaultProxy;
beforeAll(async () => {
  kms = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(kms.endpoint);
});
afterAll(() => kms.close());
beforeEach(() => kms.requests.clear());

const Plaintext = Buffer.from('hello').toString('base64');
const EncryptionContext = { purpose: 'test' };

async function createKey(tags: Readonly<Record<string, string>> = {}): Promise<string> {
  const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand({ Tags }));
  return KeyMetadata?.Arn ?? '';
}

/** Calls an operation through the gateway with a token that has these claims. */
async function callAs(
  claims: Readonly<Record<string, string>>,
  operation: Operation,
  input: JsonObject,
  config: FunctionConfig,
): Promise<Outcome> {
  return invoke(
    await loadHandler(operation, config),
    buildBearerEvent(operation, claims, input),
    createGatewayContext(),
  );
}

/** Returns the body of a successful response. */
// biome-ignore lint/suspicious/noExplicitAny: the assertions check the members.
function readBody(outcome: Outcome): any {
  if (!outcome.ok) throw new Error(outcome.text);
  return outcome.body;
}

/** Seals a message in the client, with a data key from the service. Returns it in base64. */
async function sealInClient(
  claims: Readonly<Record<string, string>>,
  KeyId: string,
  config: FunctionConfig,
): Promise<string> {
  const dataKeys: DataKeys = {
    generate: async () => {
      const input = { KeyId, NumberOfBytes: 32, EncryptionContext };
      const dataKey = readBody(await callAs(claims, generateDataKey, input, config));
      const ciphertext = Buffer.from(dataKey.CiphertextBlob, 'base64');
      return {
        plaintext: Buffer.from(dataKey.Plaintext, 'base64'),
        encryptedDataKeys: [{ providerId: 'aws-kms', providerInfo: dataKey.KeyId, ciphertext }],
      };
    },
    decrypt: () => Promise.reject(new Error('not used')),
  };
  const message = await sealBuffer(Buffer.from('hello'), { dataKeys, encryptionContext: EncryptionContext });
  return Buffer.from(message).toString('base64');
}

/** Decrypts the first data key of a message with KMS directly. Returns the name of the error if KMS rejects it. */
async function decryptDataKey(message: string, context: Readonly<Record<string, string>>): Promise<string> {
  const [entry] = readHeader(Buffer.from(message, 'base64'))?.encryptedDataKeys ?? [];
  const command = new DecryptCommand({ CiphertextBlob: entry?.ciphertext, EncryptionContext: context });
  return used.client.send(command).then(
    () => 'decrypted',
    ({ name }: Error) => name,
  );
}

const rejected = { ok: false, code: 'CallerNotAllowedError', problem: { status: 403 } };

describe('a key list', () => {
  const config = () => buildDeployedConfig({ auth: 'jwt', keysClaim: 'keys' });

  test('every key of a new message must be in the key list, which is checked before KMS is called', async () => {
    const [own, other] = [await createKey(), await createKey()];
    kms.requests.clear();
    const inputs = [
      { KeyId: other, Plaintext },
      { KeyId: own, AdditionalKeyIds: [own, other], Plaintext },
    ];
    const [first, second] = await Promise.all(inputs.map((input) => callAs({ keys: own }, seal, input, config())));
    expect(first).toMatchObject(rejected);
    expect(first?.text).toContain('/KeyId identifies a key that the caller may not use.');
    expect(second).toMatchObject(rejected);
    expect(second?.text).toContain('/AdditionalKeyIds/1 identifies a key that the caller may not use.');
    expect(kms.requests.has('GenerateDataKey')).toBe(false);
  });

  test('a message without a key in the request is opened only with keys in the key list', async () => {
    const [own, other] = [await createKey(), await createKey()];
    const both = await callDirectly(seal, { KeyId: other, AdditionalKeyIds: [own], Plaintext });
    const opened = await callAs({ keys: own }, open, { Message: both.Message }, config());
    expect(opened).toMatchObject({ ok: true, body: { KeyId: own, Plaintext } });
    kms.requests.clear();
    const { Message } = await callDirectly(seal, { KeyId: other, Plaintext });
    kms.requests.clear();
    expect(await callAs({ keys: own }, open, { Message }, config())).toMatchObject(rejected);
    expect(await callAs({ keys: own }, open, { KeyId: other, Message }, config())).toMatchObject(rejected);
    expect(kms.requests.has('Decrypt')).toBe(false);
  });

  test('Rewrap requires that the key list contains the old key and every new key', async () => {
    const [own, other] = [await createKey(), await createKey()];
    const { Message } = await callDirectly(seal, { KeyId: own, Plaintext });
    const input = { KeyId: own, Message, NewKeyIds: [own, other] };
    const outcome = await callAs({ keys: own }, rewrap, input, config());
    expect(outcome).toMatchObject(rejected);
    expect(outcome.text).toContain('/NewKeyIds/1 identifies a key that the caller may not use.');
    expect(await callAs({ keys: `${own} ${other}` }, rewrap, input, config())).toMatchObject({ ok: true });
    expect(await callAs({ keys: other }, rewrap, input, config())).toMatchObject(rejected);
  });
});

describe('a tenant', () => {
  const config = () => buildDeployedConfig({ auth: 'jwt', tenancy: claimTenancy });
  const a = { tenant_id: 'a' };
  const b = { tenant_id: 'b' };

  test('a message contains its tenant, and only callers of this tenant can open it', async () => {
    const shared = await createKey();
    const sealed = await callAs(a, seal, { KeyId: shared, Plaintext, EncryptionContext }, config());
    const { Message } = readBody(sealed);
    const opened = await callAs(a, open, { Message, EncryptionContext }, config());
    expect(readBody(opened)).toMatchObject({ EncryptionContext: { ...EncryptionContext, tenant: 'a' } });
    const other = await callAs(b, open, { Message }, config());
    expect(other).toMatchObject(rejected);
    expect(other.text).toContain('/Message must not contain another tenant or caller.');
  });

  test('a message without a tenant cannot be opened by a caller with a tenant', async () => {
    const { Message } = await callDirectly(seal, { KeyId: await createKey(), Plaintext });
    expect(await callAs(a, open, { Message }, config())).toMatchObject({ ok: false });
  });

  test("another tenant's key cannot seal, open or rewrap a message", async () => {
    const [own, foreign] = [await createKey({ tenant: 'a' }), await createKey({ tenant: 'b' })];
    const { Message } = readBody(await callAs(a, seal, { KeyId: own, Plaintext }, config()));
    kms.requests.clear();
    for (const [operation, input] of [
      [seal, { KeyId: foreign, Plaintext }],
      [seal, { KeyId: own, AdditionalKeyIds: [foreign], Plaintext }],
      [rewrap, { KeyId: own, Message, NewKeyIds: [own, foreign] }],
    ] as const) {
      expect(await callAs(a, operation, input, config())).toMatchObject(rejected);
    }
    expect(kms.requests.get('GenerateDataKey')).toBeUndefined();
    expect(kms.requests.get('Encrypt')).toBeUndefined();
  });

  test("an alias whose key belongs to another tenant cannot seal a message, although only KMS knows the alias's key", async () => {
    const foreign = await createKey({ tenant: 'b' });
    await used.client.send(new CreateAliasCommand({ AliasName: 'alias/shared/foreign', TargetKeyId: foreign }));
    expect(await callAs(a, seal, { KeyId: 'alias/shared/foreign', Plaintext }, config())).toMatchObject(rejected);
    expect(await callAs(a, seal, { KeyId: 'alias/b/app', Plaintext }, config())).toMatchObject(rejected);
  });

  test('Rewrap binds the new data key to the tenant, also if the message was sealed in the client and does not contain it', async () => {
    const KeyId = await createKey();
    const Message = await sealInClient(a, KeyId, config());
    const rewrapped = readBody(await callAs(a, rewrap, { KeyId, Message, NewKeyIds: [KeyId] }, config()));
    const opened = await callAs(a, open, { Message: rewrapped.Message }, config());
    expect(readBody(opened)).toMatchObject({ Plaintext, EncryptionContext: { ...EncryptionContext, tenant: 'a' } });
    expect(await callAs(b, open, { Message: rewrapped.Message }, config())).toMatchObject(rejected);
    expect(await decryptDataKey(rewrapped.Message, EncryptionContext)).toBe('InvalidCiphertextException');
    expect(await decryptDataKey(rewrapped.Message, { ...EncryptionContext, tenant: 'a' })).toBe('decrypted');
    // Another tenant cannot make the message its own.
    const stolen = await callAs(b, rewrap, { KeyId, Message, NewKeyIds: [KeyId] }, config());
    expect(stolen).toMatchObject({ ok: false, code: 'InvalidMessageError' });
    expect(stolen.text).toContain('or the message was sealed for another tenant or caller.');
  });

  test('a caller without a valid tenant is rejected', async () => {
    const input = { KeyId: await createKey(), Plaintext };
    expect(await callAs({}, seal, input, config())).toMatchObject(rejected);
  });
});

describe('callerContextKey', () => {
  test('a message contains its caller, and only this caller can open it', async () => {
    const config = buildDeployedConfig({ auth: 'jwt', callerContextKey: 'caller' });
    const KeyId = await createKey();
    const { Message } = readBody(await callAs({ sub: 'one' }, seal, { KeyId, Plaintext }, config));
    expect(readBody(await callAs({ sub: 'one' }, open, { Message }, config))).toMatchObject({
      EncryptionContext: { caller: 'one' },
    });
    expect(await callAs({ sub: 'two' }, open, { Message }, config)).toMatchObject(rejected);
  });

  test('Rewrap binds the new data key to the caller, also if the message was sealed in the client', async () => {
    const config = buildDeployedConfig({ auth: 'jwt', callerContextKey: 'caller' });
    const KeyId = await createKey();
    const Message = await sealInClient({ sub: 'one' }, KeyId, config);
    const input = { KeyId, Message, NewKeyIds: [KeyId] };
    const rewrapped = readBody(await callAs({ sub: 'one' }, rewrap, input, config));
    expect(readBody(await callAs({ sub: 'one' }, open, { Message: rewrapped.Message }, config))).toMatchObject({
      EncryptionContext: { ...EncryptionContext, caller: 'one' },
    });
    expect(await decryptDataKey(rewrapped.Message, EncryptionContext)).toBe('InvalidCiphertextException');
  });
});

describe('a key of another account', () => {
  test('Open skips the encrypted data keys of other accounts and Regions, without a request to KMS', async () => {
    const KeyId = await createKey();
    const { Message } = await callDirectly(seal, { KeyId, Plaintext });
    for (const [from, to] of [
      ['000000000000', '111122223333'],
      ['us-east-1', 'eu-west-9'],
      ['aws-kms', 'aws-xyz'],
    ] as const) {
      const bytes = Buffer.from(Message, 'base64').toString('latin1').replace(from, to);
      kms.requests.clear();
      const error = await failDirectly(open, { Message: Buffer.from(bytes, 'latin1').toString('base64') });
      expect(error).toContain(
        'IncorrectKeyException: The message has no encrypted data key of a KMS key in an account',
      );
      expect([...kms.requests]).toEqual([]);
    }
  });
});

describe('the data key cache', () => {
  const limits = { maxAgeSeconds: 300, maxMessages: 3, maxBytes: 1_000 };
  const withCache = (more: Partial<FunctionConfig> = {}) => buildDeployedConfig({ dataKeyCache: limits, ...more });
  const sealTimes = async (count: number, input: JsonObject, config: FunctionConfig) => {
    const messages: string[] = [];
    for (let index = 0; index < count; index += 1) messages.push((await callDirectly(seal, input, config)).Message);
    return messages;
  };

  test('without the parameter, each message requires a data key from KMS', async () => {
    const KeyId = await createKey();
    kms.requests.clear();
    await sealTimes(3, { KeyId, Plaintext }, buildDeployedConfig({}));
    expect(kms.requests.get('GenerateDataKey')).toBe(3);
  });

  test('a data key seals and opens several messages, up to the limits on messages and bytes', async () => {
    const config = withCache();
    const KeyId = await createKey();
    kms.requests.clear();
    const messages = await sealTimes(4, { KeyId, Plaintext }, config);
    expect(kms.requests.get('GenerateDataKey')).toBe(2);
    expect(new Set(messages).size).toBe(4);
    for (const Message of messages) expect(await callDirectly(open, { Message }, config)).toMatchObject({ Plaintext });
    expect(kms.requests.get('Decrypt')).toBe(2);
    kms.requests.clear();
    const large = Buffer.alloc(600).toString('base64');
    await sealTimes(2, { KeyId, Plaintext: large, EncryptionContext }, config);
    expect(kms.requests.get('GenerateDataKey')).toBe(2);
  });

  test('a data key is used no longer than its maximum age', async () => {
    const config = withCache({ dataKeyCache: { ...limits, maxAgeSeconds: 1 } });
    const input = { KeyId: await createKey(), Plaintext };
    kms.requests.clear();
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await sealTimes(2, input, config);
      expect(kms.requests.get('GenerateDataKey')).toBe(1);
      vi.setSystemTime(Date.now() + 1_001);
      await sealTimes(1, input, config);
      expect(kms.requests.get('GenerateDataKey')).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  test('different contexts, keys, callers and tenants never share a data key', async () => {
    const config = withCache({ auth: 'jwt', tenancy: claimTenancy });
    const [KeyId, other] = [await createKey(), await createKey()];
    const calls = [
      [
        { sub: 'one', tenant_id: 'a' },
        { KeyId, Plaintext },
      ],
      [
        { sub: 'two', tenant_id: 'a' },
        { KeyId, Plaintext },
      ],
      [
        { sub: 'one', tenant_id: 'b' },
        { KeyId, Plaintext },
      ],
      [
        { sub: 'one', tenant_id: 'a' },
        { KeyId: other, Plaintext },
      ],
      [
        { sub: 'one', tenant_id: 'a' },
        { KeyId, Plaintext, EncryptionContext },
      ],
      [
        { sub: 'one', tenant_id: 'a' },
        { KeyId, Plaintext, AdditionalKeyIds: [other] },
      ],
      [
        { sub: 'one', iss: 'https://other', tenant_id: 'a' },
        { KeyId, Plaintext },
      ],
    ] as const;
    kms.requests.clear();
    for (const [claims, input] of calls) expect(await callAs(claims, seal, input, config)).toMatchObject({ ok: true });
    expect(kms.requests.get('GenerateDataKey')).toBe(calls.length);
    for (const [claims, input] of calls) expect(await callAs(claims, seal, input, config)).toMatchObject({ ok: true });
    expect(kms.requests.get('GenerateDataKey')).toBe(calls.length);
  });

  test('a cached data key works although its KMS key is disabled, until it expires', async () => {
    const config = withCache();
    const KeyId = await createKey();
    const [Message = ''] = await sealTimes(1, { KeyId, Plaintext }, config);
    await callDirectly(open, { Message }, config);
    await used.client.send(new DisableKeyCommand({ KeyId }));
    await sealTimes(1, { KeyId, Plaintext }, config);
    expect(await callDirectly(open, { Message }, config)).toMatchObject({ Plaintext, KeyId });
    expect(await failDirectly(open, { Message }, buildDeployedConfig({}))).toContain('DisabledException');
    await used.client.send(new EnableKeyCommand({ KeyId }));
  });

  test("each use of a cached data key checks the caller's key list and the key's tenant", async () => {
    const KeyId = await createKey();
    const lists = withCache({ auth: 'jwt', keysClaim: 'keys' });
    const sealed = readBody(await callAs({ keys: KeyId }, seal, { KeyId, Plaintext }, lists));
    expect(await callAs({ keys: KeyId }, open, { Message: sealed.Message }, lists)).toMatchObject({ ok: true });
    for (const [operation, input] of [
      [seal, { KeyId, Plaintext }],
      [open, { Message: sealed.Message }],
    ] as const)
      expect(await callAs({ keys: 'alias/none' }, operation, input, lists)).toMatchObject(rejected);

    // The key's alias hides its tenant until KMS responds, so only the cached ARN can be checked.
    const tenants = withCache({ auth: 'jwt', tenancy: claimTenancy });
    const owned = await createKey({ tenant: 'a' });
    const alias = 'alias/shared/cached';
    await used.client.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: owned }));
    const call = () => callAs({ tenant_id: 'a' }, seal, { KeyId: alias, Plaintext }, tenants);
    expect(await call()).toMatchObject({ ok: true });
    await used.client.send(new TagResourceCommand({ KeyId: owned, Tags: [{ TagKey: 'tenant', TagValue: 'b' }] }));
    // The clock starts at zero.
    vi.useFakeTimers({ toFake: ['performance'] });
    vi.advanceTimersByTime(10_000_000);
    try {
      kms.requests.clear();
      expect(await call()).toMatchObject(rejected);
      expect(kms.requests.get('GenerateDataKey')).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
    const target = await createKey({ tenant: 'a' });
    await used.client.send(new UpdateAliasCommand({ AliasName: alias, TargetKeyId: target }));
  });

  test('the record of a message states that its data key was cached, and metrics count hits and requests', async () => {
    const config = withCache({ isMetricsEnabled: true });
    const input = { KeyId: await createKey(), Plaintext };
    const [miss, hit] = await captureRecords(() => sealTimes(2, input, config));
    expect(miss).toMatchObject({ operation: 'Seal', attempts: 1, DataKeyRequests: 1 });
    expect(miss).not.toHaveProperty('cached');
    expect(hit).toMatchObject({ attempts: 0, cached: true, DataKeyCacheHits: 1, usedKeys: [input.KeyId] });
    expect(hit).not.toHaveProperty('DataKeyRequests');
    expect(JSON.stringify(hit._aws)).toContain('DataKeyCacheHits');
  });
});
