import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/index.ts';
import { parseSeed } from '../../emulator/seed/read-seed.ts';
import { buildRolePrincipals } from '../../infra/local/function-roles.ts';
import { readFunctionConfig } from '../../shared/config/function-config.ts';
import { functionName, type JsonObject, keyMembers, type Operation } from '../../shared/declaration/operation.ts';
import type { Handler } from '../../shared/handler/create-handler.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import { type Bundles, buildBundles } from '../support/bundles.ts';
import { buildBearerEvent, createGatewayContext } from '../support/deployed.ts';
import { everything } from '../support/deployments.ts';
import { createContext, setLocalEnvironment } from '../support/handlers.ts';
import type { HttpEventV2 } from '../support/http-events.ts';
import { buildLocalParts, type LocalStage, startLocalStage } from '../support/local-stage.ts';
import { allOperations, isSoak } from '../support/operations.ts';
import { expectSameResponse } from '../support/same-response.ts';
import { resolveReferences, usePackaged } from '../support/template.ts';

/**
 * Calls stage `local` and the packaged functions of a deployment with the same parameters, which include `tenantField`,
 * `regions` and `keysClaim`. Each function calls the same emulator with the role in its own template.
 */
const packaged = usePackaged(everything);
/** The parameters without rate limits, which would reject the calls of this file. Functions do not depend on them. */
const {
  kmsShare: _share,
  kmsQuotas: _quotas,
  throttleRate: _rate,
  throttleBurst: _burst,
  operationRates: _rates,
  ...parameters
} = everything;
const place = { account: '000000000000', region: 'us-east-1' };
const tenant = 'acme';
const keyInOtherRegion = '7e2d1a00-0000-4000-8000-000000000001';

let bundles: Bundles;
let emulator: Emulator;
let stage: LocalStage;
/** The variables that the test file sets for the functions of the local stage. */
let localEnvironment: NodeJS.ProcessEnv;

const packagedAccessKey = (operation: Operation) => `PACKAGED${operation.name}`;

/** Only successful calls change keys. */
let hasChanged = false;

async function restoreSeed(): Promise<void> {
  if (hasChanged) await emulator.restoreSeed();
  hasChanged = false;
}

/** Gives all keys of the default seed to the tenant, under aliases of the tenant. */
function buildSeed() {
  const { $schema: _, ...seed } = JSON.parse(readFileSync('emulator/seed/default.json', 'utf8'));
  const own = (aliases: readonly string[] = []) => aliases.map((name) => name.replace('alias/', `alias/${tenant}/`));
  const Tags = [
    { TagKey: 'kms-functions:service', TagValue: everything.serviceTag },
    { TagKey: everything.tenantTag, TagValue: tenant },
  ];
  const Keys = seed.Keys.map((key: { Aliases?: string[]; Tags?: object[] }) => ({
    ...key,
    Aliases: own(key.Aliases),
    Tags: [...(key.Tags ?? []), ...Tags],
  }));
  Keys.push({ KeyId: keyInOtherRegion, Region: 'eu-west-1', Tags });
  const Principals = [
    ...buildRolePrincipals(buildLocalParts(parameters).local.roles),
    ...allOperations.map((operation) => ({
      AccessKeyId: packagedAccessKey(operation),
      Arn: `arn:aws:iam::${place.account}:role/packaged-${operation.name}`,
      Policies: resolveReferences(packaged.resources.get(`${operation.name}Role`)?.Properties.Policies, place).map(
        ({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument,
      ),
    })),
  ];
  return parseSeed({ ...seed, Keys, Principals, AbsentAliases: own(seed.AbsentAliases) });
}

const handlers = new Map<Operation, Handler>();

/** Loads a packaged function with the environment in the template. Only the KMS endpoint is different. */
function loadPackaged(operation: Operation): Handler {
  const known = handlers.get(operation);
  if (known !== undefined) return known;
  const { Environment } = packaged.resources.get(`${pascalCase(operation)}LambdaFunction`)?.Properties ?? {};
  const variables = resolveReferences(Environment.Variables, place) as Record<string, string>;
  for (const name of Object.keys(localEnvironment)) delete process.env[name];
  const lambda = {
    AWS_REGION: place.region,
    AWS_ACCESS_KEY_ID: packagedAccessKey(operation),
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  Object.assign(process.env, variables, lambda);
  const { handler } = createRequire(import.meta.url)(bundles.fileOf(operation, variables)) as { handler: Handler };
  const config = { ...readFunctionConfig(process.env), endpoint: emulator.endpoint, usesFips: false };
  const loaded = handler.withConfig(config);
  handlers.set(operation, loaded);
  return loaded;
}

const pascalCase = (operation: Operation) => functionName(operation).replace(/^./, (first) => first.toUpperCase());

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

async function note(answer: Promise<Answer>): Promise<Answer> {
  if ((await answer).status < 300) hasChanged = true;
  return answer;
}

async function callPackaged(operation: Operation, event: unknown, isGateway: boolean): Promise<Answer> {
  const handler = loadPackaged(operation);
  process.env.AWS_ACCESS_KEY_ID = packagedAccessKey(operation);
  await restoreSeed();
  try {
    const result = await handler(event, isGateway ? createGatewayContext() : createContext());
    if (!isGateway) return { status: 200, headers: {}, body: result };
    const { statusCode, headers, body, isBase64Encoded } = result as HttpResponse;
    expect(isBase64Encoded).toBe(false);
    return { status: statusCode, headers, body: JSON.parse(body) };
  } catch (error) {
    const { name, message } = error as Error;
    return { status: 200, headers: {}, body: { errorType: name, errorMessage: message } };
  }
}

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
  return `${encode({ alg: 'RS256' })}.${encode({ ...own, ...claims })}.c2lnbmF0dXJl`;
}

async function callLocalApi(operation: Operation, event: HttpEventV2, claims: Claims): Promise<Answer> {
  await restoreSeed();
  const { method } = event.requestContext.http as { method: string };
  const query = event.rawQueryString === '' ? '' : `?${event.rawQueryString}`;
  const type = event.headers['content-type'];
  const response = await fetch(`${stage.url}${event.rawPath}${query}`, {
    method,
    headers: {
      authorization: `Bearer ${buildToken(operation, claims)}`,
      ...(type === undefined ? {} : { 'content-type': type }),
    },
    ...(event.body === undefined ? {} : { body: event.body }),
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.json() };
}

async function invokeLocally(operation: Operation, event: unknown): Promise<Answer> {
  await restoreSeed();
  const name = `kms-functions-local-${functionName(operation)}`;
  const response = await fetch(`${stage.urls.lambda}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
    body: JSON.stringify(event),
  });
  const { trace: _, ...body } = (await response.json()) as Record<string, unknown>;
  return { status: response.status, headers: {}, body };
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

interface Row {
  readonly caller: string;
  readonly claims: Claims;
  readonly change?: (input: JsonObject, operation: Operation) => JsonObject;
}

const allKeys = ['*'];
const callers: readonly Row[] = [
  { caller: "a caller of the keys' tenant", claims: { tenant_id: tenant, kms_keys: allKeys } },
  { caller: 'a caller of another tenant', claims: { tenant_id: 'globex', kms_keys: allKeys } },
  { caller: 'a caller without a tenant', claims: { kms_keys: allKeys } },
  { caller: 'a caller whose claim lists another key', claims: { tenant_id: tenant, kms_keys: [`alias/${tenant}/x`] } },
  {
    caller: 'a caller who uses a key in an allowed Region',
    claims: { tenant_id: tenant, kms_keys: allKeys },
    change: useKeyIn('eu-west-1'),
  },
  {
    caller: 'a caller who uses a key in another Region',
    claims: { tenant_id: tenant, kms_keys: allKeys },
    change: useKeyIn('ap-south-1'),
  },
];

/** In a short run, only the first caller calls every operation. */
const sampled = [...Map.groupBy(allOperations, ({ group }) => group).values()].map(([first]) => first as Operation);
const rows = callers.flatMap((row, index) =>
  (isSoak || index === 0 ? allOperations : sampled).map((operation) => ({ ...row, operation, name: operation.name })),
);

/** API Gateway converts a list in a claim to text. */
function toGatewayClaims(claims: Claims): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, typeof value === 'string' ? value : `[${value.join(' ')}]`]),
  );
}

function expectSame(local: Answer, first: Answer, second: Answer): void {
  expect({ status: local.status, body: local.body }).toMatchObject({ status: first.status, body: expect.anything() });
  for (const [name, value] of Object.entries(first.headers))
    expect(local.headers[name.toLowerCase()], name).toBe(value);
  expectSameResponse(local.body, first.body, second.body);
}

describe('stage local with the parameters of a deployment answers as the packaged functions', () => {
  const statuses: number[] = [];
  beforeAll(async () => {
    bundles = await buildBundles();
    emulator = await startEmulator({ seed: buildSeed() });
    const before = { ...process.env };
    setLocalEnvironment(emulator.endpoint);
    stage = await startLocalStage({ parameters });
    localEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !(name in before)));
  }, 120_000);
  afterAll(async () => {
    await stage.close();
    await emulator.close();
  });

  test.for(rows)('$name for $caller', async ({ operation, claims, change = (input) => input }) => {
    const input = change(useTenantAliases(operation.example.input), operation);
    const event = buildBearerEvent(operation, toGatewayClaims(claims), input);
    const first = await note(callPackaged(operation, event, true));
    const second = await note(callPackaged(operation, event, true));
    expectSame(await note(callLocalApi(operation, event, claims)), first, second);
    statuses.push(first.status);
  });

  test.for((isSoak ? allOperations : sampled).map((operation) => ({ operation, name: operation.name })))(
    '$name for a direct invoker',
    async ({ operation }) => {
      const input = useTenantAliases(operation.example.input);
      const first = await note(callPackaged(operation, input, false));
      const second = await note(callPackaged(operation, input, false));
      expectSame(await note(invokeLocally(operation, input)), first, second);
    },
  );

  test('most operations succeed for the first caller, so the rows compare more than errors', () => {
    expect(statuses.filter((status) => status < 300).length).toBeGreaterThan(allOperations.length / 2);
    expect(new Set(statuses)).toContain(403);
  });
});
