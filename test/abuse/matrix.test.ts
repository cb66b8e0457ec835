import { beforeAll, beforeEach, expect, test } from 'vitest';
import { loadDefaultSeed } from '../../emulator/seed/read-seed.ts';
import { resolveDeployment } from '../../infra/deployment/deployment.ts';
import { buildFunctionEntry } from '../../infra/function-entry.ts';
import { callerPolicy } from '../../scripts/policy/caller-policy.ts';
import type { FunctionConfig } from '../../shared/config/function-config.ts';
import { functionName, keyMembers, locationOf, type Operation } from '../../shared/declaration/operation.ts';
import { bearerEvent, claimTenancy, deployedHandler, gatewayContext } from '../support/deployed.ts';
import { useEmulator } from '../support/emulator.ts';
import { pointAt } from '../support/handlers.ts';
import type { HttpEventV2 } from '../support/http-events.ts';
import { operations } from '../support/operations.ts';
import { invoke } from '../support/outcome.ts';

/** All keys are of tenant a. */
const seed = loadDefaultSeed();
const tagged = seed.Keys.map((key) => ({ ...key, Tags: [...(key.Tags ?? []), { TagKey: 'tenant', TagValue: 'a' }] }));
const used = useEmulator({ seed: { ...seed, Keys: tagged } });
beforeAll(() => pointAt(used.emulator.endpoint));
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

/** What a caller gets, and how that is known. */
interface Cell {
  readonly answer: string;
  readonly evidence: 'template' | 'policy' | 'request' | undefined;
}

const none: Cell = { answer: '—', evidence: undefined };

async function request(operation: Operation, config: Partial<FunctionConfig>, event: HttpEventV2): Promise<Cell> {
  const outcome = await invoke(await deployedHandler(operation, config), event, gatewayContext());
  const answer = outcome.ok
    ? 'allowed'
    : outcome.trigger === 'http'
      ? `${outcome.problem.status} ${outcome.code}`
      : outcome.code;
  return { answer, evidence: 'request' };
}

/** The routes of the compiled template have this authorizer: `test/infra/authorization.test.ts`. */
function buildAuthorizer(operation: Operation) {
  const [, { events }] = buildFunctionEntry(operation, deployed);
  return events.map(({ httpApi }) => httpApi.authorizer as { name: string; scopes: string[] } | undefined);
}

const columns: Record<string, (operation: Operation) => Promise<Cell> | Cell> = {
  anonymous: (operation) =>
    buildAuthorizer(operation).every((authorizer) => authorizer?.name === 'jwt')
      ? { answer: '401', evidence: 'template' }
      : { answer: 'allowed', evidence: 'template' },
  'wrong scope': (operation) => {
    const others = operations.filter(({ group }) => group !== operation.group);
    const scopes = new Set(
      others.flatMap((other) => buildAuthorizer(other).flatMap((authorizer) => authorizer?.scopes ?? [])),
    );
    const isOpen = buildAuthorizer(operation).some(
      (authorizer) => authorizer?.scopes.some((scope) => scopes.has(scope)) ?? true,
    );
    return { answer: isOpen ? 'allowed' : '403', evidence: 'template' };
  },
  'no permission (IAM)': (operation) => {
    const options = { stage: 'dev', region: '*', account: '*', api: '*', partition: 'aws' };
    const others = operations.filter((other) => other !== operation).map(functionName);
    const { Resource } = callerPolicy({ ...options, operations: others }).policy.Statement[0];
    const own = new Set(
      callerPolicy({ ...options, operations: [functionName(operation)] }).policy.Statement[0].Resource,
    );
    return { answer: Resource.some((resource) => own.has(resource)) ? 'allowed' : '403', evidence: 'policy' };
  },
  'wrong tenant': (operation) => request(operation, bound, bearerEvent(operation, { kms_keys: '*', tenant_id: 'b' })),
  'wrong key': (operation) =>
    keyMembers(operation).length === 0
      ? none
      : request(operation, jwt, bearerEvent(operation, { kms_keys: 'alias/other' })),
  'foreign account': (operation) => {
    const [member] = keyMembers(operation);
    if (member === undefined) return none;
    const arn = 'arn:aws:kms:us-east-1:111122223333:key/5a4d1e00-0000-4000-8000-000000000001';
    const isInPath = locationOf(operation, operation.routes[0], member) === 'path';
    const input = { ...operation.example.input, [member]: arn };
    const event = bearerEvent(operation, { kms_keys: '*' }, input);
    const pathParameters = { ...event.pathParameters, [member]: arn.replaceAll('/', '.') };
    return request(operation, jwt, isInPath ? { ...event, pathParameters } : event);
  },
  allowed: (operation) => request(operation, jwt, bearerEvent(operation, { kms_keys: '*' })),
};

/** They reach nothing that belongs to a tenant. */
const ofEveryTenant = new Set(['GenerateRandom']);
/** Sealed for tenant b, or asked of a ciphertext of nobody's: KMS itself refuses the context. */
const refusedByKms = new Set(['400 InvalidCiphertextException']);
/** What tenant b makes for himself is his own. */
const makesHisOwn = new Set(['CreateKey', 'CreateGrant', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyPair']);

const rows = new Map<string, Cell[]>();

test.for(operations.map((operation) => ({ name: operation.name, operation })))(
  '$name lets in nobody that it should not',
  async ({ name, operation }) => {
    const cells: Cell[] = [];
    for (const [column, cellOf] of Object.entries(columns)) {
      await used.emulator.restoreSeed();
      const cell = await cellOf(operation);
      cells.push(cell);
      if (column === 'allowed' || (column === 'wrong tenant' && isHisOwn(name))) expect(cell.answer).toBe('allowed');
      else if (cell !== none) expect(cell.answer, column).toMatch(/^40[013]/);
      if (column === 'wrong tenant' && !isHisOwn(name) && !refusedByKms.has(cell.answer)) {
        expect(cell.answer).toBe('403 CallerNotAllowedError');
      }
    }
    rows.set(name, cells);
  },
);

function isHisOwn(name: string): boolean {
  return ofEveryTenant.has(name) || makesHisOwn.has(name.replace('WithoutPlaintext', ''));
}

test('docs/reference/access-matrix.md says so', async () => {
  const header = ['operation', ...Object.keys(columns)];
  const lines = [...rows].map(([name, cells]) => [name, ...cells.map(textOf)]);
  const page = [
    '# Who gets what, operation by operation',
    '',
    'Written by `test/abuse/matrix.test.ts`, which fails where it does not hold (`npx vitest run test/abuse/matrix.test.ts -u` writes it anew). Each cell names',
    'its evidence: **T**, the authorizer and scopes of the template; **P**, the policy that `npm run policy` prints; **R**, a',
    'request made to the handler, in the form in which API Gateway sends it, with the emulator behind. A dash: the operation names no key.',
    '',
    '- *anonymous*: no signature, no token. *wrong scope*: a token with every scope of all other sets.',
    '- *no permission (IAM)*: a signed request of a caller who may call every other operation.',
    '- *wrong tenant*: a bearer of tenant b, in a deployment with `tenantField`; all keys and sealed data are of tenant a, or of none. What he makes',
    '  for himself there is bound to him: `allowed`.',
    '- *wrong key*: a bearer whose claim lists another key. *foreign account*: a key of another account is named.',
    '- *allowed*: a bearer with the scope, whose claim lists every key.',
    '',
    row(header),
    row(header.map(() => '---')),
    ...lines.map(row),
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../docs/reference/access-matrix.md');
});

function textOf({ answer, evidence }: Cell): string {
  return evidence === undefined ? answer : `${answer} (${evidence.charAt(0).toUpperCase()})`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
