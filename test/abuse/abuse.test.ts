import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDefaultSeed } from '../../emulator/seed/read-seed.ts';
import type { Seed } from '../../emulator/seed/seed-schema.ts';
import { getCatalogueEntry } from '../../shared/declaration/error-catalogue.ts';
import { keyMembers } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import { buildBearerEvent, claimTenancy, createGatewayContext, loadDeployedHandler } from '../support/deployed.ts';
import { useEmulator } from '../support/emulator.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { createContext, setLocalEnvironment } from '../support/handlers.ts';
import { operationRows, operations, sampledRows } from '../support/operations.ts';
import { invoke } from '../support/outcome.ts';
import { type AttackKind, attackKinds, attacksOn } from './attacks.ts';

/** A deployment with every check enabled. The attacker has a valid token for tenant `a`. */
const deployment = { auth: 'jwt', keysClaim: 'kms_keys', tenancy: claimTenancy } as const;
/** The only key that does not belong to tenant `a`. */
const othersKey = '5a4d1e00-0000-4000-8000-000000000001';
const seed = loadDefaultSeed();
const tagged = seed.Keys.map((key) => ({
  ...key,
  Tags: [...(key.Tags ?? []), { TagKey: 'tenant', TagValue: key.KeyId === othersKey ? 'b' : 'a' }],
}));
const tenantSeed: Seed = { ...seed, Keys: tagged };
const used = useEmulator({ seed: tenantSeed });
const handlers = new Map<string, Handler>();
let kms: FaultProxy;

beforeAll(async () => {
  kms = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(kms.endpoint);
  for (const operation of operations) handlers.set(operation.name, await loadDeployedHandler(operation, deployment));
});
afterAll(() => kms.close());

function handlerOf({ name }: { name: string }): Handler {
  return handlers.get(name) as Handler;
}

/** Attacks that take tens of milliseconds each. The parser rejects them before any operation-specific code runs. */
const costlyKinds = new Set<AttackKind>(['oversized input', 'deep nesting']);

describe.each(attackKinds)('an attack with %s', (kind) => {
  test.for(costlyKinds.has(kind) ? sampledRows : operationRows)(
    'an attack with %s returns a 4xx status and does not execute the operation: $name',
    async ({ operation }) => {
      for (const { name, event } of attacksOn(operation, kind)) {
        kms.executed.clear();
        const outcome = await invoke(handlerOf(operation), event, createGatewayContext());
        if (outcome.ok) throw new Error(`${name} succeeded: ${JSON.stringify(event).slice(0, 500)}`);
        expect(getCatalogueEntry(outcome.code).status, `${name}: ${outcome.code}`).toBeLessThan(500);
        // Only key lookups may reach KMS before a caller is rejected.
        expect(
          [...kms.executed.keys()].filter((name) => name !== 'DescribeKey' && name !== 'ListResourceTags'),
        ).toEqual([]);
      }
    },
  );
});

describe('a recorded API Gateway event', () => {
  test.for(operationRows)(
    'a recorded API Gateway event is rejected if an invoker sends it again: $name',
    async ({ operation }) => {
      kms.requests.clear();
      const recorded = buildBearerEvent(operation, { kms_keys: '*', tenant_id: 'a' });
      const outcome = await invoke(handlerOf(operation), recorded, createContext());
      expect(outcome).toMatchObject({ ok: false, code: 'UntrustedEventError' });
      expect([...kms.requests]).toEqual([]);
    },
  );
});

describe("an alias that moves to another tenant's key", () => {
  const withKey = operationRows.filter(({ operation }) => keyMembers(operation).includes('KeyId'));
  test.for(withKey)(
    "an alias that moves to another tenant's key does not give access to the key: $name",
    async ({ operation }) => {
      // The list allows the attacker's own key by its id. `alias/example` points to the other tenant's key.
      const claims = { kms_keys: '5a4d1e00-0000-4000-8000-000000000106', tenant_id: 'a' };
      const event = buildBearerEvent(operation, claims, { ...operation.example.input, KeyId: 'alias/example' });
      kms.executed.clear();
      expect(await invoke(handlerOf(operation), event, createGatewayContext())).toMatchObject({
        code: 'CallerNotAllowedError',
      });
      expect(kms.executed.get(operation.name) ?? 0).toBe(operation.name === 'DescribeKey' ? 1 : 0);
    },
  );
});
