import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JsonObject, keyMembers, type Operation } from '../../shared/declaration/operation.ts';
import { buildBearerEvent, buildSignedEvent } from '../support/deployed.ts';
import { everyOperation, everything } from '../support/deployments.ts';
import type { HttpEventV2 } from '../support/http-events.ts';
import { allOperations, isSoak } from '../support/operations.ts';
import {
  type Answer,
  keyInOtherRegion,
  type ParityStage,
  place,
  startParityStage,
  tenant,
} from '../support/parity-stage.ts';
import { expectSameResponse } from '../support/same-response.ts';
import { usePackaged } from '../support/template.ts';

/** Compares stage `local` with the packaged functions of a deployment with the same parameters. */

/** A caller, as the local API and API Gateway identify it. */
interface Row {
  readonly caller: string;
  readonly authorization: (operation: Operation) => string;
  readonly buildEvent: (operation: Operation, input: JsonObject) => HttpEventV2;
  readonly change?: (input: JsonObject, operation: Operation) => JsonObject;
}

/** Replaces the aliases in an operation's example with the tenant's aliases. */
function useTenantAliases(input: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(input).replaceAll('"alias/', `"alias/${tenant}/`));
}

/** Replaces the keys in an input with a key in another Region. */
function useKeyIn(region: string) {
  return (input: JsonObject, operation: Operation): JsonObject => {
    const arn = `arn:aws:kms:${region}:${place.account}:key/${keyInOtherRegion}`;
    // The seed removes new aliases only in its own Region.
    const names = ['AliasName', 'TargetKeyId'];
    const keys = keyMembers(operation).filter((name) => !names.includes(name) && input[name] !== undefined);
    return { ...input, ...Object.fromEntries(keys.map((name) => [name, arn])) };
  };
}

/** One operation of each group, including the groups of the service's own operations. */
const sampled = [...Map.groupBy(allOperations, ({ group }) => group).values()].map(([first]) => first as Operation);
const toRows = (operations: readonly Operation[]) =>
  operations.map((operation) => ({ operation, name: operation.name }));

function expectSame(local: Answer, first: Answer, second: Answer): void {
  expect({ status: local.status, body: local.body }).toMatchObject({ status: first.status, body: expect.anything() });
  for (const [name, value] of Object.entries(first.headers))
    expect(local.headers[name.toLowerCase()], name).toBe(value);
  expectSameResponse(local.body, first.body, second.body);
}

/** Registers a test for each operation and caller. In a short run, only the first caller calls every operation. */
function describeCalls(
  stage: () => ParityStage,
  callers: readonly Row[],
  all: readonly Operation[] = allOperations,
): void {
  const statuses: number[] = [];
  const rows = callers.flatMap((row, index) =>
    toRows(isSoak || index === 0 ? all : sampled).map(({ operation, name }) => ({ ...row, operation, name })),
  );

  test.for(rows)('$name for $caller', async ({ operation, authorization, buildEvent, change = (input) => input }) => {
    const event = buildEvent(operation, change(useTenantAliases(operation.example.input), operation));
    const first = await stage().callPackaged(operation, event, true);
    const second = await stage().callPackaged(operation, event, true);
    expectSame(await stage().callLocalApi(event, authorization(operation)), first, second);
    statuses.push(first.status);
  });

  test('the rows compare successes and rejections', () => {
    expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(all.length / 2);
    expect(statuses).toContain(403);
  });

  test.for(toRows(isSoak ? allOperations : sampled))('$name for a direct invoker', async ({ operation }) => {
    const input = useTenantAliases(operation.example.input);
    const first = await stage().callPackaged(operation, input, false);
    const second = await stage().callPackaged(operation, input, false);
    expectSame(await stage().invokeLocally(operation, input), first, second);
  });
}

describe('stage local with tokens, tenantField, regions, keysClaim and the examples of all other parameters', () => {
  const packaged = usePackaged(everything);
  /** Rate limits would reject the calls of this file. Functions do not depend on them. */
  const {
    kmsShare: _share,
    kmsQuotas: _quotas,
    throttleRate: _rate,
    throttleBurst: _burst,
    operationRates: _rates,
    ...parameters
  } = everything;
  const { serviceTag = '', tenantTag = '' } = everything;
  let stage: ParityStage;
  beforeAll(async () => {
    stage = await startParityStage({ packaged, parameters, serviceTag, tenantTag });
  }, 120_000);
  afterAll(() => stage?.close());

  type Claims = Readonly<Record<string, string | readonly string[]>>;

  function buildToken(operation: Operation, claims: Claims): string {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const own = {
      iss: everything.jwtIssuer,
      aud: everything.jwtAudience,
      exp: Math.floor(Date.now() / 1_000) + 600,
      scope: `${everything.scopePrefix}${operation.name}`,
      sub: 'someone',
    };
    return `Bearer ${encode({ alg: 'RS256', kid: '1' })}.${encode({ ...own, ...claims })}.c2lnbmF0dXJl`;
  }

  /** API Gateway converts a list in a claim to text. */
  function toGatewayClaims(claims: Claims): Record<string, string> {
    return Object.fromEntries(
      Object.entries(claims).map(([name, value]) => [name, typeof value === 'string' ? value : `[${value.join(' ')}]`]),
    );
  }

  const bearer = (caller: string, claims: Claims, change?: Row['change']): Row => ({
    caller,
    authorization: (operation) => buildToken(operation, claims),
    buildEvent: (operation, input) => buildBearerEvent(operation, toGatewayClaims(claims), input),
    ...(change === undefined ? {} : { change }),
  });
  const allowed = { tenant_id: tenant, kms_keys: ['*'] };
  describeCalls(
    () => stage,
    [
      bearer("a caller of the keys' tenant", allowed),
      bearer('a caller of another tenant', { tenant_id: 'globex', kms_keys: ['*'] }),
      bearer('a caller without a tenant', { kms_keys: ['*'] }),
      bearer('a caller whose claim lists another key', { ...allowed, kms_keys: [`alias/${tenant}/x`] }),
      bearer('a caller who uses a key in an allowed Region', allowed, useKeyIn('eu-west-1')),
      bearer('a caller who uses a key in another Region', allowed, useKeyIn('ap-south-1')),
    ],
  );
});

describe('stage local with signatures, tenantField=role and the key scope of deployments', () => {
  const packaged = usePackaged({ ...everyOperation, callerAccounts: '222222222222', tenantField: 'role' });
  // Names that contain the stage, and defaults that differ between stages, must be the same.
  const serviceTag = 'kms-functions-dev';
  const parameters = { regions: everyOperation.regions, tenantField: 'role', serviceTag, deletionGuardDays: '7' };
  const Policies = [
    { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }] },
  ];
  const arns = {
    AKIAACME: `arn:aws:sts::${place.account}:assumed-role/${tenant}/session`,
    AKIAGLOBEX: `arn:aws:sts::${place.account}:assumed-role/globex/session`,
    AKIAUSER: `arn:aws:iam::${place.account}:user/alice`,
  };
  const callers = Object.entries(arns).map(([AccessKeyId, Arn]) => ({ AccessKeyId, Arn, Policies }));
  let stage: ParityStage;
  beforeAll(async () => {
    stage = await startParityStage({ packaged, parameters, serviceTag, tenantTag: 'tenant', callers });
  }, 120_000);
  afterAll(() => stage?.close());

  const signed = (caller: string, accessKey: keyof typeof arns): Row => ({
    caller,
    authorization: () =>
      `AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=00`,
    buildEvent: (operation, input) => buildSignedEvent(operation, { userArn: arns[accessKey] }, input),
  });
  describeCalls(
    () => stage,
    [
      signed("a session of the tenant's role", 'AKIAACME'),
      signed('a session of another role', 'AKIAGLOBEX'),
      signed('a user, who has no tenant', 'AKIAUSER'),
    ],
    isSoak ? allOperations : sampled,
  );
});
