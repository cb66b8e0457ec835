import { beforeAll, describe, expect, test } from 'vitest';
import { encrypt } from '../../functions/crypto/encrypt/operation.ts';
import { sign } from '../../functions/crypto/sign/operation.ts';
import { callRecord } from '../../shared/observability/call-record.ts';
import { type Bundles, buildBundles } from '../support/bundles.ts';
import { captureLog } from '../support/captured-log.ts';
import { buildBearerEvent, buildDeployedConfig, claimTenancy, createGatewayContext } from '../support/deployed.ts';
import { useEmulator } from '../support/emulator.ts';
import { useFaultServer } from '../support/fault-server.ts';
import { createContext, setLocalEnvironment } from '../support/handlers.ts';
import type { allOperations } from '../support/operations.ts';
import { invoke, type Outcome } from '../support/outcome.ts';

const maxRecordBytes = 128 * 1024;
const ownKey = '5a4d1e00-0000-4000-8000-000000000001';
const used = useEmulator();
const faults = useFaultServer();
let bundles: Bundles;

beforeAll(async () => {
  bundles = await buildBundles();
  setLocalEnvironment(used.emulator.endpoint);
  process.env.POWERTOOLS_LOG_LEVEL = 'INFO';
});

const config = (overrides = {}) =>
  buildDeployedConfig({ auth: 'jwt', keysClaim: 'kms_keys', auditContextValues: new Set(['tenant']), ...overrides });

/** Calls a bundle. Returns the outcome and the only record of the call. */
async function call(event: unknown, { operation = encrypt, overrides = {}, context = createContext() } = {}) {
  const handler = bundles.load(operation as (typeof allOperations)[number]).withConfig(config(overrides));
  let outcome: Outcome | undefined;
  const lines = await captureLog(async () => {
    outcome = await invoke(handler, event, context);
  });
  const [line, ...others] = lines;
  if (line === undefined || outcome === undefined) throw new Error('the call left no record');
  expect(others.map(({ text }) => text.slice(0, 200))).toEqual([]);
  expect(Buffer.byteLength(line.text)).toBeLessThan(maxRecordBytes);
  return { outcome, line, record: callRecord.parse(line.json) };
}

const names = (count: number, length: number, letter = 'n') =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [String(n).padEnd(length, letter), '']));
const encryptWith = (EncryptionContext: Record<string, string>, KeyId = ownKey) => ({
  KeyId,
  Plaintext: 'aGVsbG8=',
  EncryptionContext,
});
const longName = names(1, 1_048_380);

describe('a call', () => {
  test.for([
    ['a context key of 1 MB for a key that the caller may not use', encryptWith(longName, 'alias/other')],
    ['a context key of 1 MB', encryptWith(longName)],
    ['80,000 context keys', encryptWith(names(80_000, 8))],
  ] as const)('an HTTP call writes exactly one record of limited size for %s', async ([, input]) => {
    const event = buildBearerEvent(encrypt, { kms_keys: ownKey }, input);
    const { outcome, record } = await call(event, { context: createGatewayContext() });
    expect(outcome).toMatchObject({
      ok: false,
      code: expect.stringMatching(/^(ValidationException|PayloadTooLargeError)$/),
    });
    expect(record).toMatchObject({ outcome: (outcome as { code: string }).code, trigger: 'http' });
  });

  test.for([
    [
      'invalid members',
      { plaintext: 'Secret7' },
      '/Plaintext is required; /plaintext is not a known member. Did you mean `Plaintext`?',
    ],
    [
      'a missing alias',
      { KeyId: 'alias/none', Plaintext: 'aGVsbG8=' },
      'Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.',
    ],
  ] as const)('the record of a failed call contains the reason: %s', async ([, input, reason]) => {
    const overrides = { auth: 'none', keysClaim: undefined } as object;
    const { record } = await call({ KeyId: ownKey, ...input }, { overrides });
    expect(record.reason).toBe(reason);
  });

  test.for([
    ['a context key of 5.5 MB', encryptWith(names(1, 5_500_000)), 'PayloadTooLargeError'],
    ['100,000 context keys', encryptWith(names(100_000, 40)), 'PayloadTooLargeError'],
    ['an encryption context of 70,000 characters', encryptWith(names(7, 10_000)), 'ValidationException'],
    ['a long key id', { ...encryptWith({}), KeyId: `arn:aws:kms:${'r'.repeat(2_000)}:1:key/x` }, 'ValidationException'],
    [
      'a list of 400,000 grant tokens',
      { ...encryptWith({}), GrantTokens: Array(400_000).fill('t') },
      'PayloadTooLargeError',
    ],
  ] as const)('a direct invocation writes exactly one record of limited size for %s', async ([, input, code]) => {
    const { outcome, record } = await call(input);
    expect(outcome).toMatchObject({ ok: false, code });
    expect(record).toMatchObject({ outcome: code, trigger: 'direct' });
  });

  test('a call with the largest encryption context, in which JSON escapes every character, writes one record of limited size', async () => {
    const context = { ...names(500, 120, '\u0001'), tenant: '\u0001'.repeat(5_000) };
    const { outcome, record } = await call(encryptWith(context));
    expect(outcome).toMatchObject({ ok: true });
    expect(record.contextKeys).toHaveLength(32);
    expect(record.contextKeyCount).toBe(501);
    expect(record.contextKeys.every((key) => key.length <= 128)).toBe(true);
  });

  test('a call with long claims in the token writes one record of limited size', async () => {
    const long = '\u0001'.repeat(10_000);
    const claims = { kms_keys: ownKey, sub: long, iss: long, client_id: long };
    const { record } = await call(buildBearerEvent(encrypt, claims), { context: createGatewayContext() });
    expect(record.caller.principal).toHaveLength(1_024);
  });

  test('a call record truncates the values for auditContextValues to 128 characters', async () => {
    const { record } = await call(encryptWith({ tenant: 'x'.repeat(5_000), purpose: 'secret' }));
    expect(record.context).toEqual({ tenant: `${'x'.repeat(127)}…` });
  });
});

describe('a call without a response from KMS', () => {
  const timeoutMs = 1_500;

  test.for([
    ['in the operation', {}, encryptWith({})],
    ['in the key lookup', { directKeys: 'tag:team=payments' }, encryptWith({})],
    ["in the lookup of the key's tenant", { keysClaim: undefined, tenancy: claimTenancy }, undefined],
  ] as const)(
    'a call without a response from KMS writes exactly one record before the deadline (%s)',
    async ([, overrides, input]) => {
      faults.respond = () => {};
      const context = input === undefined ? createGatewayContext(timeoutMs) : createContext(timeoutMs);
      const operation = input === undefined ? sign : encrypt;
      const event = input ?? buildBearerEvent(sign, { tenant_id: 'a' }, { ...sign.example.input, KeyId: ownKey });
      const endMs = performance.now() + timeoutMs;
      const endpoint = { endpoint: faults.endpoint };
      const { outcome, line, record } = await call(event, {
        operation,
        overrides: { ...overrides, ...endpoint },
        context,
      } as never);
      expect(outcome).toMatchObject({ ok: false, code: 'TimeoutError' });
      expect(record).toMatchObject({ outcome: 'TimeoutError', status: 504 });
      expect(line.atMs).toBeLessThan(endMs);
    },
  );
});
