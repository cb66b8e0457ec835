import { CreateAliasCommand, CreateKeyCommand, EncryptCommand } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { decryptBatch, encryptBatch, generateMacBatch, reEncryptBatch } from '../../../functions/operations.ts';
import type { FunctionConfig } from '../../../shared/config/function-config.ts';
import type { JsonObject, JsonValue, Operation } from '../../../shared/declaration/operation.ts';
import { buildBearerEvent, buildDeployedConfig, claimTenancy, createGatewayContext } from '../../support/deployed.ts';
import { useEmulator } from '../../support/emulator.ts';
import { captureRecords } from '../../support/envelope.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { loadHandler, setLocalEnvironment } from '../../support/handlers.ts';
import { isSoak } from '../../support/soak.ts';

const used = useEmulator({ seed: 'none' });
let kms: FaultProxy;
beforeAll(async () => {
  kms = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(kms.endpoint);
});
afterAll(() => kms.close());
beforeEach(() => {
  kms.fault = 'none';
  kms.requests.clear();
});

interface Result {
  readonly Error?: { readonly code: string; readonly detail: string };
  readonly [member: string]: unknown;
}

type Claims = Readonly<Record<string, string>>;

async function createKey(tags: Claims = {}, settings: object = {}): Promise<string> {
  const Tags = Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand({ Tags, ...settings }));
  return KeyMetadata?.Arn ?? '';
}

async function encrypt(KeyId: string, EncryptionContext: Claims): Promise<string> {
  const command = new EncryptCommand({ KeyId, Plaintext: Buffer.from('hello'), EncryptionContext });
  const { CiphertextBlob = new Uint8Array() } = await used.client.send(command);
  return Buffer.from(CiphertextBlob).toString('base64');
}

/** Calls a batch through the gateway with a token that has these claims, and returns the results. */
async function callAs(
  claims: Claims,
  operation: Operation,
  input: JsonObject,
  config: FunctionConfig,
  context = createGatewayContext(),
): Promise<readonly Result[]> {
  const handler = await loadHandler(operation, config);
  const { body } = (await handler(buildBearerEvent(operation, claims, input), context)) as { body: string };
  const { Results, detail } = JSON.parse(body);
  if (Results === undefined) throw new Error(detail);
  return Results;
}

const listCodes = (results: readonly Result[]) => results.map(({ Error: error }) => error?.code);
const Plaintext = Buffer.from('hello').toString('base64');
const repeat = (count: number, item: JsonValue) => Array.from({ length: count }, () => item);

describe('a key list', () => {
  const config = () => buildDeployedConfig({ auth: 'jwt', keysClaim: 'keys' });

  test('applies to every item, before the item is sent to KMS', async () => {
    const [own, other] = [await createKey(), await createKey()];
    const items = { Items: repeat(3, { Plaintext }) };
    expect(listCodes(await callAs({ keys: own }, encryptBatch, { KeyId: own, ...items }, config()))).toEqual(
      repeat(3, undefined as never),
    );
    kms.requests.clear();
    const denied = await callAs({ keys: own }, encryptBatch, { KeyId: other, ...items }, config());
    expect(listCodes(denied)).toEqual(repeat(3, 'CallerNotAllowedError'));
    expect(denied[0]?.Error?.detail).toBe('/KeyId identifies a key that the caller may not use.');
    expect(kms.requests.has('Encrypt')).toBe(false);
  });

  test('applies to the source and to the destination of ReEncryptBatch', async () => {
    const [own, other] = [await createKey(), await createKey()];
    const Items = [{ CiphertextBlob: await encrypt(other, {}) }];
    for (const [SourceKeyId, DestinationKeyId, member] of [
      [other, own, '/SourceKeyId'],
      [own, other, '/DestinationKeyId'],
    ] as const) {
      const [result] = await callAs({ keys: own }, reEncryptBatch, { SourceKeyId, DestinationKeyId, Items }, config());
      expect(result?.Error).toMatchObject({
        code: 'CallerNotAllowedError',
        detail: `${member} identifies a key that the caller may not use.`,
      });
    }
  });

  test('causes one lookup of an alias and its tags for all items of a request', async () => {
    const key = await createKey({ team: 'a' });
    await used.client.send(new CreateAliasCommand({ AliasName: 'alias/batch-list', TargetKeyId: key }));
    const input = { KeyId: 'alias/batch-list', Items: repeat(60, { Plaintext }) };
    for (const [keys, code] of [
      ['tag:team=a', undefined],
      ['tag:team=b', 'CallerNotAllowedError'],
    ] as const) {
      kms.requests.clear();
      expect(new Set(listCodes(await callAs({ keys }, encryptBatch, input, config())))).toEqual(new Set([code]));
      expect(kms.requests.get('DescribeKey')).toBe(1);
      expect(kms.requests.get('ListResourceTags') ?? 0).toBeLessThanOrEqual(1);
    }
  });
});

describe('a tenant', () => {
  const config = () => buildDeployedConfig({ auth: 'jwt', tenancy: claimTenancy });
  const a = { tenant_id: 'a' };
  const b = { tenant_id: 'b' };

  test('is in the encryption context of every item, so that no other tenant can decrypt it', async () => {
    const KeyId = await createKey();
    const contexts = [{}, { purpose: 'test' }, { tenant: 'a' }];
    const Items = contexts.map((EncryptionContext) => ({ Plaintext, EncryptionContext }));
    const encrypted = await callAs(a, encryptBatch, { KeyId, Items }, config());
    const sealed = encrypted.map(({ CiphertextBlob }, index) => ({
      CiphertextBlob: String(CiphertextBlob),
      EncryptionContext: contexts[index] ?? {},
    }));
    const input = { KeyId, Items: sealed };
    expect(listCodes(await callAs(a, decryptBatch, input, config()))).toEqual([undefined, undefined, undefined]);
    expect(listCodes(await callAs(b, decryptBatch, input, config()))).toEqual([
      'InvalidCiphertextException',
      'InvalidCiphertextException',
      'CallerNotAllowedError',
    ]);
  });

  test('cannot use the keys of another tenant, whose tags are looked up once', async () => {
    const KeyId = await createKey(
      { [claimTenancy.tag]: 'a' },
      { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
    );
    const input = { KeyId, MacAlgorithm: 'HMAC_SHA_256', Items: repeat(30, { Message: Plaintext }) };
    for (const [claims, code] of [
      [a, undefined],
      [b, 'CallerNotAllowedError'],
    ] as const) {
      kms.requests.clear();
      const results = await callAs(claims, generateMacBatch, input, config());
      expect(new Set(listCodes(results))).toEqual(new Set([code]));
      expect(kms.requests.get('ListResourceTags')).toBe(1);
    }
  });
});

describe('a mixture of items', () => {
  const kinds = ['good', 'bad', 'long', 'foreign', 'broken', 'wrong'] as const;
  const codes: Readonly<Record<(typeof kinds)[number], string | undefined>> = {
    good: undefined,
    bad: 'ValidationException',
    long: 'ValidationException',
    foreign: 'CallerNotAllowedError',
    broken: 'InvalidCiphertextException',
    wrong: 'InvalidCiphertextException',
  };

  test('every item has the right result and record, whether KMS throttles requests or the time ends', {
    timeout: isSoak ? 600_000 : 60_000,
  }, async () => {
    const config = buildDeployedConfig({ auth: 'jwt', tenancy: claimTenancy });
    const KeyId = await createKey();
    const context = { purpose: 'mixture' };
    const CiphertextBlob = await encrypt(KeyId, { ...context, tenant: 'a' });
    const items: Readonly<Record<(typeof kinds)[number], JsonObject>> = {
      good: { CiphertextBlob, EncryptionContext: context },
      bad: { CiphertextBlob: '?', EncryptionContext: context },
      long: { CiphertextBlob: Buffer.alloc(6_145).toString('base64') },
      foreign: { CiphertextBlob, EncryptionContext: { ...context, tenant: 'b' } },
      broken: { CiphertextBlob: Buffer.from('no ciphertext').toString('base64'), EncryptionContext: context },
      wrong: { CiphertextBlob, EncryptionContext: { purpose: 'other' } },
    };
    const mixture = fc.record({
      list: fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 40 }),
      throttledMs: fc.constantFrom(0, 0, 20, 100, 5_000),
    });
    const property = fc.asyncProperty(mixture, async ({ list, throttledMs }) => {
      const Items = list.map((kind, index) => ({ ...items[kind], Reference: String(index) }));
      kms.fault = throttledMs > 0 ? 'throttling' : 'none';
      const timer = setTimeout(() => {
        kms.fault = 'none';
      }, throttledMs);
      let results: readonly Result[] = [];
      const records = await captureRecords(async () => {
        results = await callAs({ tenant_id: 'a' }, decryptBatch, { KeyId, Items }, config, createGatewayContext(1_200));
      });
      clearTimeout(timer);
      expect(results.map(({ Reference }) => Reference)).toEqual(Items.map(({ Reference }) => Reference));
      const recorded = new Map(records.filter(({ message }) => message === 'item').map((each) => [each.item, each]));
      for (const [index, kind] of list.entries()) {
        const code = results[index]?.Error?.code;
        // Only the items that KMS received can be throttled or late.
        const isSent = kind === 'good' || kind === 'broken' || kind === 'wrong';
        const late = ['ThrottlingException', 'NotAttemptedError', 'ServiceUnavailableException'];
        const allowed = throttledMs > 0 && (isSent || kind === 'foreign') ? [codes[kind], ...late] : [codes[kind]];
        expect(allowed, `${kind} ${throttledMs}`).toContain(code);
        expect(recorded.get(index)?.outcome).toBe(code === 'NotAttemptedError' ? undefined : (code ?? 'OK'));
        expect(code === undefined ? results[index]?.Plaintext : Plaintext).toBe(Plaintext);
      }
      const { items: counts } = records.find(({ message }) => message === 'call');
      expect(counts).toEqual({
        total: list.length,
        succeeded: results.filter(({ Error: error }) => error === undefined).length,
        notAttempted: results.filter(({ Error: error }) => error?.code === 'NotAttemptedError').length,
        failed: results.filter(({ Error: error }) => error && error.code !== 'NotAttemptedError').length,
      });
    });
    await fc.assert(property, { numRuns: isSoak ? 300 : 15 });
  });
});
