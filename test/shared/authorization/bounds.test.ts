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
  return { accountIds: [account], principals: new Set(), grantOperations: undefined, ...overrides };
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
  'a unique id, which contains no account': { Principal: { AWS: 'AROAIOSFODNN7EXAMPLE' } },
  'a service': { Principal: { Service: 'cloudtrail.amazonaws.com' } },
  'a federated identity': { Principal: { Federated: 'cognito-identity.amazonaws.com' } },
  'an object instead of text': { Principal: { AWS: [{ a: 1 }] } },
};

describe.each(writers)('a key policy from a caller: $name', ({ operation }) => {
  test.for(Object.entries(foreignPrincipals))('must not allow %s', async ([, principal]) => {
    expect(await call(operation, allow(principal as object))).toMatchObject(rejected);
  });

  test('may allow principals in the account, and principals that the deployment lists', async () => {
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

  test('must let the account manage the key, and the error contains the required statement', async () => {
    const role = { Principal: { AWS: `arn:aws:iam::${account}:role/app` } };
    const without = [
      policyOf({ ...keep, ...role }),
      policyOf({ ...keep, Action: 'kms:Decrypt' }),
      policyOf({ ...keep, Effect: 'Deny' }),
      policyOf({ ...keep, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      { Policy: '{}' },
    ];
    for (const members of without) {
      const outcome = await call(operation, members);
      expect(outcome, JSON.stringify(members)).toMatchObject(rejected);
      expect(outcome.ok === false && outcome.trigger === 'http' && outcome.problem.detail).toContain(
        JSON.stringify(keep),
      );
    }
  });

  test('is sent to KMS in the form that was checked, even if a name occurs twice', async () => {
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

  test('is rejected if it is not JSON, or if BypassPolicyLockoutSafetyCheck is true', async () => {
    expect(await call(operation, { Policy: 'no policy' })).toMatchObject({ code: 'MalformedPolicyDocumentException' });
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
  ])('with %j and the bounds %j', async (members, bounds, expected) => {
    expect(await call(operation, members as JsonObject, { policyBounds: boundsWith(bounds) })).toMatchObject(expected);
  });
});
