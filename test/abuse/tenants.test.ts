import { CreateAliasCommand, CreateKeyCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AwsOperationName } from '../../functions/all-operations.ts';
import type { FunctionConfig } from '../../shared/config/function-config.ts';
import { type JsonObject, keyMembers, memberSchema, type Operation } from '../../shared/declaration/operation.ts';
import { schemaMetadata } from '../../shared/declaration/schema-metadata.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import {
  buildBearerEvent,
  buildSignedEvent,
  claimTenancy,
  createGatewayContext,
  loadDeployedHandler,
} from '../support/deployed.ts';
import { useEmulator } from '../support/emulator.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';
import { createContext, setLocalEnvironment } from '../support/handlers.ts';
import { operationRows, operations } from '../support/operations.ts';
import { invoke, type Outcome } from '../support/outcome.ts';
import { buildTenantInput, seedOfTenant } from '../support/tenants.ts';

/**
 * Two tenants and three kinds of callers use every operation. Tenant `a` owns every key in the seed. Tenant `b` has one
 * key and attacks. Both tenants share the account's KMS request quotas, which no test can separate.
 */
const used = useEmulator({ seed: seedOfTenant() });
const prefix = 'arn:aws:kms:us-east-1:000000000000:';
const absentId = '12345678-1234-1234-1234-123456789012';
let kms: FaultProxy;
let ownId: string;

interface Kind {
  readonly config: Partial<FunctionConfig>;
  readonly call: (handler: Handler, tenant: string, operation: Operation, input: JsonObject) => Promise<Outcome>;
}

const kinds = {
  role: {
    config: { auth: 'iam', tenancy: { ...claimTenancy, field: 'role' } },
    call: (handler, tenant, operation, input) => {
      const userArn = `arn:aws:sts::000000000000:assumed-role/${tenant}/session`;
      return invoke(handler, buildSignedEvent(operation, { userArn }, input), createGatewayContext());
    },
  },
  claim: {
    config: { auth: 'jwt', tenancy: claimTenancy },
    call: (handler, tenant, operation, input) =>
      invoke(handler, buildBearerEvent(operation, { tenant_id: tenant }, input), createGatewayContext()),
  },
  direct: {
    config: { auth: 'iam', tenancy: { ...claimTenancy, field: 'role' } },
    call: (handler, _tenant, _operation, input) => invoke(handler, input, createContext()),
  },
} as const satisfies Record<string, Kind>;

/** Operations that do not access a tenant's data. */
const allowedForAll: ReadonlySet<string> = new Set<AwsOperationName>(['CreateKey', 'GenerateRandom']);

/** Requests without a key that could reach tenant `a`'s data. */
const keyless: Readonly<Record<string, (input: JsonObject) => JsonObject>> = {
  Decrypt: ({ KeyId: _, ...input }) => input,
  ListAliases: () => ({}),
  RetireGrant: () => ({ GrantToken: 'x'.repeat(100) }),
} satisfies Partial<Record<AwsOperationName, (input: JsonObject) => JsonObject>>;

beforeAll(async () => {
  kms = await startFaultProxy(used.emulator.endpoint);
  setLocalEnvironment(kms.endpoint);
  const { KeyMetadata } = await used.client.send(new CreateKeyCommand({ Tags: [{ TagKey: 'tenant', TagValue: 'b' }] }));
  ownId = KeyMetadata?.KeyId ?? '';
  await used.client.send(new CreateAliasCommand({ AliasName: 'alias/b/own', TargetKeyId: ownId }));
});
afterAll(() => kms.close());
beforeEach(async () => {
  await used.emulator.restoreSeed();
  kms.executed.clear();
});

function isAlias(operation: Operation, member: string): boolean {
  return schemaMetadata(memberSchema(operation, member))?.kind === 'alias';
}

interface Attack {
  /** A request for tenant `a`'s key or alias. */
  readonly input: JsonObject;
  /** The same request for a key or alias that does not exist. */
  readonly absent: JsonObject;
}

/** Returns requests in which one member identifies a key of tenant `a`, in every form, and all others belong to `b`. */
function buildAttacks(operation: Operation, victim: JsonObject): Attack[] {
  const members = keyMembers(operation).filter((member) => member in victim);
  const own = Object.fromEntries(members.map((name) => [name, isAlias(operation, name) ? 'alias/b/own' : ownId]));
  return members.flatMap((member) => {
    const build = (value: string) => ({ ...victim, ...own, [member]: value }) as JsonObject;
    const pairs = isAlias(operation, member)
      ? [
          ['alias/a/example', 'alias/a/absent'],
          ['alias/example', 'alias/absent'],
        ]
      : ['', prefix].flatMap((start) => [
          [`${start}alias/a/example`, `${start}alias/a/absent`],
          [`${start}alias/example`, `${start}alias/absent`],
          ...(start === ''
            ? [['5a4d1e00-0000-4000-8000-000000000001', absentId]]
            : [[`${start}key/5a4d1e00-0000-4000-8000-000000000001`, `${start}key/${absentId}`]]),
        ]);
    return pairs.map(([input = '', absent = '']) => ({ input: build(input), absent: build(absent) }));
  });
}

/** Returns everything that the caller learns from a response. */
function describeOutcome(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.body;
  if (outcome.trigger === 'direct') return outcome.error.message;
  const { requestId: _, ...problem } = outcome.problem;
  return problem;
}

describe.each(['role', 'claim'] as const)('a caller with a tenant from its %s', (name) => {
  const { config, call }: Kind = kinds[name];
  const load = (operation: Operation) => loadDeployedHandler(operation, config);

  test.for(operationRows)(
    "a caller with a tenant cannot use, change or detect another tenant's keys, aliases, grants and data: $name",
    async ({ operation }) => {
      const handler = await load(operation);
      const victim = await buildTenantInput(operation, used.client);
      const asAttacker = (input: JsonObject) => call(handler, 'b', operation, input);
      for (const { input, absent } of buildAttacks(operation, victim)) {
        const outcome = await asAttacker(input);
        expect(outcome, JSON.stringify(input)).toMatchObject({ ok: false, code: 'CallerNotAllowedError' });
        expect(describeOutcome(await asAttacker(absent)), JSON.stringify(absent)).toEqual(describeOutcome(outcome));
      }
      const { [operation.name]: withoutKey } = keyless;
      const last = await asAttacker(withoutKey === undefined ? victim : withoutKey(victim));
      if (allowedForAll.has(operation.name)) expect(last).toMatchObject({ ok: true });
      else expect(last).toMatchObject({ ok: false, code: 'CallerNotAllowedError' });
      // KMS received only tag lookups.
      const executed = [...kms.executed.keys()].filter((other) => !allowedForAll.has(other));
      expect(executed.filter((other) => other !== 'ListResourceTags')).toEqual([]);
    },
  );

  test.for(operationRows)(
    'a caller can use its own keys after another tenant has tried to use them: $name',
    async ({ operation }) => {
      const handler = await load(operation);
      const victim = await buildTenantInput(operation, used.client);
      for (const { input } of buildAttacks(operation, victim)) await call(handler, 'b', operation, input);
      const hasKey = keyMembers(operation).some((member) => member in victim);
      const isAllowed = hasKey || allowedForAll.has(operation.name);
      expect(await call(handler, 'a', operation, victim)).toMatchObject(
        isAllowed ? { ok: true } : { ok: false, code: 'CallerNotAllowedError' },
      );
    },
  );

  test("CreateKey creates a key that belongs to the caller's tenant", async () => {
    const createKey = operations.find((operation) => operation.name === 'CreateKey') as Operation;
    const outcome = await call(await load(createKey), 'b', createKey, {});
    const { KeyMetadata } = (outcome.ok ? outcome.body : {}) as { KeyMetadata: { KeyId: string } };
    const { Tags } = await used.client.send(new ListResourceTagsCommand({ KeyId: KeyMetadata.KeyId }));
    expect(Tags).toEqual([
      expect.objectContaining({ TagKey: 'kms-functions:request-id' }),
      { TagKey: 'tenant', TagValue: 'b' },
    ]);
  });
});

describe('a direct invoker, which has no tenant', () => {
  test.for(operationRows)(
    'a direct invoker, which has no tenant, cannot use any operation: $name',
    async ({ operation }) => {
      const { config, call } = kinds.direct;
      const handler = await loadDeployedHandler(operation, config);
      const victim = await buildTenantInput(operation, used.client);
      kms.requests.clear();
      for (const { input } of [...buildAttacks(operation, victim), { input: victim }]) {
        const outcome = await call(handler, 'a', operation, input);
        expect(outcome).toMatchObject({ ok: false, code: 'CallerNotAllowedError' });
      }
      expect([...kms.requests]).toEqual([]);
    },
  );
});
