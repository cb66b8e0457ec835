import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDefaultSeed } from '../../emulator/seed/read-seed.ts';
import { getCatalogueEntry } from '../../shared/declaration/error-catalogue.ts';
import { keyMembers } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { bearerEvent, claimTenancy, deployedHandler, gatewayContext } from '../support/deployed.ts';
import { useEmulator } from '../support/emulator.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { contextOf, pointAt } from '../support/handlers.ts';
import { operationRows, operations, sampledRows } from '../support/operations.ts';
import { invoke } from '../support/outcome.ts';
import { attackKinds, attacksOn } from './attacks.ts';

/** A deployment with all of its guards up; the attacker has a good token of tenant `a`. */
const deployment = { auth: 'jwt', keysClaim: 'kms_keys', tenancy: claimTenancy } as const;
/** Tenant `a` has every key but one. */
const othersKey = '5a4d1e00-0000-4000-8000-000000000001';
const seed = loadDefaultSeed();
const tagged = seed.Keys.map((key) => ({
  ...key,
  Tags: [...(key.Tags ?? []), { TagKey: 'tenant', TagValue: key.KeyId === othersKey ? 'b' : 'a' }],
}));
const used = useEmulator({ seed: { ...seed, Keys: tagged } });
const handlers = new Map<string, Handler>();
let kms: FaultProxy;

beforeAll(async () => {
  kms = await startFaultProxy(used.emulator.endpoint);
  pointAt(kms.endpoint);
  for (const operation of operations) handlers.set(operation.name, await deployedHandler(operation, deployment));
});
afterAll(() => kms.close());

function handlerOf({ name }: { name: string }): Handler {
  return handlers.get(name) as Handler;
}

/** Attacks that take tens of milliseconds each. They end in the parser, before anything depends on the operation. */
const costlyKinds = new Set(['oversized', 'deeply nested']);

describe.each(attackKinds)('a request %s', (kind) => {
  test.for(costlyKinds.has(kind) ? sampledRows : operationRows)(
    'never reaches KMS, and is answered as the mistake of its sender: $name',
    async ({ operation }) => {
      for (const { name, event } of attacksOn(operation, kind)) {
        kms.done.clear();
        const outcome = await invoke(handlerOf(operation), event, gatewayContext());
        if (outcome.ok) throw new Error(`${name} succeeds: ${JSON.stringify(event).slice(0, 500)}`);
        expect(getCatalogueEntry(outcome.code).status, `${name}: ${outcome.code}`).toBeLessThan(500);
        // To look a key up is all that may be done before a caller is refused.
        expect([...kms.done.keys()].filter((done) => done !== 'DescribeKey' && done !== 'ListResourceTags')).toEqual(
          [],
        );
      }
    },
  );
});

describe('what was recorded at the gateway cannot be played back by an invoker', () => {
  test.for(operationRows)('$name', async ({ operation }) => {
    kms.asked.clear();
    const recorded = bearerEvent(operation, { kms_keys: '*', tenant_id: 'a' });
    const outcome = await invoke(handlerOf(operation), recorded, contextOf());
    expect(outcome).toMatchObject({ ok: false, code: 'UntrustedEventError' });
    expect([...kms.asked]).toEqual([]);
  });
});

describe("an alias that was pointed at another's key does not lend it out", () => {
  const withKey = operationRows.filter(({ operation }) => keyMembers(operation).includes('KeyId'));
  test.for(withKey)('$name', async ({ operation }) => {
    // Allowed by id: the attacker's own key. `alias/example` points at the other's.
    const claims = { kms_keys: '5a4d1e00-0000-4000-8000-000000000106', tenant_id: 'a' };
    const event = bearerEvent(operation, claims, { ...operation.example.input, KeyId: 'alias/example' });
    kms.done.clear();
    expect(await invoke(handlerOf(operation), event, gatewayContext())).toMatchObject({
      code: 'CallerNotAllowedError',
    });
    expect(kms.done.get(operation.name) ?? 0).toBe(operation.name === 'DescribeKey' ? 1 : 0);
  });
});
