import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuthorizationTarget } from '../../../emulator/authorization/authorization-target.ts';
import { decide } from '../../../emulator/authorization/decide.ts';
import { createRootPrincipal, type Principal, parseIdentity } from '../../../emulator/authorization/principal.ts';
import { readNewKeyPolicy } from '../../../emulator/policy-language/key-policy-rules.ts';
import { type Policy, readPolicy } from '../../../emulator/policy-language/policy-document.ts';
import { PolicyError } from '../../../emulator/policy-language/policy-error.ts';
import { openStore, type Store } from '../../../emulator/store/store.ts';
import { awsOperations } from '../../../functions/all-operations.ts';
import { buildFunctionRole } from '../../../infra/roles/function-role.ts';
import { guardPolicy } from '../../../shared/authorization/guard-policy.ts';
import { KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { deployment } from '../../support/deployments.ts';
import { isSoak } from '../../support/operations.ts';
import { listStatements } from '../../support/policy.ts';
import { type Resource, resolveReferences } from '../../support/template.ts';

const place = { account: '000000000000', region: 'us-east-1' };
const { account, region } = place;
const root = `arn:aws:iam::${account}:root`;
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const resource = `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const bounds = { partition: 'aws', accountIds: [account], principals: new Set<string>(), grantOperations: undefined };
const serviceTag = 'aws:resourcetag/kms-functions:service';

/** The operations that the root user and the function roles must still be allowed to call in every situation. */
const names = [
  'PutKeyPolicy',
  'DescribeKey',
  'ScheduleKeyDeletion',
  'CancelKeyDeletion',
  'Encrypt',
  'Decrypt',
  'GenerateDataKey',
  'CreateGrant',
  'RevokeGrant',
  'ListResourceTags',
];
const operations = awsOperations.filter(({ name }) => names.includes(name));

const serviceRoles = operations.map((operation) => {
  const built = { Type: 'AWS::IAM::Role', ...buildFunctionRole(operation, deployment()) } as Resource;
  const Statement = resolveReferences(listStatements(built), place);
  return buildRole(operation.name, readPolicy({ Version: '2012-10-17', Statement }, 'identity'));
});

function buildRole(name: string, policy: Policy): Principal {
  const identity = parseIdentity(role(name), 'session');
  if (identity === undefined) throw new Error(name);
  return { ...identity, policies: [policy], tags: {}, conditionKeys: new Map() };
}

const hour = 3_600_000;
const now = Date.parse('2026-11-26T00:00:00Z');
const times = [now, now + hour, now + 10 * 365 * 24 * hour];
/** The condition keys for requests from an IP address, a VPC endpoint or another service. */
const places: readonly Readonly<Record<string, string>>[] = [
  { 'aws:sourceip': '192.0.2.1' },
  { 'aws:sourceip': '203.0.113.9', 'aws:multifactorauthpresent': 'false' },
  { 'aws:vpcsourceip': '10.0.0.5', 'aws:sourcevpce': 'vpce-2', 'aws:sourcevpc': 'vpc-2' },
  { 'aws:viaawsservice': 'true', 'kms:viaservice': `s3.${region}.amazonaws.com` },
];

function isAllowed(
  store: Store,
  policy: Policy,
  [principal, operation]: readonly [Principal, (typeof operations)[number]],
  context: Readonly<Record<string, string>>,
): boolean {
  const { name, crossAccount } = operation;
  const target: AuthorizationTarget = {
    operation: name,
    crossAccount,
    action: `kms:${name}`,
    resource,
    region,
    account,
    input: {},
  };
  const known: Readonly<Record<string, string | undefined>> = {
    ...context,
    [serviceTag]: 'kms-functions-dev',
    'aws:principalarn': principal.principalArn,
    'aws:principalaccount': account,
    'aws:principaltype': principal.type,
    'aws:securetransport': 'true',
    'kms:calleraccount': account,
    'kms:grantoperations': 'Encrypt',
    'kms:granteeprincipal': role('app'),
  };
  const readConditionKey = (key: string) => {
    const value = known[key.toLowerCase()];
    return value === undefined ? undefined : [value];
  };
  const request = { principal, action: `kms:${name}`, resource, readConditionKey };
  return decide(store, request, target, policy).denial === undefined;
}

/** Harmless, harmful and malformed values for each element, as a string and as a list. */
const principal = fc.constantFrom<unknown>(
  '*',
  account,
  { AWS: account },
  { AWS: account },
  { AWS: root },
  { AWS: [role('app'), account] },
  { AWS: '*' },
  { aws: account },
  { AWS: role('PutKeyPolicy') },
  { AWS: `${root}x` },
  { Service: 'logs.amazonaws.com' },
);
const action = fc.constantFrom<unknown>(
  'kms:*',
  'kms:*',
  '*',
  ['kms:Encrypt', 'kms:*'],
  'kms:PutKeyPolicy',
  'kms:Decrypt',
  'KMS:*',
  [],
);
const target = fc.constantFrom<unknown>('*', '*', ['*'], resource, 'arn:aws:kms:*:*:key/other', '', []);
const condition = fc.constantFrom<unknown>(
  {},
  { Bool: { 'aws:SecureTransport': 'false' } },
  { Bool: { 'aws:SecureTransport': 'false' } },
  { Bool: { 'aws:securetransport': 'false' } },
  { Bool: { 'aws:SecureTransport': 'true' } },
  { Bool: { 'aws:SecureTransport': ['false', 'true'] } },
  { Bool: { 'aws:SecureTransport': 'false', 'aws:ViaAWSService': 'true' } },
  { BoolIfExists: { 'aws:SecureTransport': 'false' } },
  { DateGreaterThan: { 'aws:CurrentTime': '2026-11-26T00:30:00Z' } },
  { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
  { NumericGreaterThan: { 'aws:EpochTime': String((now + 2 * hour) / 1000) } },
  { StringNotEquals: { 'aws:PrincipalArn': role('PutKeyPolicy') } },
  { ArnNotEquals: { 'aws:PrincipalArn': [role('PutKeyPolicy'), root] } },
  { StringNotEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } },
  { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
  { Null: { 'aws:MultiFactorAuthAge': 'true' } },
  { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
  { 'ForAllValues:StringEquals': { 'aws:PrincipalTag/team': 'x' } },
);
const sometimes = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 6 });
const often = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 12 });
const seldom = (value: fc.Arbitrary<unknown>) =>
  value.chain((item) => fc.constantFrom(undefined, undefined, undefined, item));

const statement = fc.record(
  {
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny', 'deny', 'DENY'),
    Principal: often(principal),
    NotPrincipal: seldom(principal),
    Action: often(action),
    NotAction: seldom(action),
    Resource: often(target),
    NotResource: seldom(target),
    Condition: sometimes(condition),
    condition: seldom(condition),
    Sid: sometimes(fc.constantFrom<unknown>('One', 7)),
  },
  { requiredKeys: ['Effect'] },
);
const simple = fc.record(
  {
    Effect: fc.constantFrom('Allow', 'Deny'),
    Principal: principal,
    Action: action,
    Resource: target,
    Condition: condition,
  },
  { requiredKeys: ['Effect', 'Principal', 'Action', 'Resource'] },
);
const keep = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
const denyWithoutTls = {
  ...keep,
  Effect: 'Deny',
  Principal: '*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

/** Inserts a name a second time, before or after its first occurrence. */
const duplicate = fc.constantFrom(
  (text: string) => text,
  (text: string) => text,
  (text: string) => text.replace('"Effect":', '"Effect":"Deny","Effect":'),
  (text: string) => text.replace(/("Effect":"\w+")/, '$1,"Effect":"Deny"'),
  (text: string) => text.replace('"Statement":', '"Statement":[],"Statement":'),
  (text: string) => text.replace(/\}$/, `,"statement":[${JSON.stringify({ ...keep, Effect: 'Deny' })}]}`),
  (text: string) => text.replace(/("Resource":"\*")/, '$1,"Resource":"arn:aws:s3:::x"'),
);
const documentText = fc
  .tuple(
    fc.array(fc.oneof(statement, simple, fc.constantFrom<object>(keep, denyWithoutTls)), { maxLength: 3 }),
    fc.constantFrom<readonly object[]>([], [keep], [{ ...keep, Principal: { AWS: [root] }, Resource: ['*'] }]),
    fc.constantFrom({ Version: '2012-10-17' }, { Version: '2008-10-17' }, {}, { Version: '2012-10-17', Id: 'policy' }),
    duplicate,
  )
  .map(([more, kept, head, change]) => {
    const statements = [...kept, ...more];
    return change(JSON.stringify({ ...head, Statement: statements.length === 1 ? statements[0] : statements }));
  });

function tryGuard(text: string): string | undefined {
  const input: Record<string, unknown> = { Policy: text };
  try {
    guardPolicy(input, bounds);
    return input.Policy as string;
  } catch (error) {
    if (error instanceof KmsFunctionsError) return undefined;
    throw error;
  }
}

const numRuns = isSoak ? 20_000 : 1_200;

test('an accepted policy never denies access to the root user or the function roles, at any time and from any place', {
  timeout: 300_000,
}, () => {
  const store = openStore(undefined);
  const callers: (readonly [Principal, (typeof operations)[number]])[] = operations.flatMap((operation, index) => {
    const serviceRole = serviceRoles[index];
    if (serviceRole === undefined) throw new Error(operation.name);
    return [[createRootPrincipal(account, region), operation] as const, [serviceRole, operation] as const];
  });
  const counts = { accepted: 0, withDenial: 0, rejected: 0 };
  fc.assert(
    fc.property(documentText, (text) => {
      const sent = tryGuard(text);
      if (sent === undefined) {
        counts.rejected += 1;
        return;
      }
      const policy = readNewKeyPolicy(sent, region);
      // KMS also rejects an invalid policy.
      if (policy instanceof PolicyError) return;
      counts.accepted += 1;
      if (sent.includes('"Deny"')) counts.withDenial += 1;
      for (const caller of callers) {
        for (const time of times) {
          for (const where of places) {
            const context = {
              ...where,
              'aws:currenttime': new Date(time).toISOString(),
              'aws:epochtime': String(time / 1000),
            };
            expect(isAllowed(store, policy, caller, context), `${caller[0].arn} ${caller[1].name} ${sent}`).toBe(true);
          }
        }
      }
    }),
    { numRuns },
  );
  store.close();
  // The generator must produce policies of every type.
  expect(counts.accepted).toBeGreaterThan(numRuns / 15);
  expect(counts.withDenial).toBeGreaterThan(numRuns / 60);
  expect(counts.rejected).toBeGreaterThan(numRuns / 6);
});
