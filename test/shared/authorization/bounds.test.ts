import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGrant, createKey, putKeyPolicy, replicateKey } from '../../../functions/operations.ts';
import type { FunctionConfig, PolicyBounds } from '../../../shared/config/function-config.ts';
import type { JsonObject, Operation } from '../../../shared/declaration/operation.ts';
import { buildSignedEvent, createGatewayContext, loadDeployedHandler } from '../../support/deployed.ts';
import { useEmulator } from '../../support/emulator.ts';
import { setLocalEnvironment } from '../../support/handlers.ts';
import { invoke } from '../../support/outcome.ts';

const used = useEmulator();
beforeAll(() => setLocalEnvironment(used.emulator.endpoint));
beforeEach(() => used.emulator.restoreSeed());

const account = '000000000000';
const rejected = { ok: false, code: 'CallerNotAllowedError' };
const keep = { Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' };
const writers = [createKey, putKeyPolicy, replicateKey].map((operation) => ({
  name: operation.name,
  operation: operation,
}));

async function call(operation: Operation, members: JsonObject, config: Partial<FunctionConfig> = {}) {
  const handler = await loadDeployedHandler(operation, config);
  return invoke(
    handler,
    buildSignedEvent(operation, {}, { ...operation.example.input, ...members }),
    createGatewayContext(),
  );
}

function boundsWith(overrides: Partial<PolicyBounds>): PolicyBounds {
  return { partition: 'aws', accountIds: [account], principals: new Set(), grantOperations: undefined, ...overrides };
}

function policyOf(...statements: object[]): JsonObject {
  return { Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }) };
}

function allow(principal: object): JsonObject {
  return policyOf(keep, { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*', ...principal });
}

const foreignPrincipals: Record<string, object> = {
  everyone: { Principal: '*' },
  'everyone as AWS': { Principal: { AWS: '*' } },
  'everyone under a condition': { Principal: '*', Condition: { StringEquals: { 'kms:CallerAccount': account } } },
  'everyone except one account': { NotPrincipal: { AWS: account } },
  'another account': { Principal: { AWS: '111122223333' } },
  'a role in another account': { Principal: { AWS: [account, 'arn:aws:iam::111122223333:role/x'] } },
  'the same account in another partition': { Principal: { AWS: `arn:aws-cn:iam::${account}:role/app` } },
  'the root user of another partition': { Principal: { AWS: `arn:aws-us-gov:iam::${account}:root` } },
  'a unique id, which does not contain an account': { Principal: { AWS: 'AROAIOSFODNN7EXAMPLE' } },
  'a service': { Principal: { Service: 'cloudtrail.amazonaws.com' } },
  'a federated identity': { Principal: { Federated: 'cognito-identity.amazonaws.com' } },
};

const root = `arn:aws:iam::${account}:root`;
const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' };
const withoutTls = { Bool: { 'aws:SecureTransport': 'false' } };

/** Deny statements that could shut out the account or the service: now, later, or from some place. */
const denials: Record<string, object> = {
  'every request': deny,
  'every request from the account': { ...deny, Principal: { AWS: account } },
  'every request from now on': {
    ...deny,
    Condition: { DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } },
  },
  'every request after a date': {
    ...deny,
    Condition: { DateGreaterThan: { 'aws:CurrentTime': '2036-01-01T00:00:00Z' } },
  },
  'every principal except one role': {
    ...deny,
    Condition: { StringNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/app` } },
  },
  'every principal except one, with NotPrincipal': { ...deny, Principal: undefined, NotPrincipal: { AWS: root } },
  'every action except PutKeyPolicy': { ...deny, Action: undefined, NotAction: 'kms:PutKeyPolicy' },
  'requests from other addresses': { ...deny, Condition: { NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } },
  'requests from other VPC endpoints': { ...deny, Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' } } },
  'requests without multi-factor authentication': {
    ...deny,
    Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  },
  'one role in the account': { ...deny, Principal: { AWS: `arn:aws:iam::${account}:role/app` } },
  'requests with TLS': { ...deny, Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
  'requests without TLS, or after a date': {
    ...deny,
    Condition: { ...withoutTls, DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } },
  },
  'requests without TLS if the condition key exists': {
    ...deny,
    Condition: { BoolIfExists: { 'aws:SecureTransport': 'false' } },
  },
  'requests without TLS, with NotAction': { ...deny, Action: undefined, NotAction: 'kms:List*', Condition: withoutTls },
};

/** Policies that are not valid according to the IAM policy grammar. */
const malformed: Record<string, string> = {
  'no JSON': 'no policy',
  'a list': '[]',
  'no statement': '{}',
  'an empty list of statements': '{"Statement":[]}',
  'a statement that is text': JSON.stringify({ Statement: [keep, 'Deny'] }),
  'an element in lowercase': JSON.stringify({ Statement: [keep, { ...keep, condition: {} }] }),
  'a misspelled element': JSON.stringify({ Statement: [{ ...keep, Conditon: {} }] }),
  'a second list of statements in lowercase': JSON.stringify({ Statement: [keep], statement: [deny] }),
  'an Effect in lowercase': JSON.stringify({ Statement: [keep, { ...keep, Effect: 'deny' }] }),
  'no Effect': JSON.stringify({ Statement: [keep, { ...keep, Effect: undefined }] }),
  'an unknown type of principal': JSON.stringify({ Statement: [{ ...keep, Principal: { aws: account } }] }),
  'an object as a principal': JSON.stringify({ Statement: [keep, { ...keep, Principal: { AWS: [{ a: 1 }] } }] }),
  'an object as an action': JSON.stringify({ Statement: [keep, { ...keep, Action: { a: 1 } }] }),
  'a deeply nested condition value': `{"Statement":[${JSON.stringify(keep).slice(0, -1)},"Condition":{"Bool":{"a":${'['.repeat(5_000)}1${']'.repeat(5_000)}}}}]}`,
  'the element __proto__': `{"__proto__":{},"Statement":[${JSON.stringify(keep)}]}`,
};

describe.each(writers)('a key policy from a caller: $name', ({ operation }) => {
  test.for(Object.entries(foreignPrincipals))('a key policy from a caller must not allow %s', async ([, principal]) => {
    expect(await call(operation, allow(principal as object))).toMatchObject(rejected);
  });

  test('a key policy from a caller may allow principals in the account, and principals that the deployment lists', async () => {
    const policyBounds = boundsWith({
      principals: new Set(['arn:aws:iam::111122223333:role/x', 'cloudtrail.amazonaws.com', '444455556666']),
    });
    const listed = [
      { Principal: { AWS: [account, `arn:aws:iam::${account}:role/app`] } },
      { Principal: { AWS: 'arn:aws:iam::111122223333:role/x' } },
      { Principal: { Service: 'cloudtrail.amazonaws.com' } },
      { Principal: { AWS: 'arn:aws:iam::444455556666:root' } },
    ];
    for (const principal of listed) {
      await used.emulator.restoreSeed();
      const outcome = await call(operation, allow(principal), { policyBounds });
      expect(outcome, JSON.stringify(outcome)).toMatchObject({ ok: true });
    }
  });

  test('a key policy from a caller must let the account manage the key, and the error contains the required statement', async () => {
    const role = { Principal: { AWS: `arn:aws:iam::${account}:role/app` } };
    const without = [
      policyOf({ ...keep, ...role }),
      policyOf({ ...keep, Action: 'kms:Decrypt' }),
      policyOf({ ...keep, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      policyOf({ ...keep, Condition: { DateLessThan: { 'aws:CurrentTime': '2036-01-01T00:00:00Z' } } }),
      policyOf({ ...keep, Condition: {} }),
      policyOf({ ...keep, Resource: `arn:aws:kms:us-east-1:${account}:key/other` }),
      policyOf({ ...keep, Resource: undefined }),
      policyOf({ ...keep, Resource: undefined, NotResource: '*' }),
      policyOf({ ...keep, NotResource: 'arn:aws:s3:::x' }),
      policyOf({ ...keep, Action: undefined, NotAction: 'kms:Decrypt' }),
      policyOf({ ...keep, NotAction: 'kms:Decrypt' }),
      policyOf({ ...keep, Principal: { AWS: `${root}x` } }),
      policyOf({ ...keep, Principal: { AWS: `arn:aws:sts::${account}:root` } }),
      policyOf({ ...keep, Principal: { AWS: [] } }),
    ];
    for (const members of without) {
      const outcome = await call(operation, members);
      expect(outcome, JSON.stringify(members)).toMatchObject(rejected);
      expect(outcome.ok === false && outcome.trigger === 'http' && outcome.problem.detail).toContain(
        JSON.stringify(keep),
      );
    }
  });

  test('a key policy is sent to KMS in the form that was checked, even if a member occurs twice', async () => {
    const twice = JSON.stringify({ Version: '2012-10-17', Statement: [keep] }).replace(
      '"Principal":',
      '"Principal":"*","Principal":',
    );
    const outcome = await call(operation, { Policy: twice });
    expect(outcome).toMatchObject({ ok: true });
    const body = (outcome.ok ? outcome.body : {}) as { KeyMetadata?: { KeyId: string } };
    const KeyId = body.KeyMetadata?.KeyId ?? String(operation.example.input.KeyId);
    if (operation.name === 'ReplicateKey') return;
    const { Policy = '' } = await used.client.send(new GetKeyPolicyCommand({ KeyId }));
    expect(Policy).not.toContain('*","Principal');
  });

  test.for(Object.entries(denials))(
    'a key policy from a caller must not deny %s, and the error contains the position of the statement',
    async ([, denial]) => {
      const outcome = await call(operation, policyOf(keep, denial as object));
      expect(outcome).toMatchObject(rejected);
      const detail = String(outcome.ok === false && outcome.trigger === 'http' && outcome.problem.detail);
      expect(detail).toContain('/Policy, statement 2, must not deny access');
      expect(detail).toContain('Remove the statement');
    },
  );

  test('a key policy from a caller may deny requests without TLS', async () => {
    const outcome = await call(operation, policyOf(keep, { ...deny, Condition: withoutTls }));
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ ok: true });
  });

  test.for([{ AWS: account }, { AWS: root }, { AWS: [`arn:aws:iam::${account}:role/app`, account] }])(
    'a key policy from a caller may allow the account as %j',
    async (Principal) => {
      const outcome = await call(operation, {
        Policy: JSON.stringify({
          Statement: { ...keep, Sid: 'Account', Principal, Action: ['kms:*'], Resource: ['*'] },
        }),
      });
      expect(outcome, JSON.stringify(outcome)).toMatchObject({ ok: true });
    },
  );

  test.for(Object.entries(malformed))(
    'a key policy from a caller must follow the policy grammar: %s is rejected',
    async ([, Policy]) => {
      expect(await call(operation, { Policy: String(Policy) })).toMatchObject({
        ok: false,
        code: 'MalformedPolicyDocumentException',
      });
    },
  );

  test('a key policy from a caller is rejected if BypassPolicyLockoutSafetyCheck is true', async () => {
    const bypass = await call(operation, { BypassPolicyLockoutSafetyCheck: true }, { serviceTag: 'kms-functions-dev' });
    expect(bypass).toMatchObject({ code: 'ValidationException' });
  });
});

describe('a grant from a caller', () => {
  const operation = createGrant;
  const foreign = 'arn:aws:iam::111122223333:role/x';
  test.each([
    [{ GranteePrincipal: foreign }, {}, rejected],
    [{ RetiringPrincipal: foreign }, {}, rejected],
    [{ GranteePrincipal: foreign }, { principals: new Set(['111122223333']) }, { ok: true }],
    [{ GranteeServicePrincipal: 'dynamodb.amazonaws.com' }, {}, rejected],
    [{ Operations: ['Encrypt', 'CreateGrant'] }, {}, rejected],
    [
      { Operations: ['Encrypt', 'CreateGrant'] },
      { grantOperations: new Set(['Encrypt', 'CreateGrant']) },
      { ok: true },
    ],
    [{ Operations: ['Decrypt'] }, { grantOperations: new Set(['Encrypt']) }, rejected],
    [{}, {}, { ok: true }],
  ])('a grant from a caller with %j and the bounds %o has the result %j', async (members, bounds, expected) => {
    expect(await call(operation, members as JsonObject, { policyBounds: boundsWith(bounds) })).toMatchObject(expected);
  });
});
