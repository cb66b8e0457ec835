import { beforeAll, beforeEach, expect, test } from 'vitest';
import { loadDefaultSeed } from '../../emulator/seed/read-seed.ts';
import type { Seed } from '../../emulator/seed/seed-schema.ts';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { buildFunctionEntry } from '../../infra/function-entry.ts';
import { callerPolicy } from '../../scripts/policy/caller-policy.ts';
import type { FunctionConfig } from '../../shared/config/function-config.ts';
import { functionName, keyMembers, locationOf, type Operation } from '../../shared/declaration/operation.ts';
import { buildBearerEvent, claimTenancy, createGatewayContext, loadDeployedHandler } from '../support/deployed.ts';
import { useEmulator } from '../support/emulator.ts';
import { setLocalEnvironment } from '../support/handlers.ts';
import type { HttpEventV2 } from '../support/http-events.ts';
import { operations } from '../support/operations.ts';
import { invoke } from '../support/outcome.ts';

/** The default seed, in which all keys belong to tenant a. */
const seed = loadDefaultSeed();
const tagged = seed.Keys.map((key) => ({ ...key, Tags: [...(key.Tags ?? []), { TagKey: 'tenant', TagValue: 'a' }] }));
const tenantSeed: Seed = { ...seed, Keys: tagged };
const used = useEmulator({ seed: tenantSeed });
beforeAll(() => setLocalEnvironment(used.emulator.endpoint));
beforeEach(() => used.emulator.restoreSeed());

const jwt = { auth: 'jwt', keysClaim: 'kms_keys' } as const;
const bound = { ...jwt, tenancy: claimTenancy };
const deployed = resolveDeployment('dev', {
  auth: 'jwt',
  jwtIssuer: 'https://issuer.example.com/',
  jwtAudience: 'kms-functions',
  operations: 'all',
  regions: 'eu-west-1',
});

/** The response to a caller, with the evidence for the result. */
interface Cell {
  readonly response: string;
  readonly evidence: 'template' | 'policy' | 'request' | undefined;
}

const none: Cell = { response: '—', evidence: undefined };

async function request(operation: Operation, config: Partial<FunctionConfig>, event: HttpEventV2): Promise<Cell> {
  const outcome = await invoke(await loadDeployedHandler(operation, config), event, createGatewayContext());
  const response = outcome.ok
    ? 'allowed'
    : outcome.trigger === 'http'
      ? `${outcome.problem.status} ${outcome.code}`
      : outcome.code;
  return { response, evidence: 'request' };
}

/**
 * Returns the authorizer of each route. `test/infra/authorization.test.ts` checks that the template contains the
 * authorizer.
 */
function findAuthorizers(operation: Operation) {
  const [, { events }] = buildFunctionEntry(operation, deployed);
  return events.map(({ httpApi }) => httpApi.authorizer as { name: string; scopes: string[] } | undefined);
}

const columns: Record<string, (operation: Operation) => Promise<Cell> | Cell> = {
  anonymous: (operation) =>
    findAuthorizers(operation).every((authorizer) => authorizer?.name === 'jwt')
      ? { response: '401', evidence: 'template' }
      : { response: 'allowed', evidence: 'template' },
  'wrong scope': (operation) => {
    const others = operations.filter(({ group }) => group !== operation.group);
    const scopes = new Set(
      others.flatMap((other) => findAuthorizers(other).flatMap((authorizer) => authorizer?.scopes ?? [])),
    );
    const isOpen = findAuthorizers(operation).some(
      (authorizer) => authorizer?.scopes.some((scope) => scopes.has(scope)) ?? true,
    );
    return { response: isOpen ? 'allowed' : '403', evidence: 'template' };
  },
  'no permission (IAM)': (operation) => {
    const options = { stage: 'dev', region: '*', account: '*', api: '*', partition: 'aws' };
    const others = operations.filter((other) => other !== operation).map(functionName);
    const { Resource } = callerPolicy({ ...options, operations: others }).policy.Statement[0];
    const own = new Set(
      callerPolicy({ ...options, operations: [functionName(operation)] }).policy.Statement[0].Resource,
    );
    return { response: Resource.some((resource) => own.has(resource)) ? 'allowed' : '403', evidence: 'policy' };
  },
  'wrong tenant': (operation) =>
    request(operation, bound, buildBearerEvent(operation, { kms_keys: '*', tenant_id: 'b' })),
  'wrong key': (operation) =>
    keyMembers(operation).length === 0
      ? none
      : request(operation, jwt, buildBearerEvent(operation, { kms_keys: 'alias/other' })),
  'foreign account': (operation) => {
    const [member] = keyMembers(operation);
    if (member === undefined) return none;
    const arn = 'arn:aws:kms:us-east-1:111122223333:key/5a4d1e00-0000-4000-8000-000000000001';
    const isInPath = locationOf(operation, operation.routes[0], member) === 'path';
    const input = { ...operation.example.input, [member]: arn };
    const event = buildBearerEvent(operation, { kms_keys: '*' }, input);
    const pathParameters = { ...event.pathParameters, [member]: arn.replaceAll('/', '.') };
    return request(operation, jwt, isInPath ? { ...event, pathParameters } : event);
  },
  allowed: (operation) => request(operation, jwt, buildBearerEvent(operation, { kms_keys: '*' })),
};

/** Operations that do not use tenant data. */
const withoutTenantData = new Set(['CreateKey', 'GenerateRandom']);

const rows = new Map<string, Cell[]>();

test.for(operations.map((operation) => ({ name: operation.name, operation })))(
  '$name rejects every caller without permission',
  async ({ name, operation }) => {
    const cells: Cell[] = [];
    for (const [column, getCell] of Object.entries(columns)) {
      await used.emulator.restoreSeed();
      const cell = await getCell(operation);
      cells.push(cell);
      if (column === 'allowed' || (column === 'wrong tenant' && withoutTenantData.has(name)))
        expect(cell.response).toBe('allowed');
      else if (cell !== none) expect(cell.response, column).toMatch(/^40[013]/);
      if (column === 'wrong tenant' && !withoutTenantData.has(name)) {
        expect(cell.response).toBe('403 CallerNotAllowedError');
      }
    }
    rows.set(name, cells);
  },
);

test('docs/reference/access-matrix.md contains these results', async () => {
  const header = ['operation', ...Object.keys(columns)];
  const lines = [...rows].map(([name, cells]) => [name, ...cells.map(formatCell)]);
  const page = [
    '# Access matrix',
    '',
    'The response of each operation to each type of caller. `test/abuse/matrix.test.ts` checks and generates this page',
    '(`npx vitest run test/abuse/matrix.test.ts -u`).',
    '',
    'A letter after each response shows the evidence for it:',
    '',
    '- **T**: the authorizer and scopes in the CloudFormation template;',
    '- **P**: the policy that `npm run policy` prints;',
    '- **R**: a request to the handler, as API Gateway sends it, with the emulator as KMS.',
    '',
    'A dash means that requests for the operation do not contain a key.',
    '',
    'The callers are:',
    '',
    '- *anonymous*: a request without a signature or token;',
    '- *wrong scope*: a token with every scope in all other groups;',
    '- *no permission (IAM)*: a signed request from a caller who may call all other operations;',
    '- *wrong tenant*: a token for tenant b in a deployment with `tenantField`. All keys belong to tenant a.',
    '  `test/abuse/tenants.test.ts` tests each kind of caller and each form of a key;',
    '- *wrong key*: a token whose claim lists another key;',
    '- *foreign account*: a request for a key in another account;',
    '- *allowed*: a token with the required scope and a claim that lists every key.',
    '',
    formatRow(header),
    formatRow(header.map(() => '---')),
    ...lines.map(formatRow),
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../docs/reference/access-matrix.md');
});

function formatCell({ response, evidence }: Cell): string {
  return evidence === undefined ? response : `${response} (${evidence.charAt(0).toUpperCase()})`;
}

function formatRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
