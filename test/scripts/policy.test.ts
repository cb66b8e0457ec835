import { describe, expect, test } from 'vitest';
import { evaluate } from '../../emulator/authorization/evaluate.ts';
import { parseIdentity } from '../../emulator/authorization/principal.ts';
import { readPolicy } from '../../emulator/policy-language/policy-document.ts';
import { forwarder } from '../../infra/audit/forwarder.ts';
import { callerPolicy, type PolicyOptions, PolicyRequestError } from '../../scripts/policy/caller-policy.ts';
import { functionName, keyMembers } from '../../shared/declaration/operation.ts';
import { allOperations, operationRows } from '../support/operations.ts';
import { run } from '../support/process.ts';

const deployed = { stage: 'dev', region: 'us-east-1', account: '000000000000', api: 'abc', partition: 'aws' };

function policyFor(operations: string[], more: Partial<PolicyOptions> = {}) {
  return callerPolicy({ ...deployed, operations, ...more });
}

/** Returns whether a policy resource matches an ARN. In IAM, `*` matches any text. */
function covers(resources: readonly string[], arn: string): boolean {
  return resources.some((resource) => {
    const literal = resource.split('*').map((part) => part.replaceAll(/[^\w/:-]/g, '\\$&'));
    return new RegExp(`^${literal.join('.*')}$`).test(arn);
  });
}

function buildArn(method: string, path: string, key: string): string {
  const filled = path.replaceAll(/\{\w+\}/g, key);
  return `arn:aws:execute-api:us-east-1:000000000000:abc/$default/${method}${filled}`;
}

const paths = operationRows.flatMap(({ operation }) =>
  operation.routes.map(({ method, path }) => ({ method, path, operation })),
);

describe('a policy for HTTP', () => {
  test.for(operationRows)('a policy for HTTP allows only its operation: $name', ({ operation }) => {
    const { Resource } = policyFor([operation.name]).policy.Statement[0];
    const covered = paths.filter(({ method, path }) => covers(Resource, buildArn(method, path, 'alias.app')));
    expect(new Set(covered.map((route) => route.operation.name))).toEqual(new Set([operation.name]));
  });

  const withKeys = operationRows.filter(({ operation }) =>
    keyMembers(operation).some((member) => operation.routes.some(({ path }) => path.includes(`{${member}}`))),
  );
  test.for(withKeys)('a policy for HTTP allows only its key: $name', ({ operation }) => {
    const { policy } = policyFor([operation.name], { key: 'alias.app' });
    const { Resource } = policy.Statement[0];
    const bound = operation.routes.filter(({ path }) =>
      keyMembers(operation).some((name) => path.includes(`{${name}}`)),
    );
    for (const { method, path } of bound) {
      expect(covers(Resource, buildArn(method, path, 'alias.app'))).toBe(true);
      for (const key of ['alias.other', 'alias.app2', 'xalias.app']) {
        expect(covers(Resource, buildArn(method, path, key)), key).toBe(false);
      }
    }
    for (const route of operation.routes) {
      if (!bound.includes(route)) expect(covers(Resource, buildArn(route.method, route.path, 'alias.app'))).toBe(false);
    }
  });

  test('a policy for HTTP is printed with notes about the permissions that it cannot restrict to the key', () => {
    const operations = ['ReEncrypt', 'GenerateRandom', 'Seal', 'Open', 'Rewrap'];
    expect(policyFor(operations, { key: 'alias.app' }).notes).toEqual([
      'GenerateRandom does not use a key, so the policy allows it without restrictions',
      'ReEncrypt has DestinationKeyId in the request body, so the policy cannot restrict that key',
      'Rewrap has NewKeyIds in the request body, so the policy cannot restrict those keys',
      'Seal has AdditionalKeyIds in the request body, so the policy cannot restrict those keys',
    ]);
  });

  test.each([
    [['nothing'], {}, 'nothing is neither a group nor an operation'],
    [['encrypt'], { key: 'alias/app' }, 'write each slash as a dot, as in alias.payments'],
    [
      ['listAliases'],
      { key: 'alias.app' },
      'a policy cannot restrict ListAliases to a key, because its routes do not contain the key',
    ],
    [['encrypt'], { key: 'alias.app', direct: true as const }, 'a policy cannot restrict direct invocations to a key'],
  ])('a policy for HTTP cannot be created for the operations %j with the options %j', (operations, more, message) => {
    expect(() => policyFor(operations, more)).toThrow(PolicyRequestError);
    expect(() => policyFor(operations, more)).toThrow(message);
  });
});

describe('a policy for direct invocation', () => {
  const prefix = 'arn:aws:lambda:us-east-1:000000000000:function:kms-functions-dev-';
  const targets = [...allOperations.map(functionName), forwarder];
  const forbidden = targets.flatMap((name) =>
    name === forwarder ? [name, `${name}:gateway`, `${name}:1`] : [`${name}:gateway`],
  );

  /** Decides whether statements allow an invocation, as IAM does. */
  function canInvoke(statements: readonly object[], name: string): boolean {
    const identity = parseIdentity('arn:aws:iam::000000000000:role/app', 'session');
    if (identity === undefined) throw new Error('no identity');
    const request = {
      principal: { ...identity, policies: [], tags: {}, conditionKeys: new Map() },
      action: 'lambda:InvokeFunction',
      resource: `${prefix}${name}`,
      readConditionKey: () => undefined,
    };
    const { denies, allows } = evaluate(
      readPolicy({ Version: '2012-10-17', Statement: statements }, 'identity'),
      request,
    );
    return !denies && allows.size > 0;
  }

  test.for(operationRows)(
    'a policy for direct invocation allows only the function without an alias: $name',
    ({ operation }) => {
      const [allow, ...denials] = policyFor([operation.name], { direct: true }).policy.Statement;
      expect(allow).toEqual({
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: [`${prefix}${functionName(operation)}`],
      });
      expect(denials).toEqual([
        { Effect: 'Deny', Action: 'lambda:InvokeFunction', Resource: [`${prefix}*:gateway`, `${prefix}forwardAudit*`] },
      ]);
      const allowed = [...targets, ...forbidden].filter((name) => canInvoke([allow], name));
      expect(allowed).toEqual([functionName(operation)]);
    },
  );

  test.for([
    'arn:aws:lambda:us-east-1:000000000000:function:kms-functions-dev-*',
    'arn:aws:lambda:us-east-1:000000000000:function:kms-functions-*',
    'arn:aws:lambda:*:*:function:kms-functions-dev-decrypt*',
    'arn:aws:lambda:us-east-1:000000000000:function:kms-functions-*:*',
    '*',
  ])(
    'a policy for direct invocation denies calls to the API Gateway alias and the audit forwarder, even if another policy allows calls to %s',
    (Resource) => {
      const broad = { Effect: 'Allow', Action: 'lambda:*', Resource };
      const { Statement } = policyFor(['decrypt'], { direct: true }).policy;
      expect(canInvoke([broad], 'decrypt:gateway')).toBe(true);
      for (const name of forbidden) expect(canInvoke([broad, ...Statement], name), name).toBe(false);
      expect(canInvoke([broad, ...Statement], 'decrypt')).toBe(true);
    },
  );

  test.for([
    { stage: 'dev-*' },
    { stage: '*' },
    { stage: 'dev-encrypt:gateway' },
    { region: 'us-*' },
    { region: '*:*' },
    { account: '0000*' },
    { partition: '*' },
  ])('a policy for direct invocation cannot contain a pattern in %j', (more) => {
    expect(() => policyFor(['encrypt'], { direct: true, ...more })).toThrow(PolicyRequestError);
    expect(() => policyFor(['encrypt'], { direct: true, ...more })).toThrow(
      `--${Object.keys(more)[0]} must be an exact`,
    );
  });

  test('a policy for direct invocation is printed with a note if the ARNs are not exact', () => {
    expect(policyFor(['encrypt'], { direct: true, account: '*' }).notes).toEqual([
      'the policy applies to every Region or account; use --region and --account for exact ARNs',
    ]);
    expect(policyFor(['encrypt'], { direct: true }).notes).toEqual([]);
  });
});

test('npm run policy prints the policy', async () => {
  const command = ['npm', 'run', '--silent', 'policy', '--', '--operations', 'encrypt,decrypt', '--key'] as const;
  const { code, stdout, stderr } = await run([...command, 'alias.payments']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: [
          'arn:aws:execute-api:*:*:*/$default/POST/keys/alias.payments/decrypt',
          'arn:aws:execute-api:*:*:*/$default/POST/keys/alias.payments/encrypt',
        ],
      },
    ],
  });
  expect(await run([...command, 'alias/payments'])).toMatchObject({ code: 1, stdout: '' });
});
